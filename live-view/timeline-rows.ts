import { findLastIndex } from './from-the-end.ts';
import type { History } from './history.ts';
import type { Entry, PollRun, SignIn } from './history-entry.ts';
import { isFolded } from './poll-runs.ts';

/** What the timeline shows. */
export interface TimelineFilter {
  /** Whether everything is shown that the other filters let through. Without it, only the steps of the sign-in. */
  readonly details: boolean;
  readonly events: boolean;
  readonly states: boolean;
  readonly requests: boolean;
  /** Other actors and other sign-ins. */
  readonly others: boolean;
}

/** One line of the timeline. */
export type TimelineRow = Entry | PollRun;

/**
 * Picks the lines of the timeline.
 *
 * @param unfolded The runs of polls that are shown one by one.
 */
export function rowsOf(
  history: History,
  signIn: SignIn | undefined,
  filter: TimelineFilter,
  unfolded: ReadonlySet<PollRun>,
): TimelineRow[] {
  if (!filter.details) return plainRowsOf(history, signIn);
  const rows: TimelineRow[] = [];
  let shown: PollRun | undefined;
  const isPollShown = filter.events || filter.states || filter.requests;
  for (const entry of history.entries) {
    const { pollRun } = entry;
    if (isFolded(pollRun) && !unfolded.has(pollRun)) {
      const isNew = pollRun !== shown;
      shown = pollRun;
      if (isNew && (pollRun.signIn === signIn ? isPollShown : filter.others)) rows.push(pollRun);
    } else if (isShown(entry, signIn, filter)) {
      rows.push(entry);
    }
  }
  return rows;
}

/** The steps of one sign-in. All polls that found nothing new are one line. */
function plainRowsOf(history: History, signIn: SignIn | undefined): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let shown: PollRun | undefined;
  for (const entry of history.entries) {
    if (entry.kind !== 'event' || isOther(entry, signIn)) continue;
    const { pollRun, before, after, type, state } = entry;
    if (pollRun) {
      if (pollRun !== shown) rows.push(pollRun);
      shown = pollRun;
      // A poll is shown by what it brings.
    } else if (isStep(entry) && (after !== 'fetchingToken' || type === 'RESUME')) {
      const isNotYet = before === 'fetchingToken' && after === 'awaitingLink' && !state?.lastError;
      if (isNotYet) continue;
      rows.push(entry);
    }
  }
  return rows;
}

/** Whether a line is about another actor than the sign-in. */
export function isOther(row: TimelineRow, signIn: SignIn | undefined): boolean {
  if (row.kind === 'request') return row.signIn !== undefined && row.signIn !== signIn;
  return row.signIn !== signIn || (row.kind === 'event' && row.actorName !== undefined);
}

function isShown(entry: Entry, signIn: SignIn | undefined, filter: TimelineFilter): boolean {
  if (isOther(entry, signIn)) return filter.others;
  if (entry.kind === 'request') return filter.requests;
  return filter.events || (filter.states && isStep(entry));
}

/** Whether an entry led to another state. */
export function isStep(entry: Entry): boolean {
  return entry.kind === 'event' && entry.after !== undefined && entry.after !== entry.before;
}

/** The place of an entry among the lines: its own line, that of its polls, or the last one before it. */
export function rowAt(rows: readonly TimelineRow[], history: History, index: number): number {
  const run = history.entries[index - history.dropped]?.pollRun;
  const folded = run ? rows.lastIndexOf(run) : -1;
  if (folded >= 0) return folded;
  return findLastIndex(rows, (row) => row.kind !== 'polls' && row.index <= index);
}

/** The index of the entry that a line stands for; of polls, the last. */
export function indexOfRow(row: TimelineRow, history: History): number {
  if (row.kind !== 'polls') return row.index;
  const last = findLastIndex(history.entries, ({ pollRun }) => pollRun === row);
  return history.entries[last]?.index ?? 0;
}
