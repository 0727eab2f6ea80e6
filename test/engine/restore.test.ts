import { describe, expect, it } from 'vitest';
import {
  approve,
  codeIn,
  count,
  createFlow,
  createWorld,
  type Flow,
  halfAnHourMs,
  hourMs,
  signIn,
  tokenIn,
} from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

describe('a pending PIN', () => {
  it('is resumed by a second engine: the same code, what is left of its time, no second POST', async () => {
    const store = createRecordingStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(60_000);
    const view = first.auth.getSnapshot();
    const code = codeIn(first.auth);
    first.auth.dispose();
    await first.time.advance(60_000);
    const second = createFlow({ store }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ ...view, status: 'awaitingLink' });
    expect(codeIn(second.auth)).toBe(code);
    await approve(second);
    expect(count(first.emulator, 'getPin')).toBe(1);
    expect([...store.items.keys()]).toEqual([]);
  });

  it('that was approved meanwhile brings the token at once', async () => {
    const store = createRecordingStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    const token = first.emulator.link(codeIn(first.auth));
    first.auth.dispose();
    const second = createFlow({ store }, first);
    await second.time.advance(0);
    expect(tokenIn(second.auth)).toBe(token);
  });

  it('is resumed when start is called as well', async () => {
    const store = createRecordingStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    const code = codeIn(first.auth);
    first.auth.dispose();
    const second = createFlow({ store }, first);
    second.auth.start();
    await second.time.advance(500);
    expect(codeIn(second.auth)).toBe(code);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });

  it('ends when it would have ended', async () => {
    const store = createRecordingStore();
    const first = createFlow({ store });
    const startMs = first.time.clock.now();
    first.auth.start();
    await first.time.advance(hourMs / 4);
    first.auth.dispose();
    const second = createFlow({ store }, first);
    await second.time.advance(hourMs);
    expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect((first.emulator.requests.at(-1)?.atMs ?? 0) - startMs).toBe(halfAnHourMs);
    expect([...store.items.keys()]).toEqual([]);
  });

  it.each<[string, number]>([
    ['that has expired', halfAnHourMs],
    ['that expired long ago', 100 * hourMs],
  ])('%s is forgotten', async (_name, laterMs) => {
    const store = createRecordingStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    first.auth.dispose();
    expect(store.items.size).toBe(1);
    await first.time.advance(laterMs - 500);
    const second = createFlow({ store }, first);
    await second.time.advance(1000);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(store.items.size).toBe(0);
    expect(first.emulator.requests).toHaveLength(1);
  });

  it('of another client identifier is forgotten, and never asked for', async () => {
    const store = createRecordingStore();
    const first = createFlow({ store, clientIdentifier: 'old' });
    first.auth.start();
    await first.time.advance(500);
    first.auth.dispose();
    const second = createFlow({ store, clientIdentifier: 'new' }, first);
    await second.time.advance(hourMs);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(store.items.size).toBe(0);
    expect(first.emulator.requests).toHaveLength(1);
  });

  it.each<[string, (flow: Flow) => Promise<unknown>]>([
    ['cancelled', async ({ auth }) => auth.cancel()],
    ['signed in', approve],
    ['expired', ({ time }) => time.advance(hourMs)],
    [
      'failed',
      ({ emulator, time }) => {
        emulator.fault({ type: 'status', status: 400, code: 1004 });
        return time.advance(1000);
      },
    ],
  ])('is forgotten once its flow has %s', async (_name, end) => {
    const store = createRecordingStore();
    const flow = createFlow({ store });
    flow.auth.start();
    await flow.time.advance(500);
    expect(store.items.size).toBe(1);
    await end(flow);
    await flow.time.advance(0);
    expect(store.items.size).toBe(0);
  });

  it.each(['', 'null', '7', '{}', '[]', '{"pinID":7}', '{"pinID":', '{"pinID":"7","code":1}'])(
    'that cannot be made sense of is no PIN: %j',
    async (text) => {
      const store = createRecordingStore();
      const first = createFlow({ store });
      first.auth.start();
      await first.time.advance(500);
      first.auth.dispose();
      for (const key of store.items.keys()) store.items.set(key, text);
      const second = createFlow({ store }, first);
      await second.time.advance(500);
      expect(second.auth.getSnapshot().status).toBe('idle');
      await signIn(second);
    },
  );
});

describe('credentials', () => {
  it('are kept nowhere unless a store is given for them', async () => {
    const store = createRecordingStore();
    const flow = createFlow({ store, clientIdentifier: undefined });
    const token = await signIn(flow);
    expect(store.written.join()).not.toContain(token);
    flow.auth.dispose();
    const second = createFlow({ store, clientIdentifier: undefined }, flow);
    await second.time.advance(1000);
    expect(second.auth.getSnapshot().status).toBe('idle');
  });

  it('are kept in their own store only, restored, and verified once in the background', async () => {
    const [store, credentials] = [createRecordingStore(), createRecordingStore()];
    const first = createFlow({ store, credentials });
    const token = await signIn(first);
    await first.time.advance(0);
    expect(credentials.items.size).toBe(1);
    expect(store.written.join()).not.toContain(token);
    first.auth.dispose();
    const second = createFlow({ store, credentials }, first);
    await second.time.advance(hourMs);
    expect(tokenIn(second.auth)).toBe(token);
    expect(second.auth.getSnapshot()).toHaveProperty('clientIdentifier', 'tv');
    expect(second.views.map(({ status }) => status)).toEqual(['authenticated']);
    expect(count(first.emulator, 'getUser')).toBe(1);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });

  it('are restored before the verification is answered', async () => {
    const credentials = createRecordingStore();
    const first = createFlow({ credentials });
    await signIn(first);
    first.auth.dispose();
    first.emulator.fault({ type: 'hang' }, { operation: 'getUser' });
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot().status).toBe('authenticated');
    second.auth.start();
    await second.time.advance(hourMs);
    expect(count(first.emulator, 'getPin')).toBe(1);
    expect(second.auth.getSnapshot().status).toBe('authenticated');
  });

  it('that Plex refuses end in expired, and are forgotten', async () => {
    const credentials = createRecordingStore();
    const first = createFlow({ credentials });
    await signIn(first);
    first.auth.dispose();
    first.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    expect(credentials.items.size).toBe(0);
    await signIn(second);
  });

  it.each([
    '',
    'null',
    '7',
    '{}',
    '{"token":""}',
    '{"token":"","clientIdentifier":"tv"}',
    '{"token":7}',
    '{',
  ])('that cannot be made sense of are none: %j', async (text) => {
    const credentials = createRecordingStore();
    const first = createFlow({ credentials });
    await signIn(first);
    await first.time.advance(0);
    first.auth.dispose();
    for (const key of credentials.items.keys()) credentials.items.set(key, text);
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
  });
});

describe('while the stores are read', () => {
  const keptPin = async () => {
    const store = createRecordingStore();
    const world = createWorld();
    const before = createFlow({ store }, world);
    before.auth.start();
    await world.time.advance(1500);
    await before.auth.dispose();
    return { store, world };
  };

  it('a cancel is not lost: it ends what they bring', async () => {
    const { store, world } = await keptPin();
    const { auth, time } = createFlow({ store }, world);
    auth.start();
    auth.cancel();
    await time.advance(0);
    expect(auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
    await time.advance(5000);
    expect([auth.getSnapshot().status, time.timers]).toEqual(['idle', 0]);
  });

  it('a sign-out and a question whose token it is wait for the token', async () => {
    const credentials = createRecordingStore();
    const world = createWorld();
    const before = createFlow({ credentials }, world);
    before.auth.start();
    await world.time.advance(0);
    world.emulator.link(codeIn(before.auth));
    before.auth.check();
    await world.time.advance(0);
    await before.auth.dispose();

    const asking = createFlow({ credentials }, world);
    const answer = asking.auth.verify();
    await world.time.advance(0);
    expect(await answer).toMatchObject({ status: 'valid' });
    await asking.auth.dispose();

    const leaving = createFlow({ credentials }, world);
    leaving.auth.signOut();
    await world.time.advance(0);
    expect(leaving.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(credentials.items.size).toBe(0);
  });

  it('a token that another server gave is not taken, and not sent there', async () => {
    const credentials = createRecordingStore();
    const world = createWorld();
    const before = createFlow({ credentials }, world);
    before.auth.start();
    await world.time.advance(0);
    world.emulator.link(codeIn(before.auth));
    before.auth.check();
    await world.time.advance(0);
    await before.auth.dispose();

    const asked = world.emulator.requests.length;
    const elsewhere = createFlow({ credentials, serverURL: 'http://127.0.0.1:8080' }, world);
    await world.time.advance(0);
    expect(elsewhere.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(world.emulator.requests).toHaveLength(asked);
    expect(credentials.items.size).toBe(1);
  });
});
