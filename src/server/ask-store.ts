import { toPlexAuthError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** How long a store may take to answer, in milliseconds. */
const longestAnswerMs = 5000;

/** Asks a store, which may never answer. @throws {PlexAuthError} `PLEX_STORE`. */
export async function askStore<T>(clock: Clock, what: string, work: () => T): Promise<Awaited<T>> {
  let timer: unknown;
  const limit = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(
      () => reject(new Error(`no answer within ${longestAnswerMs} ms`)),
      longestAnswerMs,
    );
  });
  try {
    return await Promise.race([work(), limit]);
  } catch (error) {
    throw toPlexAuthError('PLEX_STORE', `The store failed to ${what}`, error, clock.now());
  } finally {
    clock.clearTimeout(timer);
  }
}
