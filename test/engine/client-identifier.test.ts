import { describe, expect, it } from 'vitest';
import type { KeyValueStore } from '../../src/index.ts';
import { approve, count, createFlow, createWorld, signIn, type World } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

describe('the client identifier', () => {
  const made = { clientIdentifier: undefined };
  const identifiers = ({ emulator }: World) => [
    ...new Set(emulator.requests.map(({ clientIdentifier }) => clientIdentifier)),
  ];

  it('is made once and kept: two lives of an installation are one device', async () => {
    const store = createRecordingStore();
    const first = createFlow({ ...made, store });
    await signIn(first);
    first.auth.dispose();
    const second = createFlow({ ...made, store }, first);
    await signIn(second);
    expect(identifiers(first)).toEqual([expect.stringMatching(/^[a-z0-9]{24}$/)]);
    expect(second.auth.getSnapshot()).toHaveProperty('clientIdentifier', identifiers(first)[0]);
    expect(count(first.emulator, 'getPin')).toBe(2);
  });

  it('is the same for each flow of an engine without a store', async () => {
    const flow = createFlow(made);
    await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    await signIn(flow);
    expect(identifiers(flow)).toHaveLength(1);
  });

  it('differs between installations', async () => {
    const world = createWorld();
    await signIn(createFlow({ ...made, store: createRecordingStore() }, world));
    await signIn(createFlow({ ...made, store: createRecordingStore() }, world));
    expect(identifiers(world)).toHaveLength(2);
  });

  it('that is given is used, and not kept', async () => {
    const store = createRecordingStore();
    const flow = createFlow({ store });
    await signIn(flow);
    expect(identifiers(flow)).toEqual(['tv']);
    expect([...store.items.values()]).toEqual([]);
  });

  it('is read by a store that takes its time', async () => {
    const world = createWorld();
    const { clock } = world.time;
    const kept = createRecordingStore();
    const later = <T>(work: () => T) =>
      new Promise<T>((resolve) => clock.setTimeout(() => resolve(work()), 200));
    const store: KeyValueStore = {
      getItem: (key) => later(() => kept.getItem(key)),
      setItem: (key, value) => later(() => kept.setItem(key, value)),
      removeItem: (key) => later(() => kept.removeItem(key)),
    };
    const flow = createFlow({ ...made, store }, world);
    flow.auth.start();
    await flow.time.advance(1000);
    await approve(flow);
    expect(identifiers(flow)).toHaveLength(1);
    await flow.time.advance(1000);
    expect([...kept.items.values()]).toEqual(identifiers(flow));
  });
});
