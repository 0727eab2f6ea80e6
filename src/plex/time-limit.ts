import { PlexAuthError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { Exchange, WireReply } from './exchange.ts';

/** How long a body that is whole may take to be decoded after an abort: it needs no network. */
const longestDecodingMs = 1000;

/** How to wait for an answer. */
export interface WaitOptions {
  clock: Clock;
  timeoutMs: number;
  /** The caller's. */
  signal: AbortSignal | undefined;
  /** Takes over a request that has reached the time limit. Without it that request is aborted. */
  onLimit: (() => void) | undefined;
}

/**
 * Waits for an answer until the time limit or the caller's abort, whatever the `fetch` in use does about either. If what
 * has come by then is complete JSON, it is the answer.
 */
export function waitForReply(
  exchange: Exchange,
  { clock, timeoutMs, signal, onLimit }: WaitOptions,
): Promise<WireReply> {
  let end = () => {};
  return new Promise<WireReply>((resolve, reject) => {
    let isOver = false;
    let timer = clock.setTimeout(() => {
      const reply = exchange.arrived();
      if (reply) resolve(reply);
      else reject(toTimeoutError(timeoutMs, clock.now()));
      if (onLimit && !reply) onLimit();
      else exchange.abort();
    }, timeoutMs);
    const onAbort = async () => {
      exchange.abort(signal?.reason);
      await memoryIsRead();
      const reply = exchange.arrived();
      const giveUp = () => reject(new Error('Aborted'));
      if (reply) resolve(reply);
      else if (!exchange.isDecoding()) giveUp();
      else if (!isOver) {
        clock.clearTimeout(timer);
        timer = clock.setTimeout(giveUp, longestDecodingMs);
      }
    };
    end = () => {
      isOver = true;
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort);
    exchange.reply.then(resolve, reject);
  }).finally(() => end());
}

/** Makes the error of a request that has not been answered within its time limit. */
export function toTimeoutError(timeoutMs: number, atMs: number): PlexAuthError {
  const message = `Plex did not answer within ${timeoutMs} ms`;
  return new PlexAuthError('PLEX_TIMEOUT', message, { atMs, retryable: true });
}

/** Lets an answer be read that is in memory already. A connection that was aborted brings nothing more. */
async function memoryIsRead(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await undefined;
}
