import { describe, expect, it } from 'vitest';
import { createFlow, expectToken, lastErrorIn, link, startFlow } from '../fixture/create-flow.ts';

describe('a check', () => {
  it('at the moment of the approval brings the token at once', async () => {
    const flow = startFlow();
    await flow.time.advance(1500);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000, 1500]);
  });

  it('while a read is out makes the next follow at once on "not yet"', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'stale', delayMs: 400 }, { operation: 'getToken' });
    await flow.time.advance(1100);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(299);
    expect(flow.sent()).toEqual([1000]);
    await flow.time.advance(1);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000, 1400]);
  });

  it('a hundred times while a read is out costs one extra read', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'stale', delayMs: 400 }, { operation: 'getToken' });
    await flow.time.advance(1100);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(2000);
    expect(flow.sent()).toEqual([1000, 1400, 2400]);
    expect(flow.mostOut()).toBe(1);
  });

  it('a hundred times between two reads costs one, and one more for those that came meanwhile', async () => {
    const flow = startFlow();
    await flow.time.advance(1500);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(1500);
    expect(flow.sent()).toEqual([1000, 1500, 1500, 2500]);
    expect(flow.mostOut()).toBe(1);
  });

  it('is forgotten with the read that fails', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'slow', delayMs: 400 }, { operation: 'getToken' });
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2, after: 1 });
    await flow.time.advance(1500);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.status()).toBe('awaitingLink');
    expect(lastErrorIn(flow.auth)).toHaveProperty('code', 'PLEX_NETWORK');
  });

  it('ends a back-off, in either waiting state', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'status', status: 500 });
    flow.auth.start();
    await flow.time.advance(200);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.sent('getPin')).toEqual([0, 200]);
    flow.emulator.fault({ type: 'status', status: 500 });
    await flow.time.advance(1100);
    expect(flow.sent()).toEqual([1200]);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.sent()).toEqual([1200, 1300]);
  });
});
