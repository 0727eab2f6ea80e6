import type { Clock } from '../ports.ts';
import type { Life } from './life.ts';
import { sleep } from './sleep.ts';

type EndRead = (isUnwanted: boolean) => void;

/** The reads of one engine that timed out and go on: Plex may hand the token to one of them. */
export interface BackgroundReads {
  /** @param end Ends the read. `isUnwanted`: its token too, since another one is here. */
  add(end: EndRead): void;
  /** The read has brought its answer. */
  remove(end: EndRead): void;
  /** Ends them all: a token is here, or the engine has ended. */
  end(): void;
  /**
   * Waits until they have ended, for half a minute at the most. A token that one brings is given to the chart, which then
   * aborts the signal.
   *
   * @returns Whether there was anything to wait for.
   */
  wait(signal: AbortSignal): Promise<boolean>;
}

/** More would take the connections that the next reads need. */
const mostReads = 2;
const waitMs = 30_000;
/** How often it looks whether they have ended. */
const lookMs = 250;
/** The wire says nothing of a read that ends without an answer. After this time it has. */
const longestReadMs = 300_000;

/** Makes the list of one engine. */
export function createBackgroundReads(clock: Clock, life: Life): BackgroundReads {
  return new ReadList(clock, life);
}

class ReadList implements BackgroundReads {
  readonly #clock: Clock;
  readonly #life: Life;
  /** What ends each read, and when it was added. */
  #reads: Map<EndRead, number> | undefined;

  constructor(clock: Clock, life: Life) {
    this.#clock = clock;
    this.#life = life;
    life.onEnd(() => this.end());
  }

  add(endRead: EndRead): void {
    this.#reads ??= new Map();
    const reads = this.#reads;
    reads.set(endRead, this.#clock.now());
    const [oldest] = reads.keys();
    if (reads.size <= mostReads || !oldest) return;
    reads.delete(oldest);
    oldest(false);
  }

  remove(endRead: EndRead): void {
    this.#reads?.delete(endRead);
  }

  end(): void {
    // A token that comes after the end of the engine is stored.
    for (const endRead of this.#reads?.keys() ?? []) endRead(!this.#life.isOver);
    this.#reads?.clear();
  }

  async wait(signal: AbortSignal): Promise<boolean> {
    let waitedMs = 0;
    for (; waitedMs < waitMs && this.#isAnyOut() && !signal.aborted; waitedMs += lookMs)
      await sleep(this.#clock, lookMs, signal);
    return waitedMs > 0;
  }

  #isAnyOut(): boolean {
    const addedMs = [...(this.#reads?.values() ?? [])];
    return addedMs.some((atMs) => this.#clock.now() - atMs < longestReadMs);
  }
}
