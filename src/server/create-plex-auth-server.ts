import { isPlexAuthError, PlexAuthError } from '../errors.ts';
import { createPlexClient } from '../plex/client.ts';
import { createAuthURL, createLinkURL } from '../plex/links.ts';
import { toToken } from '../plex/token.ts';
import { copyOptions } from '../require-option.ts';
import type { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';
import { refuse } from './answers.ts';
import { createAskAttempt } from './ask-attempt.ts';
import { createAttemptCookie } from './attempt-cookie.ts';
import { createClaimedAttempts } from './claimed-attempts.ts';
import { paths } from './protocol.ts';
import { createReadBudget } from './read-budget.ts';
import { createRoutes, type RoutesContext } from './routes.ts';
import { createSealedBox } from './sealed-box.ts';
import { createServerIdentifier } from './server-identifier.ts';
import { type PlexAuthServerOptions, readServerOptions, type ServerSettings } from './server-options.ts';

/** Signs people in on an application's server. */
export interface PlexAuthServer {
  /**
   * Answers what is asked below the address where it is mounted. Never rejects.
   *
   * Mount it for `GET`, `POST` and `DELETE` of everything below that address, whether or not the part in front is cut off.
   */
  handler(this: void, request: Request): Promise<Response>;
  /**
   * Asks Plex whose token it is. If Plex refuses it, `onTokenRejected` is called first, with the same `context`; an outage is
   * `unknown`, and ends nothing.
   *
   * @param options.context Whatever the callback needs to find the sessions, such as your account's id.
   */
  verify(options: {
    token: Secret | string;
    context?: unknown;
  }): Promise<UserAnswer | { status: 'unknown'; error: PlexAuthError }>;
  /** What PINs and tokens of this server are sent with. */
  clientIdentifier(): Promise<string>;
}

/**
 * Makes the server's end of a sign-in: a user approves at Plex, and the application's own session is the result.
 *
 * A waiting user costs the server nothing: an attempt travels in the browser's cookie, sealed, and the token stays here.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexAuthServer(options: PlexAuthServerOptions): PlexAuthServer {
  const settings = readServerOptions(options);
  const onError = toContainedReport(settings.onError);
  const clientIdentifier = createServerIdentifier(settings, onError);
  const route = createRoutes(createContext(settings, clientIdentifier, onError));
  const plex = createPlexClient(settings);
  return {
    clientIdentifier,
    async handler(request) {
      try {
        return await route(request);
      } catch (error) {
        onError(error);
        return refuse(500, 'PLEX_UNEXPECTED', 'The server could not answer');
      }
    },
    async verify({ token, context: about }) {
      const { clock, onTokenRejected } = settings;
      try {
        const answer = await plex.getUser({ token, clientIdentifier: await clientIdentifier() });
        if (answer.status === 'rejected') await onTokenRejected?.({ token: toToken(token), context: about });
        return answer;
      } catch (error) {
        if (error instanceof TypeError) throw error;
        const unknown = isPlexAuthError(error) ? error : toStoreError(clock.now());
        return { status: 'unknown', error: unknown };
      }
    },
  };
}

/** Puts the parts of one server together. */
function createContext(
  settings: ServerSettings,
  clientIdentifier: () => Promise<string>,
  onError: (error: unknown) => void,
): RoutesContext {
  const { clock, secrets, mountURL, store, product, device, strong = true } = settings;
  const { serverURL, authAppURL, linkURL } = settings;
  const forwardURL = `${mountURL.href}${paths.callback}`;
  const plex = createPlexClient(copyOptions({ ...settings, forwardURL }));
  const toBox = (purpose: string) => createSealedBox({ secrets, clock, purpose, audience: mountURL.href });
  const ask = createAskAttempt({
    settings,
    clientIdentifier,
    onError,
    plex: {
      ...plex,
      getToken: async (request) => plex.getToken({ ...request, clientIdentifier: await clientIdentifier() }),
    },
    budget: createReadBudget(clock, settings.readsPerSecond),
    claimed: createClaimedAttempts({ clock, store, box: toBox('claimed'), onError }),
  });
  return {
    settings,
    ask,
    clientIdentifier,
    onError,
    cookie: createAttemptCookie(settings),
    tickets: toBox('ticket'),
    consentOrigin: new URL(createAuthURL({ ...settings, code: 'x', clientIdentifier: 'x' })).origin,
    makePin: async () => plex.getPin({ strong, clientIdentifier: await clientIdentifier() }),
    authURLOf: async (code) =>
      createAuthURL({
        product,
        device,
        authAppURL,
        code,
        forwardURL,
        clientIdentifier: await clientIdentifier(),
      }),
    linkURLOf: (code) => createLinkURL(code, linkURL),
    describeClient: async () => ({
      clientIdentifier: await clientIdentifier(),
      ...{ product, device, strong, serverURL, authAppURL, linkURL },
    }),
  };
}

/** What the application does with an error must not become another one. */
function toContainedReport(report: PlexAuthServerOptions['onError']): (error: unknown) => void {
  return (error) => {
    try {
      report?.(error);
    } catch {}
  };
}

function toStoreError(atMs: number): PlexAuthError {
  return new PlexAuthError('PLEX_STORE', 'The store gave no client identifier', { atMs, retryable: true });
}
