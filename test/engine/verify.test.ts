import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/testing/index.ts';
import { count, createFlow, signIn, tokenIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { arrivals, createArrival } from './arrivals.ts';

describe('verify', () => {
  it('says whose token it is', async () => {
    const flow = createFlow();
    await signIn(flow);
    const view = flow.auth.getSnapshot();
    expect(await flow.auth.verify()).toMatchObject({ status: 'valid', user: { username: 'emulated' } });
    expect(flow.auth.getSnapshot()).toBe(view);
  });

  it.each(arrivals.filter(([, status]) => status !== 'authenticated' && status !== 'signingOut'))(
    'knows nothing and asks nothing while %s',
    async (_name, _status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      expect(await flow.auth.verify()).toEqual({ status: 'unknown' });
      expect(count(flow.emulator, 'getUser')).toBe(0);
    },
  );

  it.each<[string, Fault]>([
    ['401', { type: 'status', status: 401, code: 1001 }],
    ['422', { type: 'status', status: 422, message: 'Invalid token' }],
    ['498', { type: 'status', status: 498 }],
  ])('ends the session on %s', async (_name, fault) => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault(fault, { operation: 'getUser' });
    expect(await flow.auth.verify()).toEqual({ status: 'rejected' });
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it.each<[string, Fault]>([
    ['500', { type: 'status', status: 500 }],
    ['502 in HTML', { type: 'html', status: 502 }],
    ['503', { type: 'status', status: 503 }],
    ['403', { type: 'status', status: 403 }],
    ['404', { type: 'status', status: 404 }],
    ['400', { type: 'status', status: 400, code: 1000 }],
    ['no connection', { type: 'reset' }],
    ['no answer', { type: 'hang' }],
    ['an answer after 30 s', { type: 'slow', delayMs: 30_000 }],
    ['half an answer', { type: 'truncated' }],
    ['an answer that stalls', { type: 'stalled' }],
    ['a login wall', { type: 'html' }],
    ['the 401 of a proxy in HTML', { type: 'html', status: 401 }],
    ['XML', { type: 'xml' }],
    ['429', { type: 'rateLimited', retryAfter: 30 }],
  ])('changes nothing on %s, and forgets nothing', async (_name, fault) => {
    const credentials = createRecordingStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    const view = flow.auth.getSnapshot();
    const seen = flow.views.length;
    flow.emulator.fault(fault, { operation: 'getUser', times: 2 });
    const verification = flow.auth.verify();
    await flow.time.advance(60_000);
    expect(await verification).toMatchObject({ status: 'unknown', error: { name: 'PlexAuthError' } });
    expect(flow.auth.getSnapshot()).toBe(view);
    expect(flow.views).toHaveLength(seen);
    expect(credentials.items.size).toBe(1);
  });

  it('asks once for all who ask while the question is out, and again for those who come later', async () => {
    const flow = createFlow();
    await signIn(flow);
    const [first, second] = await Promise.all([flow.auth.verify(), flow.auth.verify()]);
    expect([first.status, second.status, count(flow.emulator, 'getUser')]).toEqual(['valid', 'valid', 1]);
    await flow.auth.verify();
    expect(count(flow.emulator, 'getUser')).toBe(2);
  });

  it('of an old token does not end the session of a new one', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'slow', delayMs: 1000 }, { operation: 'getUser' });
    const late = flow.auth.verify();
    flow.auth.signOut();
    await flow.time.advance(0);
    const token = await signIn(flow);
    await flow.time.advance(1000);
    expect(await late).toEqual({ status: 'rejected' });
    expect(tokenIn(flow.auth)).toBe(token);
  });
});
