import { lastOf } from './from-the-end.ts';
import { type History, latestStateEntry } from './history.ts';
import type { EventEntry, PollRun, SignIn } from './history-entry.ts';
import { indexOfRow, rowAt, rowsOf, type TimelineFilter, type TimelineRow } from './timeline-rows.ts';

/** Which sign-in, which lines and which moment of a history are viewed. Knows no document. */
export class TimelineCursor {
  readonly #history: History;
  /** The runs of polls that are shown one by one. */
  readonly #unfolded = new Set<PollRun>();
  #filter: TimelineFilter = {
    details: false,
    events: true,
    states: true,
    requests: true,
    others: true,
  };
  #signIn: SignIn | undefined;
  #isPicked = false;
  #rows: readonly TimelineRow[] = [];
  /** The index of the viewed entry. Undefined while the newest is followed. */
  #viewed: number | undefined;

  constructor(history: History) {
    this.#history = history;
  }

  get filter(): TimelineFilter {
    return this.#filter;
  }

  set filter(filter: TimelineFilter) {
    this.#filter = filter;
  }

  /** The picked sign-in, or else the newest. */
  get signIn(): SignIn | undefined {
    return this.#signIn;
  }

  /** The lines of the timeline, as of the last {@link refresh}. */
  get rows(): readonly TimelineRow[] {
    return this.#rows;
  }

  /** Whether the newest entry is followed. */
  get isLive(): boolean {
    return this.#viewed === undefined;
  }

  /** The place of the viewed line; -1 if there is none. */
  get place(): number {
    return this.#viewed === undefined
      ? this.#rows.length - 1
      : rowAt(this.#rows, this.#history, this.#viewed);
  }

  /** The entry that says what state the sign-in was in at the viewed moment. */
  get entry(): EventEntry | undefined {
    return this.#signIn && latestStateEntry(this.#history, this.#signIn, this.#index);
  }

  /** The viewed moment, in milliseconds since the epoch. */
  get atMs(): number {
    const entry = this.#history.entries[Math.max(0, this.#index - this.#history.dropped)];
    return entry?.atMs ?? this.#signIn?.startMs ?? 0;
  }

  /** How many entries came after the viewed one. */
  get newerCount(): number {
    return this.#newestIndex - this.#index;
  }

  get #newestIndex(): number {
    return this.#history.dropped + this.#history.entries.length - 1;
  }

  get #index(): number {
    return this.#viewed ?? this.#newestIndex;
  }

  /** Takes in what came since the last time. */
  refresh(): void {
    if (!this.#isPicked || !this.#signIn) this.#signIn = lastOf(this.#history.signIns);
    this.#rows = rowsOf(this.#history, this.#signIn, this.#filter, this.#unfolded);
  }

  pickSignIn(number: number): void {
    const { signIns } = this.#history;
    this.#signIn = signIns.find((one) => one.number === number);
    this.#isPicked = this.#signIn !== lastOf(signIns);
  }

  /** Views a line. Returns `false` if there is none at that place. */
  moveTo(place: number): boolean {
    const row = this.#rows[place];
    if (row) this.#viewed = indexOfRow(row, this.#history);
    return row !== undefined;
  }

  pause(): void {
    this.#viewed = this.#index;
  }

  goLive(): void {
    this.#viewed = undefined;
  }

  /** Whether a line stands for folded polls (`true`) or begins unfolded ones (`false`). Undefined for any other line. */
  isFoldedAt(place: number): boolean | undefined {
    const row = this.#rows[place];
    if (!this.#filter.details) return undefined;
    if (row?.kind === 'polls') return true;
    const run = row?.pollRun;
    return run && this.#unfolded.has(run) && runOf(this.#rows[place - 1]) !== run ? false : undefined;
  }

  /** Shows the polls of a line one by one, or as one line again. */
  toggleFold(place: number): void {
    const run = runOf(this.#rows[place]);
    if (!run || this.isFoldedAt(place) === undefined) return;
    if (!this.#unfolded.delete(run)) this.#unfolded.add(run);
  }
}

function runOf(row: TimelineRow | undefined): PollRun | undefined {
  return row?.kind === 'polls' ? row : row?.pollRun;
}
