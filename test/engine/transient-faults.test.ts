import { describe, expect, it } from 'vitest';
import type { DriveMove, Fault, Operation } from '../../src/testing/index.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

/** When every drive starts, by its clock. */
const startMs = Date.UTC(2026, 0, 1);

describe('transient faults survived with the token in hand', () => {
  type Case = [name: string, faultAt: (atMs: number) => Fault, times: number, waitMs?: number];
  const cases: Case[] = [
    ['500', () => ({ type: 'status', status: 500 }), 1],
    // Two hosts are asked before a request counts as offline.
    ['three offline polls', () => ({ type: 'reset' }), 6],
    ['a connection reset', () => ({ type: 'reset' }), 1],
    ['429 with Retry-After in seconds', () => ({ type: 'rateLimited', retryAfter: 30 }), 1, 30_000],
    [
      '429 with Retry-After as a date',
      (atMs) => ({ type: 'rateLimited', retryAfter: new Date(startMs + atMs + 30_000) }),
      1,
      30_000,
    ],
    ['503', () => ({ type: 'status', status: 503 }), 1],
    ['200 with HTML', () => ({ type: 'html' }), 1],
    ['an answer that hangs for 30 s', () => ({ type: 'slow', delayMs: 30_000 }), 1],
    ['an answer that hangs forever', () => ({ type: 'hang' }), 1],
  ];

  describe.each<[state: string, operation: Operation, firstMs: number]>([
    ['requestingPin', 'getPin', 0],
    ['awaitingLink', 'getToken', 1000],
  ])('while %s', (_state, operation, firstMs) => {
    it.each(cases)('%s', async (name, faultAt, times, waitMs) => {
      const flow = await driveFlow({
        script: [
          { atMs: 0, network: faultAt(firstMs), operation, times },
          { atMs: 60_000, user: 'approve' },
        ],
        untilMs: 70_000,
      });
      expectTokenOf(flow);
      const { drive, mostOut } = flow;
      const [first, second] = drive.askedAtMs(operation);
      expect(first).toBe(firstMs);
      if (waitMs !== undefined) expect(second).toBe(firstMs + waitMs);
      expect(mostOut).toBe(operation === 'getToken' ? mostOutWhere(name) : 1);
      expect(drive.emulator.pins).toHaveLength(1);
      expect([drive.reachedAtMs('failed'), drive.reachedAtMs('expired')]).toEqual([undefined, undefined]);
    });
  });

  it.each(cases)('%s, with the user approving meanwhile', async (name, faultAt, times) => {
    const flow = await driveFlow({
      script: [
        { atMs: 500, user: 'approve' },
        { atMs: 500, network: faultAt(1000), operation: 'getToken', times },
      ],
      untilMs: 60_500,
    });
    expectTokenOf(flow);
    expect(flow.mostOut).toBe(mostOutWhere(name));
  });

  it.each(['truncated', 'stalled'] as const)(
    'a %s answer, by a plex.tv that shows a token once',
    async (type) => {
      const flow = await driveFlow({
        emulatorOptions: { readOnce: true },
        script: [
          { atMs: 500, user: 'approve' },
          { atMs: 500, network: { type }, operation: 'getToken', times: 1 },
        ],
        untilMs: 30_500,
      });
      expectTokenOf(flow);
    },
  );

  it('all of them, one after another', async () => {
    const faults = cases.map(
      ([, faultAt, times]): DriveMove => ({ atMs: 500, network: faultAt(500), operation: 'getToken', times }),
    );
    const flow = await driveFlow({
      script: [...faults, { atMs: 600_500, user: 'approve' }],
      untilMs: 610_500,
    });
    expectTokenOf(flow);
    expect(flow.mostOut).toBe(2);
  });

  /** A read that timed out goes on in the background, while the next one is asked. */
  function mostOutWhere(name: string): number {
    return name.includes('hangs') ? 2 : 1;
  }
});
