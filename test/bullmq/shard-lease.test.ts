import { describe, expect, it } from 'vitest';
import { createShardLease } from '../../src/bullmq/shard-lease.ts';

/** A lease of a second, on a clock that a test moves. `tookMs`: how long Redis takes to answer. */
function createSurroundings(answer: { isKept: boolean; tookMs: number }) {
  const clock = { ms: 0 };
  const lease = createShardLease({
    leaseMs: 1000,
    elapsed: () => clock.ms,
    extend: async () => {
      clock.ms += answer.tookMs;
      return answer.isKept;
    },
    onRenewed: () => {},
    onLost: () => {},
  });
  return { clock, lease };
}

describe('the lease of a shard', () => {
  it('is not held before Redis has said so', () => {
    expect(createSurroundings({ isKept: true, tookMs: 0 }).lease.isHeld()).toBe(false);
  });

  it('counts from when its renewal was sent, so it is over here before it is over in Redis', async () => {
    const { clock, lease } = createSurroundings({ isKept: true, tookMs: 300 });
    expect(await lease.renew()).toBe(true);
    clock.ms = 999;
    expect(lease.isHeld()).toBe(true);
    clock.ms = 1000;
    expect(lease.isHeld()).toBe(false);
  });

  it('is not held by an answer that a pause of the process has made old', async () => {
    const { lease } = createSurroundings({ isKept: true, tookMs: 5000 });
    expect(await lease.renew()).toBe(true);
    expect(lease.isHeld()).toBe(false);
  });

  it('is not held once another machine has it, or it was stopped', async () => {
    const lost = createSurroundings({ isKept: false, tookMs: 0 }).lease;
    expect([await lost.renew(), lost.isHeld()]).toEqual([false, false]);
    const { lease } = createSurroundings({ isKept: true, tookMs: 0 });
    await lease.renew();
    lease.stop();
    expect(lease.isHeld()).toBe(false);
  });
});
