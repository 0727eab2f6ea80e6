import { isPlexAuthError, type PlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import type { PlexClient } from '../plex/plex-client.ts';
import type { PlexProfile, PluginSettings } from './plugin-options.ts';

/** What Plex says about a token that is kept. */
export type CheckedCredentials =
  | { status: 'valid'; profile: PlexProfile }
  /** Plex refuses the token. */
  | { status: 'rejected' }
  /** The token is good, and its holder may no longer use the server of the option `access`. */
  | { status: 'noAccess' }
  /** Plex could not be asked. It says nothing: end nobody's session. */
  | { status: 'unknown'; error: PlexAuthError };

/** Makes what asks Plex whether a token is still good, and whether its holder may still use the server. */
export function createCheckCredentials(
  plex: Pick<PlexClient, 'getUser' | 'hasAccess'>,
  { access, allow }: PluginSettings,
): (credentials: Credentials) => Promise<CheckedCredentials> {
  return async (credentials) => {
    try {
      const answer = await plex.getUser(credentials);
      if (answer.status === 'rejected') return answer;
      if (!access) return { status: 'valid', profile: answer.user };
      const { machineIdentifier } = access;
      const found = await plex.hasAccess({ ...credentials, machineIdentifier });
      if (found.status === 'rejected') return { status: 'rejected' };
      if (!allow.includes(found.status)) return { status: 'noAccess' };
      return { status: 'valid', profile: { ...answer.user, access: found.status } };
    } catch (error) {
      if (!isPlexAuthError(error)) throw error;
      return { status: 'unknown', error };
    }
  };
}
