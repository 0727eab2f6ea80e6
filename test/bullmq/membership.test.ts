/** How far Redis' clock is ahead, from one answer to the next. */
import { expect, it } from 'vitest';
import type { FleetDatabase } from '../../src/bullmq/fleet-database.ts';
import { createMembership } from '../../src/bullmq/membership.ts';
import type { SharedFleetSettings } from '../../src/bullmq/shared-fleet-options.ts';

it('stays right when the clock of this machine is set between two answers', async () => {
  let jumpMs = 0;
  const clock = { now: () => Date.now() + jumpMs };
  const redisNow = () => Date.now() + 5000;
  const membership = createMembership({
    settings: { clock, leaseMs: 60_000, polls: false } as unknown as SharedFleetSettings,
    database: {
      chooseDatabase: async () => {},
      beat: async () => ({ redisMs: redisNow(), machines: 1, shards: 1 }),
    } as unknown as FleetDatabase,
    onBeat: () => undefined,
  });
  await membership.begin();
  for (jumpMs of [0, 3_600_000, -3_600_000])
    expect(Math.abs(clock.now() + membership.offsetMs() - redisNow())).toBeLessThan(100);
});
