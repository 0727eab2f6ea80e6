import { fieldIn, numberIn, objectIn, textIn } from './message-reader.ts';

/** A sign-in as one snapshot of it says. Times are in milliseconds since the epoch, by the clock of the messages. */
export interface SignInState {
  /** The state of the chart, such as `requestingPin.asking`. */
  readonly chartState: string;
  /** What ended, so that this state is the last. */
  readonly endedBy: 'engine' | 'program' | undefined;
  /** When the current wait ends. */
  readonly waitEndsAtMs: number;
  readonly waitMs: number;
  /** Whether Plex asked for that wait. */
  readonly isWaitFixed: boolean;
  /** When the code expires; `Infinity` without a code. */
  readonly expiresAtMs: number;
  /** The caller's own limit; `Infinity` without one. */
  readonly giveUpAtMs: number;
  /** The lifetime of the code, as Plex said when it gave the code. */
  readonly codeLifetimeMs: number;
  readonly failures: number;
  readonly renewals: number;
  readonly renewalsLeft: number;
  readonly reason: string | undefined;
  /** The code of the error that it failed with. */
  readonly error: string | undefined;
  /** The code of the last passing error. */
  readonly lastError: string | undefined;
  /** How far the engine's clock is ahead of the messages'. */
  readonly clockAheadMs: number;
  /** When the last answer came, by the engine's own clock. */
  readonly answeredAtMs: number;
}

/** What a request brought: the fields of its error, or what a read found. */
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

/** An engine whose clock differs by less counts as having the clock of the messages. */
export const sameClockMs = 1000;

/** @param atMs When the snapshot was taken. */
export function readSignInState(
  chartState: string,
  context: object,
  atMs: number,
  earlier: SignInState | undefined,
): SignInState {
  // JSON has no Infinity.
  const numberOrInfinity = (name: string) => numberIn(context, name) ?? Number.POSITIVE_INFINITY;
  const answeredAtMs = numberIn(context, 'atMs') ?? 0;
  const clockAheadMs = clockAheadOf(answeredAtMs, atMs, earlier);
  const waitMs = numberIn(context, 'waitMs') ?? 0;
  const codeLifetimeMs = numberIn(objectIn(context, 'pin'), 'expiresInMs');
  const limitLeftMs = numberOrInfinity('giveUpAfterMs') - (numberIn(context, 'spentMs') ?? 0);
  return {
    chartState,
    endedBy: undefined,
    waitEndsAtMs: answeredAtMs + waitMs - clockAheadMs,
    waitMs,
    isWaitFixed: fieldIn(context, 'isWaitFixed') === true,
    expiresAtMs:
      codeLifetimeMs === undefined
        ? Number.POSITIVE_INFINITY
        : numberOrInfinity('expiresAtMs') - clockAheadMs,
    giveUpAtMs: answeredAtMs + limitLeftMs - clockAheadMs,
    codeLifetimeMs: codeLifetimeMs ?? Number.POSITIVE_INFINITY,
    failures: numberIn(context, 'failures') ?? 0,
    renewals: numberOrInfinity('renewals'),
    renewalsLeft: numberOrInfinity('renewalsLeft'),
    reason: textIn(context, 'reason'),
    error: textIn(objectIn(context, 'error'), 'code'),
    lastError: textIn(objectIn(context, 'lastError'), 'code'),
    clockAheadMs,
    answeredAtMs,
  };
}

/** Compares the clocks whenever an answer has just come: the snapshot follows it at once. */
function clockAheadOf(answeredAtMs: number, atMs: number, earlier: SignInState | undefined): number {
  if (answeredAtMs === 0 || answeredAtMs === earlier?.answeredAtMs) return earlier?.clockAheadMs ?? 0;
  const clockAheadMs = answeredAtMs - atMs;
  return Math.abs(clockAheadMs) < sameClockMs ? 0 : clockAheadMs;
}

/** Reads what the end of an invoked actor brought. */
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
