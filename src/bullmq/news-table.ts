import type { RedisClient } from './redis-client.ts';
import type { RedisKeys } from './redis-keys.ts';

/** The events that were not handled yet, at most one for each flow. */
export interface NewsTable {
  /** Takes the oldest event for this long. @returns Its flow, or when the next one is due. */
  take(claimMs: number): Promise<{ id: string; shard: number } | { waitMs: number | undefined }>;
  /** Keeps an event that was taken for this much longer. */
  claimAgain(id: string, claimMs: number): Promise<void>;
  /**
   * An event was handled. If the flow is no longer what was seen, another one follows. Changes nothing if the id belongs to
   * another start by now: whoever handled the event was paused, and another reader has handled it too.
   */
  handled(shard: number, id: string, event: HandledEvent): Promise<void>;
  /** Lets an event that was taken come again, after those that are due by now. */
  giveBack(id: string): Promise<void>;
}

/** What an event showed. */
export interface HandledEvent {
  /** The call of `start` that its flow comes from. */
  readonly startID: string;
  readonly isRunning: boolean;
  /** Names what was seen, and what the next event is compared with. */
  readonly seen: string;
  readonly told: string;
}

/** Makes the table of events of a fleet. */
export function createNewsTable({ redis, run, ask }: RedisClient, keys: RedisKeys): NewsTable {
  return {
    async take(claimMs) {
      const [id, answer] = (await run('take', keys.all(0), claimMs)) as [string, string];
      if (id === '') return { waitMs: answer === '' ? undefined : Number(answer) };
      return { id, shard: Number(answer || 0) };
    },
    claimAgain: async (id, claimMs) =>
      void (await ask(() => redis.zadd(keys.news, 'XX', 'INCR', claimMs, id))),
    handled: async (shard, id, { startID, seen, told, isRunning }) =>
      void (await run('handled', keys.all(shard), id, shard, startID, seen, told, isRunning ? '0' : '1')),
    giveBack: async (id) => void (await run('giveBack', keys.all(0), id)),
  };
}
