import { clockTime, counted, duration, inSeconds, toEventLabel } from './format.ts';
import { lastOf } from './from-the-end.ts';
import type { EventEntry, PollRun, RequestEntry, SignIn } from './history-entry.ts';
import { isOther, isStep, type TimelineRow } from './timeline-rows.ts';

/** The texts of one line of the timeline. */
export interface RowText {
  readonly time: string;
  readonly title: string;
  /** The state that the event led to. */
  readonly target: string;
  readonly side: string;
  readonly mark: 'event' | 'step' | 'request' | 'polls';
  readonly tone: 'plain' | 'good' | 'bad' | 'out';
  readonly isDim: boolean;
}

/**
 * What happened, for readers who do not know the chart: by the event and the state that it led to.
 *
 * Brief: the name of the state stands behind it, in a timeline of 20rem.
 */
const plainTitles: Readonly<Record<string, string>> = {
  created: 'Ready',
  START: 'Sign-in started',
  RESUME: 'Stored code',
  RESTORE: 'Restored',
  CANCEL: 'Cancelled',
  SIGN_OUT: 'Signing out',
  REJECTED: 'Token refused',
  CHECK: 'Asked at once',
  getPin: 'A code came',
  'getPin error': 'No code',
  'after retryDelay': 'Asked again',
  'getToken authenticated': 'Approved',
  'getToken expired': 'The code ended',
  'getToken asking': 'The code is renewed',
  'getToken failed': 'Unknown code',
  'getToken error': 'A poll failed',
  signOut: 'Signed out',
  'signOut error': 'Signed out here',
};

/**
 * Describes a line. Times count from the start of the sign-in's flow.
 *
 * @param isPlain Whether in words for readers who do not know the chart.
 */
export function textOfRow(row: TimelineRow, signIn: SignIn | undefined, isPlain = false): RowText {
  const startMs = signIn?.startMs ?? 0;
  const shared = { isDim: isOther(row, signIn) };
  if (row.kind === 'polls') return { ...shared, ...textOfPolls(row, startMs) };
  const time = clockTime(row.atMs - startMs);
  if (row.kind === 'request') return { ...shared, time, ...textOfRequest(row) };
  const text = textOfEvent(row, signIn);
  return { ...shared, time, ...text, ...(isPlain && toPlainWords(row, text)) };
}

/** An error is told with its code and without the state to wait in, or, if it ends the sign-in, with that state. */
function toPlainWords(
  { type, after }: EventEntry,
  { title, target, side }: Pick<RowText, 'title' | 'target' | 'side'>,
): Pick<RowText, 'title' | 'target' | 'side'> {
  const label = toEventLabel(type);
  const isEnd = after === 'failed' || after === 'expired';
  return {
    title: plainTitles[`${label} ${target}`] ?? plainTitles[label] ?? title,
    target: label.endsWith(' error') && !isEnd ? '' : target,
    side: isEnd || side === 'gone' ? '' : side,
  };
}

function textOfPolls({ count, fromMs, toMs }: PollRun, startMs: number) {
  const paceMs = (toMs - fromMs) / Math.max(1, count - 1);
  return {
    time: clockTime(fromMs - startMs),
    title: `${counted(count, 'poll')}: not yet`,
    target: '',
    side: count > 1 ? `every ${inSeconds(paceMs)}` : '',
    mark: 'polls' as const,
    tone: 'plain' as const,
  };
}

function textOfRequest({ method, path, status, errorName, durationMs }: RequestEntry) {
  const isOut = durationMs === undefined;
  const isBad = errorName !== undefined || (status !== undefined && status >= 400);
  const took = isOut ? undefined : duration(durationMs);
  return {
    title: `${method} ${path}`,
    target: '',
    side: isOut ? 'out' : [status ?? errorName, took].filter((part) => part !== undefined).join(' · '),
    mark: 'request' as const,
    tone: isOut ? ('out' as const) : isBad ? ('bad' as const) : ('plain' as const),
  };
}

function textOfEvent(entry: EventEntry, signIn: SignIn | undefined) {
  const { type, actorName, after, answer, state } = entry;
  const isBad = type.startsWith('xstate.error.') || after === 'failed' || after === 'expired';
  const isOfOther = entry.signIn !== undefined && entry.signIn !== signIn;
  const whose = isOfOther ? `sign-in ${entry.signIn?.number}` : actorName;
  // An expired code is unknown to Plex, which is not an error.
  const isGone = answer?.reading === 'gone' && after !== 'failed';
  const code = isGone ? 'gone' : (answer?.code ?? (type === 'STORE_FAILED' ? state?.lastError : undefined));
  const label = toEventLabel(type);
  return {
    // The error's code already says so.
    title: [whose, code ? label.replace(/ error$/, '') : label].filter(Boolean).join(' · '),
    target: isStep(entry) ? (lastOf(after?.split('.') ?? []) ?? '') : '',
    side: code?.replace(/^PLEX_/, '') ?? '',
    mark: isStep(entry) ? ('step' as const) : ('event' as const),
    tone: isBad ? ('bad' as const) : after === 'authenticated' ? ('good' as const) : ('plain' as const),
  };
}
