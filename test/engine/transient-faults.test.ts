import { describe, expect, it } from 'vitest';
import type { Fault, Operation } from '../../src/testing/index.ts';
import { createFlow, createWorld, expectToken, link, startFlow } from '../fixture/create-flow.ts';

describe('transient faults survived with the token in hand', () => {
  type Case = [name: string, faults: (nowMs: number) => [Fault, times: number][], waitMs?: number];
  const cases: Case[] = [
    ['500', () => [[{ type: 'status', status: 500 }, 1]]],
    // Two hosts are asked before a request counts as offline.
    ['three offline polls', () => [[{ type: 'reset' }, 6]]],
    ['a connection reset', () => [[{ type: 'reset' }, 1]]],
    ['429 with Retry-After in seconds', () => [[{ type: 'rateLimited', retryAfter: 30 }, 1]], 30_000],
    [
      '429 with Retry-After as a date',
      (nowMs) => [[{ type: 'rateLimited', retryAfter: new Date(nowMs + 30_000) }, 1]],
      30_000,
    ],
    ['503', () => [[{ type: 'status', status: 503 }, 1]]],
    ['200 with HTML', () => [[{ type: 'html' }, 1]]],
    ['an answer that hangs for 30 s', () => [[{ type: 'slow', delayMs: 30_000 }, 1]]],
    ['an answer that hangs for ever', () => [[{ type: 'hang' }, 1]]],
  ];

  describe.each<[state: string, operation: Operation, firstMs: number]>([
    ['requestingPin', 'getPin', 0],
    ['awaitingLink', 'getToken', 1000],
  ])('while %s', (_state, operation, firstMs) => {
    it.each(cases)('%s', async (_name, faultsAt, waitMs) => {
      const flow = createFlow();
      for (const [fault, times] of faultsAt(flow.time.clock.now() + firstMs))
        flow.emulator.fault(fault, { operation, times });
      flow.auth.start();
      await flow.time.advance(60_000);
      const token = link(flow);
      await flow.time.advance(10_000);
      expectToken(flow, token);
      const [first, second] = flow.sent(operation);
      expect(first).toBe(firstMs);
      if (waitMs !== undefined) expect(second).toBe(firstMs + waitMs);
      expect(flow.mostOut()).toBe(1);
      expect(flow.emulator.pins).toHaveLength(1);
      expect(flow.views.some(({ status }) => status === 'failed' || status === 'expired')).toBe(false);
    });
  });

  it.each<Case>(cases)('%s, with the user approving meanwhile', async (_name, faultsAt) => {
    const flow = startFlow();
    await flow.time.advance(500);
    const token = link(flow);
    for (const [fault, times] of faultsAt(flow.time.clock.now() + 500))
      flow.emulator.fault(fault, { operation: 'getToken', times });
    await flow.time.advance(60_000);
    expectToken(flow, token);
    expect(flow.mostOut()).toBe(1);
  });

  it('half an answer and a stalled one, by a plex.tv that shows a token once', async () => {
    for (const type of ['truncated', 'stalled'] as const) {
      const flow = startFlow({}, createWorld({ readOnce: true }));
      await flow.time.advance(500);
      const token = link(flow);
      flow.emulator.fault({ type }, { operation: 'getToken' });
      await flow.time.advance(30_000);
      expectToken(flow, token);
    }
  });

  it('all of them, one after another', async () => {
    const flow = startFlow();
    await flow.time.advance(500);
    for (const [, faultsAt] of cases)
      for (const [fault, times] of faultsAt(flow.time.clock.now()))
        flow.emulator.fault(fault, { operation: 'getToken', times });
    await flow.time.advance(600_000);
    const token = link(flow);
    await flow.time.advance(10_000);
    expectToken(flow, token);
    expect(flow.mostOut()).toBe(1);
  });
});
