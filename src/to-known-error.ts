import { isPlexAuthError, type PlexAuthError, toPlexAuthError } from './errors.ts';

/** Makes a `PlexAuthError` of whatever a call of a port threw: one that it threw itself stays as it is. */
export function toKnownError(thrown: unknown, atMs: number): PlexAuthError {
  if (isPlexAuthError(thrown)) return thrown;
  return toPlexAuthError('PLEX_UNEXPECTED', 'A function from outside the library failed', thrown, atMs);
}
