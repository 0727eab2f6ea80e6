import type { PlexAuthError } from '../errors.ts';
import { readPageURL } from '../read-page-url.ts';
import type { WireReply } from './exchange.ts';

/**
 * Where the API is asked, best first. Both hosts serve the same; only `clients.plex.tv` has IPv6, and a PIN made over
 * IPv4 shows a user on IPv6 a security alert.
 */
const plexHosts = ['https://clients.plex.tv', 'https://plex.tv'];
const apiPath = '/api/v2';

/** The answer to a request, or why there is none. */
export type Outcome = WireReply | PlexAuthError;

/** The bases of each server URL, such as `https://plex.tv/api/v2`. */
export interface Bases {
  /** Gives all bases, the one that answered last in front. */
  of(serverURL: string | undefined): readonly string[];
  /**
   * Takes the outcome of a request to the first of these bases. If it did not answer at all, the next requests go to
   * another one first.
   *
   * @returns What to ask now instead, best first. Undefined if the outcome stands.
   */
  next(
    serverURL: string | undefined,
    asked: readonly string[],
    outcome: Outcome,
  ): readonly string[] | undefined;
}

/** Makes the bases of one client. */
export function createBases(): Bases {
  const basesByServer = new Map<string | undefined, readonly string[]>();
  return {
    of(serverURL) {
      const bases = basesByServer.get(serverURL) ?? basesOf(serverURL);
      basesByServer.set(serverURL, bases);
      return bases;
    },
    next(serverURL, [base = '', ...others], outcome) {
      if (serverURL === undefined ? isSilence(outcome) : isNoRoute(outcome)) {
        others.push(base);
        basesByServer.set(serverURL, others);
        if (!isTimeout(outcome)) return others;
      }
      return undefined;
    },
  };
}

/**
 * Says where to ask. A server URL with a path is the root of the API as it stands; one without may be the host of the API
 * or its root, and the first answer shows which.
 */
function basesOf(serverURL: string | undefined): readonly string[] {
  if (serverURL === undefined) return plexHosts.map((host) => host + apiPath);
  const root = serverURL.replace(/\/+$/, '');
  return readPageURL(root)?.pathname === '/' ? [root + apiPath, root] : [root];
}

/** Whether nothing at all came back, so that the other host may do better. */
function isSilence(outcome: Outcome): boolean {
  return outcome instanceof Error && outcome.status === undefined && outcome.code !== 'PLEX_UNEXPECTED';
}

function isTimeout(outcome: Outcome): boolean {
  return outcome instanceof Error && outcome.code === 'PLEX_TIMEOUT';
}

/** A 404 that is not in Plex's words comes from a server that has no such path. */
function isNoRoute(outcome: Outcome): boolean {
  return outcome.status === 404 && outcome.plexCode === undefined;
}
