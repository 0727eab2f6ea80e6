import type { EventEntry, PollRun, RequestEntry, SignIn } from './history.ts';
import { isOther, isStep, type TimelineRow } from './timeline-rows.ts';
import { clockTime, counted, duration, inSeconds, labelOfEvent } from './words.ts';

/** What one line of the timeline says. */
export interface RowText {
  readonly time: string;
  readonly title: string;
  /** The state that it led to. */
  readonly target: string;
  readonly side: string;
  readonly mark: 'event' | 'step' | 'request' | 'polls';
  readonly tone: 'plain' | 'good' | 'bad' | 'out';
  readonly isDim: boolean;
}

/** Says what a line is about. Times are counted from the beginning of the sign-in's flow. */
export function textOfRow(row: TimelineRow, signIn: SignIn | undefined): RowText {
  const startMs = signIn?.startMs ?? 0;
  const shared = { isDim: isOther(row, signIn) };
  if (row.kind === 'polls') return { ...shared, ...textOfPolls(row, startMs) };
  const time = clockTime(row.atMs - startMs);
  if (row.kind === 'request') return { ...shared, time, ...textOfRequest(row) };
  return { ...shared, time, ...textOfEvent(row, signIn) };
}

function textOfPolls({ count, fromMs, toMs }: PollRun, startMs: number) {
  const paceMs = (toMs - fromMs) / Math.max(1, count - 1);
  return {
    time: clockTime(fromMs - startMs),
    title: `${counted(count, 'poll')}: not yet`,
    target: '',
    side: `every ${inSeconds(paceMs)}`,
    mark: 'polls' as const,
    tone: 'plain' as const,
  };
}

function textOfRequest({ method, path, status, fault, durationMs }: RequestEntry) {
  const isOut = durationMs === undefined;
  const isBad = fault !== undefined || (status !== undefined && status >= 400);
  const took = isOut ? undefined : duration(durationMs);
  return {
    title: `${method} ${path}`,
    target: '',
    side: isOut ? 'out' : [status ?? fault, took].filter((part) => part !== undefined).join(' · '),
    mark: 'request' as const,
    tone: isOut ? ('out' as const) : isBad ? ('bad' as const) : ('plain' as const),
  };
}

function textOfEvent(entry: EventEntry, signIn: SignIn | undefined) {
  const { type, actorName, after, answer, facts } = entry;
  const isBad = type.startsWith('xstate.error.') || after === 'failed' || after === 'expired';
  const isForeign = entry.signIn !== undefined && entry.signIn !== signIn;
  const whose = isForeign ? `sign-in ${entry.signIn?.number}` : actorName;
  // A code that has run out is unknown to Plex, and no fault.
  const isGone = answer?.reading === 'gone' && after !== 'failed';
  const code = isGone ? 'gone' : (answer?.code ?? (type === 'STORE_FAILED' ? facts?.lastError : undefined));
  const label = labelOfEvent(type);
  return {
    // The code says that it is an error.
    title: [whose, code ? label.replace(/ error$/, '') : label].filter(Boolean).join(' · '),
    target: isStep(entry) ? (after?.split('.').at(-1) ?? '') : '',
    side: code?.replace(/^PLEX_/, '') ?? '',
    mark: isStep(entry) ? ('step' as const) : ('event' as const),
    tone: isBad ? ('bad' as const) : after === 'authenticated' ? ('good' as const) : ('plain' as const),
  };
}
