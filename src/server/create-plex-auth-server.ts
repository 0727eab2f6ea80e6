import { isPlexAuthError, type PlexAuthError } from '../errors.ts';
import { createGetUser } from '../plex/account-calls.ts';
import { createSender } from '../plex/sender.ts';
import { createHasAccess } from '../plex/server-calls.ts';
import { createGetHomeMembers, createGetSharedWith } from '../plex/sharing-calls.ts';
import { toToken } from '../plex/token.ts';
import { requireOption } from '../require-option.ts';
import type { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';
import { answerJSON, refuse, toErrorAnswer, withoutBodyOfHead } from './answers.ts';
import { askApplication } from './ask-application.ts';
import { type ReconcileOptions, type Reconciliation, reconcile } from './reconcile.ts';
import { createRoutes } from './routes.ts';
import { createServerIdentifier } from './server-identifier.ts';
import { type PlexAuthServerOptions, readServerOptions, type ServerSettings } from './server-options.ts';
import { createServerParts } from './server-parts.ts';

/** Signs people in on an application's server. */
export interface PlexAuthServer {
  /**
   * Answers what is asked below the address where it is mounted. Never rejects.
   *
   * Mount it for `GET`, `POST` and `DELETE` of everything below that address, whether or not the part in front is cut off.
   */
  handler: (request: Request) => Promise<Response>;
  /**
   * Asks Plex whose token it is. If Plex refuses it, `onTokenRejected` is called first, with the same `context`; an outage is
   * `unknown`, and ends nothing.
   *
   * @throws What `onTokenRejected` throws, or an error where it has not ended after 30 seconds.
   * @param options.context Whatever the callback needs to find the sessions, such as your account's id.
   */
  verify: (options: {
    token: Secret | string;
    context?: unknown;
  }) => Promise<UserAnswer | { status: 'unknown'; error: PlexAuthError }>;
  /**
   * Compares the application's users with those who may use the server of the option `access`: run it now and then, and end
   * the sessions of those who may no longer.
   *
   * @throws {TypeError} Without the option `access`, or for a token that no header can carry.
   */
  reconcile: (options: ReconcileOptions) => Promise<Reconciliation>;
  /** What PINs and tokens of this server are sent with. */
  clientIdentifier: () => Promise<string>;
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
  const route = createRoutes(createServerParts(settings, clientIdentifier, onError));
  const health = createTokenHealth(settings, clientIdentifier);
  return {
    clientIdentifier,
    ...health,
    async handler(request) {
      try {
        return withoutBodyOfHead(request, await route(request));
      } catch (error) {
        onError(error);
        return withoutBodyOfHead(request, toFailure(error));
      }
    },
  };
}

function toFailure(error: unknown): Response {
  if (!isPlexAuthError(error)) return refuse(500, 'PLEX_UNEXPECTED', 'The server could not answer');
  return answerJSON({ status: 'failed', error: toErrorAnswer(error) }, 503);
}

/** Makes what an application asks now and then about the tokens that it keeps. */
function createTokenHealth(
  settings: ServerSettings,
  findIdentifier: () => Promise<string>,
): Pick<PlexAuthServer, 'verify' | 'reconcile'> {
  const { access, onTokenRejected, clock } = settings;
  const send = createSender(settings);
  return {
    async verify({ token, context }) {
      const secret = toToken(token);
      let answer: UserAnswer;
      try {
        answer = await createGetUser(send)({ token, clientIdentifier: await findIdentifier() });
      } catch (error) {
        if (isPlexAuthError(error)) return { status: 'unknown', error };
        throw error;
      }
      // Whatever the callback throws says nothing of Plex.
      if (answer.status === 'rejected')
        await askApplication(clock, 'onTokenRejected', () => onTokenRejected?.({ token: secret, context }));
      return answer;
    },
    async reconcile({ ownerToken, userIDs = [] }) {
      const machineIdentifier = access?.machineIdentifier;
      requireOption(
        machineIdentifier !== undefined,
        'access.machineIdentifier',
        'given, to compare users with its members',
      );
      const call = {
        token: toToken(ownerToken),
        clientIdentifier: await findIdentifier(),
        machineIdentifier,
      };
      const calls = {
        hasAccess: () => createHasAccess(send)(call),
        getUser: () => createGetUser(send)(call),
        getSharedWith: () => createGetSharedWith(send)(call),
        getHomeMembers: () => createGetHomeMembers(send)(call),
      };
      return reconcile(calls, userIDs);
    },
  };
}

/** What the application does with an error must not become another one. */
function toContainedReport(report: PlexAuthServerOptions['onError'] = logError): (error: unknown) => void {
  return (error) => {
    try {
      report(error);
    } catch {}
  };
}

/** A sign-in goes on after an error of the application, so its author would see nothing of it. */
function logError(error: unknown): void {
  console.error('plex-auth-flow:', error);
}
