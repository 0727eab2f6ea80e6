import type { Clock } from '../ports.ts';

/** Waits for work that may never end. @throws {Error} Once the time is over, naming who did not answer; a later answer is dropped. */
export async function withTimeLimit<T>(
  clock: Clock,
  limitMs: number,
  who: string,
  work: () => T,
): Promise<Awaited<T>> {
  let timer: unknown;
  const limit = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(() => reject(new Error(`${who} did not answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work(), limit]);
  } finally {
    clock.clearTimeout(timer);
  }
}
