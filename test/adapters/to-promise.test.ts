import { describe, expect, it } from 'vitest';
import { toPromise } from '../../src/adapters/index.ts';
import { createFakeSource } from './fake-source.ts';
import { isOutcome } from './ways.ts';
import { createRecordedFlow, walk } from './whole-walk.ts';

describe('toPromise', () => {
  it('waits on a fresh engine until somebody starts it', async () => {
    const flow = createRecordedFlow();
    let isSettled = false;
    const over = toPromise(flow.auth).finally(() => {
      isSettled = true;
    });
    await flow.time.advance(3_600_000);
    expect(isSettled).toBe(false);
    await walk(flow);
    expect((await over).status).toBe('authenticated');
  });

  it('resolves with how the flow ended, each a state and none an error', async () => {
    const expiring = createRecordedFlow({ lifetimeMs: { strong: 60_000 } });
    const expired = toPromise(expiring.auth);
    expiring.auth.start();
    await expiring.time.advance(61_000);
    expect(await expired).toEqual({ status: 'expired', reason: 'pin' });

    const failing = createRecordedFlow();
    const failed = toPromise(failing.auth);
    failing.emulator.fault({ type: 'status', status: 400, code: 1004 });
    failing.auth.start();
    await failing.time.advance(500);
    expect(await failed).toMatchObject({ status: 'failed', error: { code: 'PLEX_HTTP' } });

    const cancelling = createRecordedFlow();
    const cancelled = toPromise(cancelling.auth);
    cancelling.auth.start();
    cancelling.auth.cancel();
    expect(await cancelled).toEqual({ status: 'idle', reason: 'cancelled' });
  });

  it('resolves at once where the flow is over already, even if the engine has been disposed of', async () => {
    const { auth } = createRecordedFlow();
    auth.start();
    auth.cancel();
    expect(await toPromise(auth)).toBe(auth.getSnapshot());
    auth.dispose();
    expect(await toPromise(auth)).toBe(auth.getSnapshot());
  });

  it('resolves with the first end although the flow begins again within it', async () => {
    const { auth } = createRecordedFlow();
    auth.subscribe((view) => {
      if (isOutcome(view)) auth.start();
    });
    const over = toPromise(auth);
    auth.start();
    auth.cancel();
    expect(await over).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(auth.getSnapshot().status).toBe('requestingPin');
  });

  it('rejects with the reason of an abort, and leaves the flow alone', async () => {
    const flow = createRecordedFlow();
    const waiting = new AbortController();
    const over = toPromise(flow.auth, { signal: waiting.signal });
    const reason = new Error('enough');
    waiting.abort(reason);
    await expect(over).rejects.toBe(reason);
    await walk(flow);
    expect(flow.views.map(({ status }) => status)).toContain('authenticated');
    await expect(toPromise(flow.auth, { signal: waiting.signal })).rejects.toBe(reason);
  });

  it('rejects with the reason of an abort that disposes of the engine as well', async () => {
    const { auth } = createRecordedFlow();
    const waiting = new AbortController();
    waiting.signal.addEventListener('abort', auth.dispose);
    const over = toPromise(auth, { signal: waiting.signal });
    waiting.abort('enough');
    await expect(over).rejects.toBe('enough');
  });

  it('rejects with an AbortError when the engine is disposed of first, now or before', async () => {
    const { auth } = createRecordedFlow();
    const over = toPromise(auth);
    auth.dispose();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    await expect(toPromise(auth)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('leaves no listener behind, neither at the engine nor at the signal', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const { signal } = new AbortController();
    const waiting = new Set<unknown>();
    signal.addEventListener = (_type: string, listener: unknown) => void waiting.add(listener);
    signal.removeEventListener = (_type: string, listener: unknown) => void waiting.delete(listener);
    const over = toPromise(fake, { signal });
    expect([fake.listeners, waiting.size]).toEqual([1, 1]);
    fake.show({ status: 'idle', reason: 'cancelled' });
    await over;
    expect([fake.listeners, waiting.size]).toEqual([0, 0]);
  });
});
