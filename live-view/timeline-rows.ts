import { type Entry, type History, isFolded, type PollRun, type SignIn } from './history.ts';

/** What the timeline shows. */
export interface TimelineFilter {
  readonly events: boolean;
  readonly states: boolean;
  readonly requests: boolean;
  /** What is no part of the sign-in that is looked at. */
  readonly others: boolean;
}

/** One line of the timeline. */
export type TimelineRow = Entry | PollRun;

/**
 * Says which lines the timeline has.
 *
 * @param unfolded The polls that are to be seen one by one.
 */
export function rowsOf(
  history: History,
  signIn: SignIn | undefined,
  filter: TimelineFilter,
  unfolded: ReadonlySet<PollRun>,
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let shown: PollRun | undefined;
  const isPollShown = filter.events || filter.states || filter.requests;
  for (const entry of history.entries) {
    const { polls } = entry;
    if (isFolded(polls) && !unfolded.has(polls)) {
      const isNew = polls !== shown;
      shown = polls;
      if (isNew && (polls.signIn === signIn ? isPollShown : filter.others)) rows.push(polls);
    } else if (isShown(entry, signIn, filter)) {
      rows.push(entry);
    }
  }
  return rows;
}

/** Whether an entry is about another actor than the sign-in that is looked at. */
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

/** Where an entry is among the lines: its own, that of its polls, or the last before it. */
export function rowAt(rows: readonly TimelineRow[], history: History, index: number): number {
  const polls = history.entries[index - history.dropped]?.polls;
  const folded = polls ? rows.lastIndexOf(polls) : -1;
  if (folded >= 0) return folded;
  return rows.findLastIndex((row) => row.kind !== 'polls' && row.index <= index);
}

/** The entry that a line stands for: of polls, the last. */
export function indexOfRow(row: TimelineRow, history: History): number {
  if (row.kind !== 'polls') return row.index;
  return history.entries.findLast(({ polls }) => polls === row)?.index ?? 0;
}
