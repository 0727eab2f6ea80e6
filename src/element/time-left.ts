import { internalsOf } from '../engine/engine-internals.ts';
import { systemClock } from '../ports.ts';
import type { Card } from './card.ts';

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

/** Shows how long a code still lives, or what there is to say in its place. */
export class TimeLeft {
  readonly #card: Card;
  #shown = '';
  #stopCount: (() => void) | undefined;

  constructor(card: Card) {
    this.#card = card;
  }

  /** Stops counting. The next {@link show} starts again. */
  stop(): void {
    this.#stopCount?.();
    this.#stopCount = undefined;
    this.#shown = '';
  }

  show({ engine, expiresAtMs, note, language, sentence }: TimeLeftContent): void {
    const shown = note ?? `${expiresAtMs}`;
    if (shown === this.#shown) return;
    this.stop();
    this.#shown = shown;
    this.#card.write('note', note);
    if (note || !expiresAtMs || !engine) return;
    const internals = internalsOf(engine);
    void import('./countdown.ts')
      .then(({ countDown }) => {
        if (shown !== this.#shown) return;
        this.#stopCount?.();
        this.#stopCount = countDown({
          clock: internals?.clock ?? systemClock,
          expiresAtMs,
          lifeMs: internals?.pendingPin()?.expiresInMs,
          root: this.#card.root,
          language,
          timeLeft: sentence,
        });
      })
      // Without it the time is not shown, and the sign-in continues.
      .catch(() => {});
  }
}
