import type { PlexClient } from '../plex/plex-client.ts';
import type { Secret } from '../secret.ts';
import { askApplication } from './ask-application.ts';
import { type AttemptOutcome, toNoAccess, toNoSession, toPending } from './attempt-outcome.ts';
import { type AskedAttempt, type ClaimedAttempts, longestUseMs } from './claimed-attempts.ts';
import type { CompletedSignIn, ServerSettings, SessionResult } from './server-options.ts';

/** What {@link createCompletion} needs. */
export interface CompletionOptions {
  settings: Pick<ServerSettings, 'clock' | 'access' | 'allow' | 'onSignIn'>;
  clientIdentifier: () => Promise<string>;
  plex: Pick<PlexClient, 'getUser' | 'hasAccess' | 'signOut'>;
  claimed: ClaimedAttempts;
  onError: (error: unknown) => void;
}

/**
 * Makes what finds out who has signed in and what that person may use, and lets the application make its session.
 *
 * @param isCancelled Whether the browser has ended the attempt meanwhile.
 */
export function createCompletion(
  { settings, clientIdentifier, plex, claimed, onError }: CompletionOptions,
  isCancelled: (attempt: AskedAttempt) => boolean,
) {
  const { clock, access, allow, onSignIn } = settings;

  async function findOut(attempt: AskedAttempt, token: Secret, request: Request): Promise<AttemptOutcome> {
    const credentials = { token, clientIdentifier: await clientIdentifier() };
    const answer = await plex.getUser(credentials);
    // A later sign-in of the same account has replaced this token.
    if (answer.status === 'rejected') return { status: 'gone' };
    const { user } = answer;
    const found =
      access && (await plex.hasAccess({ ...credentials, machineIdentifier: access.machineIdentifier }));
    if (found?.status === 'rejected') return { status: 'gone' };
    const isRefused = found !== undefined && !allow.includes(found.status);
    if (isRefused || isCancelled(attempt)) {
      await claimed.keep(attempt, { status: isRefused ? 'refused' : 'spent' });
      // Nobody is going to hold this token.
      await plex.signOut(credentials).catch(() => {});
      return isRefused ? { status: 'failed', error: toNoAccess(clock.now()) } : { status: 'gone' };
    }
    if (request.signal.aborted) return waitForNext(attempt, token);
    const signIn = { ...credentials, user, request, ...(found && { access: { status: found.status } }) };
    const session = await makeSession(signIn);
    await claimed.keep(attempt, { status: 'used', user, atMs: clock.now() });
    return isCancelled(attempt) ? { status: 'gone' } : { status: 'authenticated', user, session };
  }

  /** The browser has left, such as a popup that was closed early: no answer would bring it the session. */
  async function waitForNext(attempt: AskedAttempt, token: Secret): Promise<AttemptOutcome> {
    await claimed.keep(attempt, { status: 'claimed', token, untilMs: 0 });
    return toPending(attempt, clock);
  }

  /** Whatever the application throws, or gives that no answer can carry, is its own: the attempt can be tried again. */
  async function makeSession(signIn: CompletedSignIn): Promise<SessionResult> {
    try {
      const { headers, redirectTo } = (await askApplication(clock, 'onSignIn', () => onSignIn(signIn))) ?? {};
      return { headers: [...new Headers(headers)], redirectTo };
    } catch (error) {
      onError(error);
      throw toNoSession(clock.now());
    }
  }

  return async (attempt: AskedAttempt, token: Secret, request: Request): Promise<AttemptOutcome> => {
    await claimed.keep(attempt, { status: 'claimed', token, untilMs: clock.now() + longestUseMs });
    try {
      return await findOut(attempt, token, request);
    } catch (error) {
      await claimed.keep(attempt, { status: 'claimed', token, untilMs: 0 });
      throw error;
    }
  };
}
