import type { Beat, FleetDatabase } from './fleet-database.ts';
import type { SharedFleetSettings } from './shared-fleet-options.ts';

/** Says to Redis that this machine lives, and learns from it how many do, and what time it is there. */
export interface Membership {
  /** How far the clock of Redis is ahead of this machine's, in milliseconds. No machine looks at another one's clock. */
  offsetMs(): number;
  /** Asks once. */
  begin(): Promise<Beat>;
  /** Says it again and again from now on. */
  keep(): void;
  /** Ends that, and says so. */
  leave(): Promise<void>;
}

/** What a membership needs. */
export interface MembershipOptions {
  readonly settings: SharedFleetSettings;
  readonly database: FleetDatabase;
  onBeat(beat: Beat): Promise<void> | undefined;
}

/** Makes a membership that has not begun. */
export function createMembership({ settings, database, onBeat }: MembershipOptions): Membership {
  const { clock, leaseMs, polls } = settings;
  // Only those that ask Plex share the shards.
  const machineID = polls ? crypto.randomUUID() : '';
  // By the platform's steady time: this machine's clock may be set between two answers.
  let aheadOfSteadyMs: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function beat(id: string): Promise<Beat> {
    const sentAtMs = performance.now();
    const answer = await database.beat(id, leaseMs);
    aheadOfSteadyMs = answer.redisMs - (sentAtMs + performance.now()) / 2;
    return answer;
  }

  async function beatAgain(): Promise<void> {
    try {
      await onBeat(await beat(machineID));
    } catch {
      // Redis is away: the next one says it.
    }
    if (!isOver) timer = setTimeout(beatAgain, leaseMs / 3);
  }

  return {
    offsetMs: () =>
      aheadOfSteadyMs === undefined ? 0 : Math.round(aheadOfSteadyMs + performance.now() - clock.now()),
    async begin() {
      await database.chooseDatabase();
      return beat('');
    },
    keep: () => void beatAgain(),
    async leave() {
      isOver = true;
      clearTimeout(timer);
      if (machineID) await database.leave(machineID).catch(() => {});
    },
  };
}
