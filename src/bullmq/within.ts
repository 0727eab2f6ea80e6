import { setTimeout as delay } from 'node:timers/promises';

/** Waits for something, but no longer than this. How it ends does not matter. */
export async function within(mostMs: number, work: Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const ended = work.catch(() => {});
  await Promise.race([ended, delay(mostMs, undefined, limit).catch(() => {})]);
  limit.abort();
}
