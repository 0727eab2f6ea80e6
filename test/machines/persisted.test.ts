import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, type SnapshotFrom } from 'xstate';
import { type Pin, type PinReading, pinAuthMachine } from '../../machines/pin-auth.ts';
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
});
