import { createLateReads, type ReadLate } from '../plex/late-reads.ts';
import type { Clock } from '../ports.ts';

/** Reads late answers, until it is closed. */
export interface ClosableLateReads {
  readonly readLate: ReadLate;
  /** Resolves once no late answer is waited for. Gives up those that are not here by then. @param mostMs How long it waits at the most. */
  close(mostMs: number): Promise<void>;
}

/** Makes what reads late answers, at most `mostReads` at once: the oldest is given up for a newer one. */
export function createClosableLateReads(clock: Clock, mostReads: number): ClosableLateReads {
  const readLate = createLateReads(clock, mostReads);
  /** What gives each read up. */
  const open = new Set<AbortController>();
  let onNoneLeft = () => {};

  return {
    readLate(exchange, { onLate }) {
      const giveUp = new AbortController();
      open.add(giveUp);
      readLate(exchange, {
        signal: giveUp.signal,
        onLate,
        onEnd() {
          open.delete(giveUp);
          if (open.size === 0) onNoneLeft();
        },
      });
    },
    async close(mostMs) {
      if (open.size === 0) return;
      const ended = new Promise<void>((resolve) => {
        onNoneLeft = resolve;
      });
      const timer = clock.setTimeout(() => {
        for (const giveUp of open) giveUp.abort();
      }, mostMs);
      await ended;
      clock.clearTimeout(timer);
    },
  };
}
