import { internalsOf } from '../engine/engine-internals.ts';
import { systemClock } from '../ports.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';
import type { Card } from './card.ts';
import { countDown } from './countdown.ts';

/** What {@link TimeLeft.show} shows. */
export interface TimeLeftContent {
  readonly engine: object | undefined;
  /** When the code ends, in milliseconds since the epoch by the engine's clock; 0 if there is none. */
  readonly expiresAtMs: number;
  /** What to say in place of the time. */
  readonly note: string | undefined;
  readonly language: string;
  /** The sentence around the time. */
  readonly sentence: string;
}

const clockOf = (engine: object) => internalsOf(engine)?.clock ?? systemClock;

/** Shows how long a code still lives, or what there is to say in its place. */
export class TimeLeft {
  readonly #card: Card;
  readonly #onChange: () => void;
  #shown = '';
  #stopCount: (() => void) | undefined;
  #stopWait: (() => void) | undefined;

  /** @param onChange Called when less is left of a wait. */
  constructor(card: Card, onChange: () => void) {
    this.#card = card;
    this.#onChange = onChange;
  }

  /** Stops counting. The next screen starts again. */
  stop(): void {
    this.#stopWait?.();
    this.#begin('');
  }

  /**
   * Calls `onChange` when less is left, while the page is seen.
   *
   * @returns How long Plex still asks to wait, in milliseconds; 0 if it does not.
   */
  waitOf(view: PlexAuthView | BackendAuthView, engine: object): number {
    this.#stopWait?.();
    const { atMs = 0, retryAfterMs } = (view.status === 'failed' ? view.error : view.lastError) ?? {};
    if (!retryAfterMs) return 0;
    const clock = clockOf(engine);
    const waitMs = Math.max(0, atMs + retryAfterMs - clock.now());
    const stepMs = waitMs > 60_000 ? 60_000 : 1000;
    if (waitMs && !this.#card.root.ownerDocument.hidden) {
      const timer = clock.setTimeout(this.#onChange, waitMs % stepMs || stepMs);
      this.#stopWait = () => clock.clearTimeout(timer);
    }
    return waitMs;
  }

  /** Ends what was shown before. */
  #begin(shown: string): void {
    this.#stopCount?.();
    this.#stopCount = undefined;
    this.#shown = shown;
  }

  show({ engine, expiresAtMs, note, language, sentence }: TimeLeftContent): void {
    const shown = note ?? `${expiresAtMs}`;
    if (shown === this.#shown) return;
    this.#begin(shown);
    this.#card.write('note', note);
    if (note || !expiresAtMs || !engine) return;
    this.#stopCount = countDown({
      clock: clockOf(engine),
      expiresAtMs,
      lifeMs: internalsOf(engine)?.pendingPin()?.expiresInMs,
      root: this.#card.root,
      language,
      timeLeft: sentence,
    });
  }
}
