import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, type SnapshotFrom } from 'xstate';
import { type Pin, type PinReading, pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError } from '../../src/errors.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { pin } from './synthetic.ts';

/** The chart at a Plex that is never told of an approval. */
function createPending() {
  const time = createVirtualTime();
  const { clock } = time;
  const startMs = clock.now();
  const getPin = async (): Promise<Pin> => ({ ...pin, atMs: clock.now(), expiresInMs: 900_000 });
  const getToken = async (): Promise<PinReading> => {
    const atMs = clock.now();
    return { status: 'pending', atMs, tookMs: 0, expiresInMs: Math.max(0, startMs + 900_000 - atMs) };
  };
  const machine = pinAuthMachine.provide({
    actors: { getPin: fromPromise(getPin), getToken: fromPromise(getToken) },
  });
  return { ...time, machine };
}

function throughJSON(snapshot: unknown): SnapshotFrom<typeof pinAuthMachine> {
  return JSON.parse(JSON.stringify(snapshot));
}

describe('a chart that was persisted and came back as JSON', () => {
  it.each([
    ['requestingPin', undefined],
    ['awaitingLink', ''],
    ['fetchingToken', 'CHECK'],
  ])('in %s goes on with the next hint, and expires with its PIN', async (status, hint) => {
    const { clock, advance, machine } = createPending();
    const first = createActor(machine, { clock, input: {} }).start();
    first.send({ type: 'START', giveUpAfterMs: 3_600_000 });
    if (hint !== undefined) await advance(10);
    if (hint) first.send({ type: 'CHECK' });
    expect(first.getSnapshot().matches(status as 'awaitingLink')).toBe(true);
    const kept = throughJSON(first.getPersistedSnapshot());
    first.stop();

    const second = createActor(machine, { clock, snapshot: kept, input: {} });
    const errors: unknown[] = [];
    second.subscribe({ error: (error) => errors.push(error) });
    second.start();
    await advance(10);
    second.send({ type: 'CHECK' });
    await advance(500_000);
    expect(second.getSnapshot().value).toBe('awaitingLink');
    await advance(500_000);
    expect([second.getSnapshot().value, second.getSnapshot().context.reason, errors]).toEqual([
      'expired',
      'pin',
      [],
    ]);
  });

  it('waits for ever where Plex had asked for the wait, until it is cancelled', async () => {
    const { clock, advance, machine } = createPending();
    const throttled = new PlexAuthError('PLEX_RATE_LIMITED', 'slow down', {
      atMs: clock.now(),
      retryable: true,
      retryAfterMs: 20_000,
    });
    const busy = machine.provide({ actors: { getToken: fromPromise(() => Promise.reject(throttled)) } });
    const first = createActor(busy, { clock, input: {} }).start();
    first.send({ type: 'START' });
    await advance(1500);
    expect(first.getSnapshot().context.isWaitFixed).toBe(true);
    const kept = throughJSON(first.getPersistedSnapshot());
    first.stop();
    const second = createActor(machine, { clock, snapshot: kept, input: {} }).start();
    await advance(60_000);
    second.send({ type: 'CHECK' });
    await advance(3_600_000);
    expect(second.getSnapshot().value).toBe('awaitingLink');
    second.send({ type: 'CANCEL' });
    expect(second.getSnapshot().value).toBe('idle');
  });

  it('has lost the functions of its input, and polls once a second', async () => {
    const { clock, advance, machine } = createPending();
    const input = { nextDelayMs: () => 7000, host: { name: 'tv', show() {} } };
    const first = createActor(machine, { clock, input }).start();
    first.send({ type: 'START' });
    await advance(10);
    expect(() => structuredClone(first.getPersistedSnapshot())).toThrow(DOMException);
    const kept = throughJSON(first.getPersistedSnapshot());
    first.stop();
    expect(structuredClone(kept)).toEqual(kept);
    const second = createActor(machine, { clock, snapshot: kept, input }).start();
    const readAtMs: number[] = [];
    second.subscribe(({ value }) => {
      if (value === 'fetchingToken') readAtMs.push(clock.now());
    });
    second.send({ type: 'CHECK' });
    await advance(3500);
    expect(readAtMs.map((atMs) => atMs - (readAtMs[0] ?? 0))).toEqual([0, 1000, 2000, 3000]);
  });

  it('renews no code, although it would have renewed any number', async () => {
    const { clock, advance, machine } = createPending();
    const first = createActor(machine, { clock, input: { renewals: Infinity } }).start();
    first.send({ type: 'START' });
    await advance(10);
    const kept = throughJSON(first.getPersistedSnapshot());
    first.stop();
    expect(kept.context.renewals).toBe(null);
    const second = createActor(machine, { clock, snapshot: kept, input: {} }).start();
    second.send({ type: 'CHECK' });
    await advance(2_000_000);
    expect(second.getSnapshot().value).toBe('expired');
  });
});
