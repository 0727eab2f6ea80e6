import { numberIn, objectIn, textIn } from './message-reader.ts';

/** What a snapshot of a sign-in says. Times are in milliseconds since the epoch, by the clock of the messages. */
export interface SignInFacts {
  /** Where the chart stands, such as `requestingPin.asking`. */
  readonly state: string;
  /** What ended that it ran in: no more comes of it. */
  readonly endedBy: 'engine' | 'program' | undefined;
  /** When the wait that goes on ends. */
  readonly waitEndsMs: number;
  readonly waitMs: number;
  /** Whether Plex asked for that wait. */
  readonly isHeld: boolean;
  /** When the code ends; `Infinity` without one. */
  readonly expiresAtMs: number;
  /** The caller's own limit. */
  readonly giveUpAtMs: number;
  /** How long Plex said that the code lives, when it gave it. */
  readonly lifeMs: number;
  readonly failures: number;
  readonly renewals: number;
  readonly renewalsLeft: number;
  readonly reason: string | undefined;
  /** The code of what it failed by. */
  readonly error: string | undefined;
  /** The code of the last fault that passed. */
  readonly lastError: string | undefined;
  /** What is to be taken from the engine's own times. */
  readonly aheadMs: number;
  /** The engine's own time of the last answer. */
  readonly answeredAtMs: number;
}

/** What a request brought: its error's fields, or what a read found. */
export interface Answer {
  /** When it came, by the engine's own clock. */
  readonly atMs: number | undefined;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly plexCode: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** `pending`, `claimed` or `gone`. */
  readonly reading: string | undefined;
}

/** An engine whose clock is off by less has the clock of the messages. */
export const sameClockMs = 1000;

/** @param atMs When the snapshot was taken. */
export function readFacts(
  state: string,
  context: object,
  atMs: number,
  earlier: SignInFacts | undefined,
): SignInFacts {
  // JSON has no Infinity.
  const endless = (name: string) => numberIn(context, name) ?? Number.POSITIVE_INFINITY;
  const answeredAtMs = numberIn(context, 'atMs') ?? 0;
  const aheadMs = aheadOf(answeredAtMs, atMs, earlier);
  const waitMs = numberIn(context, 'waitMs') ?? 0;
  return {
    state,
    endedBy: undefined,
    waitEndsMs: answeredAtMs + waitMs - aheadMs,
    waitMs,
    isHeld:
      Object.hasOwn(context, 'isWaitFixed') && (context as { isWaitFixed?: unknown }).isWaitFixed === true,
    expiresAtMs: endless('expiresAtMs') - aheadMs,
    giveUpAtMs: endless('giveUpAtMs') - aheadMs,
    lifeMs: hasCode(earlier) ? earlier.lifeMs : endless('expiresInMs'),
    failures: numberIn(context, 'failures') ?? 0,
    renewals: endless('renewals'),
    renewalsLeft: endless('renewalsLeft'),
    reason: textIn(context, 'reason'),
    error: textIn(objectIn(context, 'error'), 'code'),
    lastError: textIn(objectIn(context, 'lastError'), 'code'),
    aheadMs,
    answeredAtMs,
  };
}

function hasCode(facts: SignInFacts | undefined): facts is SignInFacts {
  return facts !== undefined && facts.expiresAtMs < Number.POSITIVE_INFINITY;
}

/** How far the engine's clock is ahead, as its last answer tells, which came just before the snapshot. */
function aheadOf(answeredAtMs: number, atMs: number, earlier: SignInFacts | undefined): number {
  if (answeredAtMs === 0 || answeredAtMs === earlier?.answeredAtMs) return earlier?.aheadMs ?? 0;
  const aheadMs = answeredAtMs - atMs;
  return Math.abs(aheadMs) < sameClockMs ? 0 : aheadMs;
}

/** Reads what an invoked actor's end brought. */
export function readAnswer(event: unknown): Answer | undefined {
  const output = objectIn(event, 'output');
  const own = objectIn(event, 'error');
  const error = Object.keys(own).length > 0 ? own : objectIn(output, 'error');
  const reading = textIn(output, 'status');
  const code = textIn(error, 'code');
  if (code === undefined && reading === undefined) return undefined;
  return {
    atMs: numberIn(output, 'atMs') ?? numberIn(error, 'atMs'),
    code,
    status: numberIn(error, 'status'),
    plexCode: numberIn(error, 'plexCode'),
    retryAfterMs: numberIn(error, 'retryAfterMs'),
    reading,
  };
}
