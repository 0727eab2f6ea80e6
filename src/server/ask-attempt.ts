import { isPlexAuthError, PlexAuthError } from '../errors.ts';
import type { PinReading } from '../pin.ts';
import type { PlexClient } from '../plex/plex-client.ts';
import type { Clock } from '../ports.ts';
import type { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';
import type { AskedAttempt, ClaimedAttempt, ClaimedAttempts } from './claimed-attempts.ts';
import type { ReadBudget, ReadRequest } from './read-budget.ts';
import type { CompletedSignIn, ServerSettings, SessionResult } from './server-options.ts';

/** How an attempt stands, for the server itself. */
export type AttemptOutcome =
  | { status: 'pending'; expiresInMs: number }
  /** `session`: what the application made, for the request that brought it about, and for those that waited with it. */
  | { status: 'authenticated'; user: PlexUser; session?: SessionResult | undefined }
  | { status: 'gone' }
  | { status: 'failed'; error: PlexAuthError };

/** Asks how an attempt stands, and ends it in the application's session once the user has approved. Never rejects. */
export type AskAttempt = (attempt: AskedAttempt, question: Question) => Promise<AttemptOutcome>;

type Question = Omit<ReadRequest, 'id'> & { request: Request };

/** What {@link createAskAttempt} needs. */
export interface AskAttemptOptions {
  settings: Pick<ServerSettings, 'clock' | 'access' | 'allow' | 'onSignIn' | 'getUser'>;
  clientIdentifier: () => Promise<string>;
  plex: Pick<PlexClient, 'getToken' | 'getUser' | 'hasAccess' | 'signOut'>;
  budget: ReadBudget;
  claimed: ClaimedAttempts;
  onError: (error: unknown) => void;
}

/** How long after the sign-in the browser's other requests still learn of it, in milliseconds. They get no session. */
export const usedAnswerMs = 60_000;
/** How long another machine may take to let the application make its session, in milliseconds. */
const completionMs = 15_000;
/** How long nobody asks where Plex throttles without saying for how long, in milliseconds. */
const throttleMs = 5000;

/** Makes an {@link AskAttempt}. */
export function createAskAttempt(options: AskAttemptOptions): AskAttempt {
  const { settings, budget, claimed } = options;
  const { clock } = settings;
  const read = createPinReader(options);
  const complete = createCompletion(options);
  const continueClaimed = createContinuation(clock, complete);
  /** What Plex or the application is just being asked, by the attempt's id: a second request waits for the same answer. */
  const running = new Map<string, Promise<AttemptOutcome>>();
  /** The hinted questions that wait for their turn. */
  const waiting = new Map<string, Promise<AttemptOutcome>>();

  async function ask(attempt: AskedAttempt, request: Request): Promise<AttemptOutcome> {
    try {
      const known = claimed.find(attempt);
      if (known) return await continueClaimed(attempt, known, request);
      const reading = await read(attempt);
      if (reading.status === 'claimed') budget.refund();
      if (reading.status === 'pending') return { status: 'pending', expiresInMs: reading.expiresInMs };
      // Another machine may have read the PIN too, or have ended the sign-in.
      const shared = await claimed.findShared(attempt);
      if (shared?.status === 'claimed' && shared.untilMs > clock.now()) return toPending(attempt);
      if (shared) return await continueClaimed(attempt, shared, request);
      if (reading.status === 'claimed') return await complete(attempt, reading.token, request);
      const user = await settings.getUser?.(request);
      return user ? { status: 'authenticated', user } : { status: 'gone' };
    } catch (error) {
      return { status: 'failed', error: toError(error) };
    }
  }

  function toPending({ expiresAtMs }: AskedAttempt): AttemptOutcome {
    return { status: 'pending', expiresInMs: Math.max(0, expiresAtMs - clock.now()) };
  }

  function toError(error: unknown): PlexAuthError {
    if (isPlexAuthError(error)) return error;
    options.onError(error);
    return toNoSession(clock.now());
  }

  async function takeTurn(attempt: AskedAttempt, question: Question): Promise<AttemptOutcome> {
    const { id } = attempt;
    const joined = await running.get(id);
    // An answer that was on its way may be older than the approval that a hint is about.
    if (joined && !(joined.status === 'pending' && question.isHinted)) return joined;
    const isAnswered = () => claimed.find(attempt) !== undefined || running.has(id);
    const { request, ...turn } = question;
    if (!isAnswered() && !(await budget.take({ ...turn, id }))) return toPending(attempt);
    waiting.delete(id);
    const asked = running.get(id) ?? ask(attempt, request).finally(() => running.delete(id));
    running.set(id, asked);
    return asked;
  }

  return (attempt, question) => {
    if (!question.isHinted) return takeTurn(attempt, question);
    // However often one browser hints at once, it waits in one place.
    const asked =
      waiting.get(attempt.id) ?? takeTurn(attempt, question).finally(() => waiting.delete(attempt.id));
    waiting.set(attempt.id, asked);
    return asked;
  };
}

/** Makes what answers about a PIN that has brought its token before. */
function createContinuation(clock: Clock, complete: ReturnType<typeof createCompletion>) {
  return async (attempt: AskedAttempt, known: ClaimedAttempt, request: Request): Promise<AttemptOutcome> => {
    if (known.status === 'claimed') return complete(attempt, known.token, request);
    if (known.status === 'refused') return { status: 'failed', error: toNoAccess(clock.now()) };
    if (known.status === 'spent') return { status: 'gone' };
    const isRecent = clock.now() - known.atMs <= usedAnswerMs;
    return isRecent ? { status: 'authenticated', user: known.user } : { status: 'gone' };
  };
}

/** Reads the PIN of an attempt, and keeps a token whose answer comes too late. */
function createPinReader({ settings, clientIdentifier, plex, budget, claimed, onError }: AskAttemptOptions) {
  const { clock } = settings;

  /**
   * The PIN came from a page. Only one that was made with this server's client identifier is this application's, and only
   * who knows its code has made it: ids are plain numbers.
   */
  async function requireOwn(attempt: AskedAttempt, reading: PinReading): Promise<PinReading> {
    if (reading.status !== 'claimed') return reading;
    const { clientIdentifier: owner, code = '', token } = reading;
    const isOwn = owner === (await clientIdentifier());
    if (isOwn && code === attempt.code) return reading;
    // Plex may hand it out only once: it waits for whoever knows the code.
    if (isOwn) await claimed.keep({ ...attempt, code }, { status: 'claimed', token, untilMs: 0 });
    const message = 'The PIN was made with another client identifier, or has another code';
    throw new PlexAuthError('PLEX_CLIENT_MISMATCH', message, { atMs: clock.now(), retryable: false });
  }

  async function keepLate(attempt: AskedAttempt, reading: PinReading): Promise<void> {
    const own = await requireOwn(attempt, reading);
    if (own.status === 'claimed' && !claimed.find(attempt))
      await claimed.keep(attempt, { status: 'claimed', token: own.token, untilMs: 0 });
  }

  return async (attempt: AskedAttempt): Promise<PinReading> => {
    const onLate = (reading: PinReading) => void keepLate(attempt, reading).catch(onError);
    try {
      const own = await clientIdentifier();
      return await requireOwn(
        attempt,
        await plex.getToken({ pinID: attempt.pinID, clientIdentifier: own, onLate }),
      );
    } catch (error) {
      if (isPlexAuthError(error) && error.code === 'PLEX_RATE_LIMITED')
        budget.pause(error.retryAfterMs ?? throttleMs);
      throw error;
    }
  };
}

/** Finds out who has signed in and what that person may use, and lets the application make its session. */
function createCompletion({ settings, clientIdentifier, plex, claimed, onError }: AskAttemptOptions) {
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
    if (found && !allow.includes(found.status)) {
      await claimed.keep(attempt, { status: 'refused' });
      // Nobody is going to hold this token.
      await plex.signOut(credentials).catch(() => {});
      return { status: 'failed', error: toNoAccess(clock.now()) };
    }
    const signIn = { ...credentials, user, request, ...(found && { access: { status: found.status } }) };
    const session = await makeSession(signIn);
    await claimed.keep(attempt, { status: 'used', user, atMs: clock.now() });
    return { status: 'authenticated', user, session };
  }

  /** Whatever the application throws, or gives that no answer can carry, is its own: the attempt can be tried again. */
  async function makeSession(signIn: CompletedSignIn): Promise<SessionResult> {
    try {
      const session = (await onSignIn(signIn)) ?? {};
      return { ...session, headers: [...new Headers(session.headers)] };
    } catch (error) {
      onError(error);
      throw toNoSession(clock.now());
    }
  }

  return async (attempt: AskedAttempt, token: Secret, request: Request): Promise<AttemptOutcome> => {
    await claimed.keep(attempt, { status: 'claimed', token, untilMs: clock.now() + completionMs });
    try {
      return await findOut(attempt, token, request);
    } catch (error) {
      await claimed.keep(attempt, { status: 'claimed', token, untilMs: 0 });
      throw error;
    }
  };
}

function toNoSession(atMs: number): PlexAuthError {
  const message = 'The application could not make its session';
  return new PlexAuthError('PLEX_UNEXPECTED', message, { atMs, retryable: true });
}

function toNoAccess(atMs: number): PlexAuthError {
  return new PlexAuthError('PLEX_NO_ACCESS', 'This account may not use the server', {
    atMs,
    retryable: false,
  });
}
