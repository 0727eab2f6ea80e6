import type { AnswerHeaders } from './answers.ts';
import type { AttemptAsker } from './ask-attempt.ts';
import type { Attempt, AttemptCookie } from './attempt-cookie.ts';
import { type AttemptOutcome, usedAnswerMs } from './attempt-outcome.ts';
import type { ReadRequest } from './read-budget.ts';
import { readRedirectTo } from './return-to.ts';
import type { SealedBox } from './sealed-box.ts';
import type { ServerSettings, SessionResult } from './server-options.ts';

/** The parts of one server, for its endpoints. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly cookie: AttemptCookie;
  readonly asker: AttemptAsker;
  /** Seals a session on its way through an event stream. */
  readonly tickets: SealedBox;
  readonly onError: (error: unknown) => void;
}

/** How the attempts of one browser stand, together. */
export interface AskedAttempts {
  readonly outcome: AttemptOutcome | { status: 'none' };
  /** The attempt that the outcome is about. */
  readonly attempt?: Attempt | undefined;
  /** What the answer does to the cookie, and the application's session. */
  readonly headers: AnswerHeaders;
  /** Where the user goes once signed in. */
  readonly next: string;
}

/** How long a question about a further attempt of the same browser waits for its turn, in milliseconds. */
const otherWaitMs = 500;
/** What ends an attempt for good. Anything else may pass, and the token stays. */
const finalCodes: readonly string[] = ['PLEX_NO_ACCESS', 'PLEX_CLIENT_MISMATCH'];

/** Asks how the attempts of a browser stand, the newest first, until one of them has ended. */
export async function askAttempts(
  { settings, cookie, asker, onError }: ServerContext,
  request: Request,
  question: Omit<ReadRequest, 'id'>,
): Promise<AskedAttempts> {
  const attempts = await cookie.read(request);
  const { origin } = settings.mountURL;
  let waiting: { attempt: Attempt; outcome: AttemptOutcome } | undefined;
  const left: Attempt[] = [];
  for (const attempt of attempts) {
    const waitMs = waiting ? Math.min(question.waitMs, otherWaitMs) : question.waitMs;
    const outcome: AttemptOutcome = attempt.endedAs
      ? { status: 'authenticated', user: attempt.endedAs }
      : await asker.ask(attempt, { ...question, waitMs, request });
    const next = `${origin}${attempt.returnTo}`;
    if (outcome.status === 'authenticated') {
      const session = outcome.session ?? {};
      // Other requests of this browser, such as the page's after its popup's, learn of it for a moment.
      const ended = { ...attempt, endedAs: outcome.user, expiresAtMs: settings.clock.now() + usedAnswerMs };
      const headers = {
        cookies: [await cookie.write([attempt.endedAs ? attempt : ended])],
        session: session.headers,
      };
      return { outcome, attempt, headers, next: nextPage(session, next, settings, onError) };
    }
    if (outcome.status === 'failed' && finalCodes.includes(outcome.error.code)) {
      const rest = attempts.filter(({ id }) => id !== attempt.id);
      return { outcome, attempt, headers: { cookies: [await cookie.write(rest)] }, next };
    }
    if (outcome.status !== 'gone') {
      left.push(attempt);
      waiting ??= { attempt, outcome };
    }
  }
  const headers = left.length < attempts.length ? { cookies: [await cookie.write(left)] } : {};
  const outcome = waiting?.outcome ?? { status: attempts.length > 0 ? 'gone' : 'none' };
  const attempt = waiting?.attempt ?? attempts[0];
  return { outcome, attempt, headers, next: `${origin}${attempt?.returnTo ?? '/'}` };
}

function nextPage(
  { redirectTo }: SessionResult,
  otherwise: string,
  { mountURL }: ServerSettings,
  onError: (error: unknown) => void,
): string {
  try {
    return redirectTo == null ? otherwise : readRedirectTo(redirectTo, mountURL.origin);
  } catch (error) {
    onError(error);
    return otherwise;
  }
}
