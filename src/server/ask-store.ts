import { toPlexAuthError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { withTimeLimit } from './with-time-limit.ts';

/** How long a store may take to answer, in milliseconds. */
const longestAnswerMs = 5000;

/** Asks a store, which may never answer. @throws {PlexAuthError} `PLEX_STORE`. */
export async function askStore<T>(clock: Clock, what: string, work: () => T): Promise<Awaited<T>> {
  try {
    return await withTimeLimit(clock, longestAnswerMs, 'the store', work);
  } catch (error) {
    throw toPlexAuthError('PLEX_STORE', `The store failed to ${what}`, error, clock.now());
  }
}
