import type { Clock } from '../ports.ts';
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

/** Makes the list of one engine. @param life Aborted once the engine has ended. */
export function createBackgroundReads(clock: Clock, life: AbortSignal): BackgroundReads {
  /** What ends each read, and when it was added. */
  const reads = new Map<EndRead, number>();
  const isAnyOut = () => [...reads.values()].some((atMs) => clock.now() - atMs < longestReadMs);
  const end = () => {
    // A token that comes after the end of the engine is stored.
    for (const endRead of reads.keys()) endRead(!life.aborted);
    reads.clear();
  };
  life.addEventListener('abort', end);
  return {
    add(endRead) {
      reads.set(endRead, clock.now());
      const [oldest] = reads.keys();
      if (reads.size <= mostReads || !oldest) return;
      reads.delete(oldest);
      oldest(false);
    },
    remove: (endRead) => void reads.delete(endRead),
    end,
    async wait(signal) {
      let waitedMs = 0;
      for (; waitedMs < waitMs && isAnyOut() && !signal.aborted; waitedMs += lookMs)
        await sleep(clock, lookMs, signal);
      return waitedMs > 0;
    },
  };
}
