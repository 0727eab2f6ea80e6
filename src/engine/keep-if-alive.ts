import { PlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import { type StoreAccessOptions, toText, type WriteOutcome } from './store-access.ts';

/** Asks Plex whether the credentials that are held are still valid. */
export type Verify = () => Promise<{ status: 'valid' | 'rejected' | 'unknown' }>;

/** What {@link createKeepIfAlive} needs. */
export interface KeepIfAliveOptions extends Pick<StoreAccessOptions, 'clock' | 'life'> {
  /** Writes the credentials if the place is free, by what is stored then. */
  write(own: Credentials, isFree: (stored: unknown) => boolean): WriteOutcome;
  /** Whether they may be written over what is stored, whoever lives. */
  isFreeFor(own: Credentials): (stored: unknown) => boolean;
  isForgotten(own: Credentials): boolean;
}

/** Keeps credentials where others may be stored. */
export interface KeepIfAlive {
  keep(own: Credentials, verify: Verify): WriteOutcome;
  /** Asks no more: the credentials are given up. */
  stop(): void;
}

/** How long to wait before Plex is asked again, in milliseconds. */
const askAgainMs = 30_000;

/**
 * Makes what keeps credentials where others may be stored, which may be of a later sign-in: those are replaced once Plex has
 * said that these are valid, if they are still the same then.
 */
export function createKeepIfAlive(options: KeepIfAliveOptions): KeepIfAlive {
  const { write, isFreeFor, isForgotten, clock, life } = options;
  let timer: unknown;
  const stop = () => clock.clearTimeout(timer);
  life?.onEnd(stop);

  /** Nobody knows whose sign-in was the later one. What is stored stays until Plex says. */
  function keepLater(own: Credentials, verify: Verify): PlexAuthError {
    stop();
    timer = clock.setTimeout(() => void keep(own, verify), askAgainMs);
    const message = 'Another token is stored, and Plex could not be asked which one is valid';
    return new PlexAuthError('PLEX_STORE', message, { atMs: clock.now(), retryable: true });
  }

  async function keep(own: Credentials, verify: Verify): WriteOutcome {
    /** Those that are there while Plex is asked. */
    let others: string | undefined;
    for (;;) {
      let isFree = true;
      const error = await write(own, (stored) => {
        const text = toText(stored);
        isFree = text === others || isFreeFor(own)(stored);
        others = text;
        return isFree;
      });
      if (isFree) return error;
      const { status } = await verify();
      if (isForgotten(own) || life?.isOver) return undefined;
      if (status === 'unknown') return keepLater(own, verify);
    }
  }

  return { keep, stop };
}
