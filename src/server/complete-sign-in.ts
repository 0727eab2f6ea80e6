import type { PlexClient } from '../plex/plex-client.ts';
import type { Secret } from '../secret.ts';
import { askApplication } from './ask-application.ts';
import {
  type AttemptOutcome,
  toEndedOutcome,
  toNoAccess,
  toNoSession,
  toPending,
} from './attempt-outcome.ts';
import {
  type AskedAttempt,
  type ClaimedAttempt,
  type ClaimedAttempts,
  isBeingUsed,
  longestUseMs,
} from './claimed-attempts.ts';
import type { CompletedSignIn, ServerSettings, SessionResult } from './server-options.ts';

/** What {@link createCompletion} needs. */
export interface CompletionOptions {
  settings: Pick<ServerSettings, 'clock' | 'access' | 'allow' | 'onSignIn'>;
  clientIdentifier: () => Promise<string>;
  plex: Pick<PlexClient, 'getUser' | 'hasAccess' | 'signOut'>;
  claimed: ClaimedAttempts;
  onError: (error: unknown) => void;
}

/** One try to make a session of an attempt. */
interface Try {
  attempt: AskedAttempt;
  token: Secret;
  /** Names it among all tries, on this machine and on others. */
  by: string;
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

  /**
   * What another try has made of the PIN, if it came after this one: two machines may have read the PIN at the same moment.
   * No store can say who was first; but the questions to Plex in between take longer than its answers.
   */
  async function findOther(attempt: AskedAttempt, by: string): Promise<ClaimedAttempt | undefined> {
    const latest = await claimed.findLatest(attempt);
    if (latest?.status !== 'claimed') return latest;
    return latest.by !== by && isBeingUsed(latest, clock) ? latest : undefined;
  }

  async function findOut({ attempt, token, by }: Try, request: Request): Promise<AttemptOutcome> {
    const credentials = { token, clientIdentifier: await clientIdentifier() };
    const answer = await plex.getUser(credentials);
    // A later sign-in of the same account has replaced this token.
    if (answer.status === 'rejected') return { status: 'gone' };
    const { user } = answer;
    const found =
      access && (await plex.hasAccess({ ...credentials, machineIdentifier: access.machineIdentifier }));
    if (found?.status === 'rejected') return { status: 'gone' };
    const isRefused = found !== undefined && !allow.includes(found.status);
    const other = await findOther(attempt, by);
    const isEnded = isCancelled(attempt) || (other?.status === 'spent' && other.isCancelled);
    if (isRefused || isEnded) {
      await claimed.keep(attempt, { status: isRefused ? 'refused' : 'spent' });
      // Nobody is going to hold this token.
      await plex.signOut(credentials).catch(() => {});
      return isRefused ? { status: 'failed', error: toNoAccess(clock.now()) } : { status: 'gone' };
    }
    if (other) return other.status === 'claimed' ? toPending(attempt, clock) : toEndedOutcome(other, clock);
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
    const by = crypto.randomUUID();
    await claimed.keep(attempt, { status: 'claimed', token, untilMs: clock.now() + longestUseMs, by });
    try {
      return await findOut({ attempt, token, by }, request);
    } catch (error) {
      if (!(await findOther(attempt, by)))
        await claimed.keep(attempt, { status: 'claimed', token, untilMs: 0 });
      throw error;
    }
  };
}
