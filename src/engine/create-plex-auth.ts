import { createEngine } from './create-engine.ts';
import type { PlexAuth } from './plex-auth.ts';
import type { PlexAuthOptions } from './plex-auth-options.ts';

/**
 * Makes an engine that signs one user in.
 *
 * It waits for `start`, unless the stores hold something: then it restores stored credentials and verifies them once, or
 * resumes a stored PIN. It opens no page: the view says which one to show.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexAuth(options: PlexAuthOptions): PlexAuth {
  return createEngine(options).auth;
}
