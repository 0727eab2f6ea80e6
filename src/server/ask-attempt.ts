import { isPlexAuthError, PlexAuthError } from '../errors.ts';
import type { PinReading } from '../pin.ts';
import type { PlexClient } from '../plex/plex-client.ts';
import type { Secret } from '../secret.ts';
import { askApplication } from './ask-application.ts';
import { type AttemptOutcome, toEndedOutcome, toNoSession, toPending } from './attempt-outcome.ts';
import { type AskedAttempt, isBeingUsed } from './claimed-attempts.ts';
import { type CompletionOptions, createCompletion } from './complete-sign-in.ts';
import { toPlexUser } from './plex-user.ts';
import type { ReadBudget, ReadRequest } from './read-budget.ts';
import { createRecentIDs } from './recent-ids.ts';
import type { ServerSettings } from './server-options.ts';

/** Asks how the attempts stand. */
export interface AttemptAsker {
  /** Asks how one stands, and ends it in the application's session once the user has approved. Never rejects. */
  ask(attempt: AskedAttempt, question: Question): Promise<AttemptOutcome>;
  /** Notes that its browser has ended it: what is being asked about it brings no session any more. Never rejects. */
  cancel(attempt: AskedAttempt): Promise<void>;
}

type Question = Omit<ReadRequest, 'id'> & { request: Request };

/** What {@link createAttemptAsker} needs. */
export interface AskAttemptOptions extends CompletionOptions {
  settings: CompletionOptions['settings'] & Pick<ServerSettings, 'getUser' | 'store'>;
  plex: CompletionOptions['plex'] & Pick<PlexClient, 'getToken'>;
  budget: ReadBudget;
}

/** How long nobody asks where Plex throttles without saying for how long, in milliseconds. */
const throttleMs = 5000;
/** How long a question of a browser can stay open, or until it asks again by itself, in milliseconds. */
const openQuestionMs = 60_000;

/** Makes an {@link AttemptAsker}. */
export function createAttemptAsker(options: AskAttemptOptions): AttemptAsker {
  const { settings, budget, claimed } = options;
  const { clock } = settings;
  const cancelled = createRecentIDs(clock, openQuestionMs);
  const ask = createAsk(options, ({ id }) => cancelled.has(id));
  /** What Plex or the application is just being asked, by the attempt's id: a second request waits for the same answer. */
  const running = new Map<string, Promise<AttemptOutcome>>();
  /** The hinted questions that wait for their turn. */
  const waiting = new Map<string, Promise<AttemptOutcome>>();

  async function takeTurn(attempt: AskedAttempt, question: Question): Promise<AttemptOutcome> {
    const { id } = attempt;
    const joined = await running.get(id);
    // An answer that was on its way may be older than the approval that a hint is about.
    if (joined && !(joined.status === 'pending' && question.isHinted)) return joined;
    // A token whose user is still to be asked about costs Plex a request, too.
    const isAnswered = () => running.has(id) || (claimed.find(attempt)?.status ?? 'claimed') !== 'claimed';
    const { request, ...turn } = question;
    if (!isAnswered() && !(await budget.take({ ...turn, id }))) return toPending(attempt, clock);
    waiting.delete(id);
    if (cancelled.has(id)) return { status: 'gone' };
    const asked = running.get(id) ?? ask(attempt, request).finally(() => running.delete(id));
    running.set(id, asked);
    return asked;
  }

  return {
    async cancel(attempt) {
      cancelled.add(attempt.id);
      // Another machine may be about to make the session.
      if (settings.store && (await claimed.findLatest(attempt))?.status === 'claimed')
        await claimed.keep(attempt, { status: 'spent', isCancelled: true });
    },
    ask(attempt, question) {
      if (!question.isHinted) return takeTurn(attempt, question);
      // However often one browser hints at once, it waits in one place.
      const asked =
        waiting.get(attempt.id) ?? takeTurn(attempt, question).finally(() => waiting.delete(attempt.id));
      waiting.set(attempt.id, asked);
      return asked;
    },
  };
}

/** Makes what asks about one attempt at a time: what is known here, then Plex, then what another machine knows. */
function createAsk(options: AskAttemptOptions, isCancelled: (attempt: AskedAttempt) => boolean) {
  const { settings, budget, claimed, onError } = options;
  const { clock, getUser } = settings;
  const read = createPinReader(options);
  const complete = createCompletion(options, isCancelled);

  async function askPlex(attempt: AskedAttempt, request: Request): Promise<AttemptOutcome> {
    const known = claimed.find(attempt);
    if (known && known.status !== 'claimed') return toEndedOutcome(known, clock);
    const reading = known ?? (await read(attempt));
    if (reading.status === 'pending') return { status: 'pending', expiresInMs: reading.expiresInMs };
    if (reading.status === 'claimed' && !known) budget.refund();
    // Another machine may have read the PIN too, or have ended the sign-in.
    const isTokenHere = reading.status === 'claimed';
    const latest = await (isTokenHere ? claimed.findLatest(attempt) : claimed.findShared(attempt));
    if (latest && latest.status !== 'claimed') return toEndedOutcome(latest, clock);
    if (latest && isBeingUsed(latest, clock)) return toPending(attempt, clock);
    if (latest) return complete(attempt, latest.token, request);
    if (reading.status === 'claimed') return complete(attempt, reading.token, request);
    const user = await askApplication(clock, 'getUser', () => getUser?.(request));
    return user ? { status: 'authenticated', user: toPlexUser(user) } : { status: 'gone' };
  }

  return async (attempt: AskedAttempt, request: Request): Promise<AttemptOutcome> => {
    try {
      return await askPlex(attempt, request);
    } catch (error) {
      if (!isPlexAuthError(error)) onError(error);
      const known = isPlexAuthError(error) ? error : toNoSession(clock.now());
      if (known.code === 'PLEX_RATE_LIMITED') budget.pause(known.retryAfterMs ?? throttleMs);
      return { status: 'failed', error: known };
    }
  };
}

/** Reads the PIN of an attempt, and keeps a token whose answer comes too late. */
function createPinReader({ settings, clientIdentifier, plex, claimed, onError }: AskAttemptOptions) {
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
    if (isOwn) await keepWaiting({ ...attempt, code }, token);
    const message = 'The PIN was made with another client identifier, or has another code';
    throw new PlexAuthError('PLEX_CLIENT_MISMATCH', message, { atMs: clock.now(), retryable: false });
  }

  /** Plex may hand a token out only once: it waits for whoever knows the code, unless a machine has it, or has used it. */
  async function keepWaiting(attempt: AskedAttempt, token: Secret): Promise<void> {
    if (!(await claimed.findLatest(attempt)))
      await claimed.keep(attempt, { status: 'claimed', token, untilMs: 0 });
  }

  async function keepLate(attempt: AskedAttempt, reading: PinReading): Promise<void> {
    const own = await requireOwn(attempt, reading);
    if (own.status === 'claimed') await keepWaiting(attempt, own.token);
  }

  return async (attempt: AskedAttempt): Promise<PinReading> => {
    const onLate = (reading: PinReading) => void keepLate(attempt, reading).catch(onError);
    const own = await clientIdentifier();
    const reading = await plex.getToken({ pinID: attempt.pinID, clientIdentifier: own, onLate });
    return requireOwn(attempt, reading);
  };
}
