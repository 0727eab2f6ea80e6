import type { Realm } from './clipboard-and-download.ts';
import { lastOf } from './from-the-end.ts';
import type { History } from './history.ts';
import type { EventEntry, SignIn } from './history-entry.ts';
import { isFolded } from './poll-runs.ts';

/** How long each state is seen at least: a request often takes less than a frame. */
const leastMs = 300;
/** The picture is never further behind than this. */
const mostLagMs = 1500;
const replayMs = 500;
/** The most steps of a replay. The first and the last ones are shown. */
const mostSteps = 16;

/** Shows the steps of a sign-in one after another, slowly enough to be seen. */
export class MovePlayer {
  readonly #window: Realm;
  readonly #show: (entry: EventEntry | undefined) => void;
  readonly #onReplay: (isRunning: boolean) => void;
  #queue: EventEntry[] = [];
  /** The newest entry that was shown or is to be. */
  #newest: EventEntry | undefined;
  #timer: number | undefined;
  #isReplaying = false;

  constructor(
    window: Realm,
    show: (entry: EventEntry | undefined) => void,
    onReplay: (isRunning: boolean) => void,
  ) {
    this.#window = window;
    this.#show = show;
    this.#onReplay = onReplay;
  }

  get isReplaying(): boolean {
    return this.#isReplaying;
  }

  /** Shows the steps since the last one, up to this entry. If they are too many, only this entry. */
  follow(history: History, entry: EventEntry | undefined): void {
    const since = this.#newest;
    if (entry === since) return;
    const isLater = since && entry && entry.signIn === since.signIn && entry.index > since.index;
    const steps = isLater ? stepsIn(history, since.signIn, since.index + 1) : [];
    const isTooMuch = (this.#queue.length + steps.length) * leastMs > mostLagMs;
    if (!isLater || isTooMuch) {
      this.jumpTo(entry);
      return;
    }
    this.#stopReplay();
    this.#newest = entry;
    this.#queue.push(...steps);
    if (this.#timer === undefined) this.#showNext(leastMs);
  }

  /** Shows an entry at once, as when the user picks a moment. */
  jumpTo(entry: EventEntry | undefined): void {
    if (entry === this.#newest && (this.#isReplaying || this.#queue.length === 0)) return;
    this.#stopReplay();
    this.#queue = [];
    this.#newest = entry;
    this.#show(entry);
    this.#wait(leastMs);
  }

  /** Shows the way that a sign-in took, and then where it is. */
  replay(history: History, entry: EventEntry): void {
    this.jumpTo(entry);
    const steps = stepsIn(history, entry.signIn, 0).filter(({ pollRun }) => !isFolded(pollRun));
    const half = mostSteps / 2;
    this.#queue = steps.length > mostSteps ? [...steps.slice(0, half), ...steps.slice(-half)] : steps;
    if (lastOf(this.#queue) !== entry) this.#queue.push(entry);
    this.#isReplaying = true;
    this.#onReplay(true);
    this.#showNext(replayMs);
  }

  stopReplay(): void {
    if (this.#isReplaying) this.#show(this.#newest);
    this.#stopReplay();
  }

  close(): void {
    this.#window.clearTimeout(this.#timer);
  }

  #stopReplay(): void {
    if (!this.#isReplaying) return;
    this.#isReplaying = false;
    this.#queue = [];
    this.#onReplay(false);
  }

  #showNext(ms: number): void {
    const next = this.#queue.shift();
    if (next) {
      this.#show(next);
      this.#wait(ms);
    } else {
      this.#timer = undefined;
      this.#stopReplay();
    }
  }

  #wait(ms: number): void {
    this.#window.clearTimeout(this.#timer);
    this.#timer = this.#window.setTimeout(() => this.#showNext(ms), ms);
  }
}

/** What led a sign-in to another state, and what the user did, from an index on. */
function stepsIn({ entries, dropped }: History, signIn: SignIn | undefined, index: number): EventEntry[] {
  const steps: EventEntry[] = [];
  for (const entry of entries.slice(Math.max(0, index - dropped))) {
    if (entry.kind !== 'event' || entry.signIn !== signIn || !entry.state) continue;
    if (entry.before !== entry.after || !entry.type.startsWith('xstate.')) steps.push(entry);
  }
  return steps;
}
