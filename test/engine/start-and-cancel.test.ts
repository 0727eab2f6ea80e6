import { describe, expect, it } from 'vitest';
import { count, createFlow, hourMs, signIn, tokenIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { arrivals, arriveAt, createArrival, isRunning } from './arrivals.ts';

describe('start', () => {
  it('twice is one flow', async () => {
    const { auth, emulator, time } = createFlow();
    auth.start();
    auth.start();
    await time.advance(500);
    auth.start();
    await time.advance(1500);
    expect(count(emulator, 'getPin')).toBe(1);
    expect(count(emulator, 'getToken')).toBe(2);
  });

  it('twice is one flow even while the stores are being read', async () => {
    const { auth, emulator, time } = createFlow({ store: createRecordingStore() });
    auth.start();
    auth.start();
    await time.advance(500);
    expect(count(emulator, 'getPin')).toBe(1);
  });

  it('does nothing while a token is held: a second PIN would kill it', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    flow.auth.start();
    await flow.time.advance(hourMs);
    expect(count(flow.emulator, 'getPin')).toBe(1);
    expect(tokenIn(flow.auth)).toBe(token);
  });

  it.each(['expired', 'failed', 'awaitingLink', 'fetchingToken', 'requestingPin, backing off'])(
    'begins again after %s',
    async (name) => {
      const flow = createArrival();
      await arriveAt(flow, name);
      flow.auth.cancel();
      await flow.time.advance(0);
      const before = count(flow.emulator, 'getPin');
      const token = await signIn(flow);
      expect(count(flow.emulator, 'getPin')).toBe(before + 1);
      expect(flow.auth.getSnapshot()).toEqual({
        status: 'authenticated',
        clientIdentifier: 'tv',
        token: expect.objectContaining({}),
      });
      expect(tokenIn(flow.auth)).toBe(token);
    },
  );

  it('begins again after a sign-out', async () => {
    const flow = createFlow();
    const first = await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(await signIn(flow)).not.toBe(first);
  });
});

describe('cancel', () => {
  it.each(arrivals)(
    'while %s ends what runs and aborts the request in flight',
    async (_name, status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      const before = flow.auth.getSnapshot();
      flow.auth.cancel();
      await flow.time.advance(0);
      const reason = status === 'signingOut' ? 'signedOut' : 'cancelled';
      expect(flow.auth.getSnapshot()).toEqual(isRunning(status) ? { status: 'idle', reason } : before);
      expect(flow.emulator.pending).toBe(0);
      expect(flow.time.timers).toBe(0);
      const asked = flow.emulator.requests.length;
      await flow.time.advance(hourMs);
      expect(flow.emulator.requests).toHaveLength(asked);
    },
  );

  it('takes back a start that waits for the stores', async () => {
    const { auth, emulator, time } = createFlow({ store: createRecordingStore() });
    auth.start();
    auth.cancel();
    await time.advance(hourMs);
    expect(emulator.requests).toEqual([]);
    expect(auth.getSnapshot().status).toBe('idle');
  });
});
