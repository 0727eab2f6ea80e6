import { callListener } from '../call-listener.ts';
import type { Clock } from '../ports.ts';
import type { Exchange, WireReply } from './exchange.ts';

/** After five minutes browsers and Node's fetch give up too, and the PIN has lived a third of its time at the least. */
export const longestReadMs = 300_000;

/** How long a read that is given up still waits, in milliseconds: after a sleep of the process all are late, and their answers here. */
const graceMs = 100;

/** Who waits for a late answer. */
interface LateListener {
  signal: AbortSignal | undefined;
  /** Called once, if an answer comes. */
  onLate: (reply: WireReply) => void;
  /** Called once, when the answer is here or is not waited for any more. */
  onEnd?: () => void;
}

/** Goes on reading the answers that were not here at the time limit: a token may be in one, and come only once. */
export type ReadLate = (exchange: Exchange, listener: LateListener) => void;

/** Makes what reads the late answers of one client, at most `mostReads` at once. */
export function createLateReads(clock: Clock, mostReads: number): ReadLate {
  /** What gives up each read that is waited for, the oldest first. */
  const waiting = new Set<() => void>();

  return (exchange, { signal, onLate, onEnd }) => {
    let isOver = false;
    let timer = clock.setTimeout(letGo, longestReadMs);
    function stopWaiting(): void {
      isOver = true;
      waiting.delete(giveUp);
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', letGo);
    }
    /** Ends the read. What has come by then counts if it is complete JSON. */
    function end(reply = exchange.arrived()): void {
      if (isOver) return;
      stopWaiting();
      exchange.abort();
      if (reply) callListener(() => onLate(reply));
      onEnd?.();
    }
    /** Nobody waits for the read any more: it is aborted, and heard all the same if it ends. */
    function letGo(): void {
      stopWaiting();
      exchange.abort(signal?.reason);
      // The token may be in memory already, or the fetch in use ignores the abort.
      listenOn(exchange, onLate);
      onEnd?.();
    }
    /** Lets go soon, but not while the process sleeps. */
    function giveUp(): void {
      waiting.delete(giveUp);
      clock.clearTimeout(timer);
      const latestMs = clock.now() + 2 * graceMs;
      timer = clock.setTimeout(() => (clock.now() > latestMs ? giveUp() : letGo()), graceMs);
    }
    signal?.addEventListener('abort', letGo);
    waiting.add(giveUp);
    exchange.onPart = () => {
      if (exchange.arrived()) end();
    };
    exchange.reply.then(end, () => end());
    const [oldest] = waiting;
    if (waiting.size > mostReads) oldest?.();
  };
}

/** Listens to an exchange that nobody waits for any more, without a timer: its answer counts as soon as it is complete. */
export function listenOn(exchange: Exchange, onLate: LateListener['onLate']): void {
  let isHeard = false;
  const hear = (reply = exchange.arrived()) => {
    if (!reply || isHeard) return;
    isHeard = true;
    callListener(() => onLate(reply));
  };
  exchange.onPart = () => hear();
  exchange.reply.then(hear, () => {});
}
