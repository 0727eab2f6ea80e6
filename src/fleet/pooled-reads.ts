/** Reads of PINs over the pool: no promise, timer or closure for each, since thousands are made each second. */
import type { Dispatcher } from 'undici';
import type { PinReading } from '../pin.ts';
import type { Bases, Outcome } from '../plex/bases.ts';
import { identifierHeader } from '../plex/device.ts';
import type { WireReply } from '../plex/exchange.ts';
import type { ReadLate } from '../plex/late-reads.ts';
import { readLate as callLate, toReading } from '../plex/pin-calls.ts';
import type { PinToRead, ReadListener, ReadParts, ReadPin } from '../plex/read-pin.ts';
import { toTimeoutError } from '../plex/time-limit.ts';
import type { Clock } from '../ports.ts';
import { PooledExchange, splitBase } from './pooled-exchange.ts';
import { createTimerWheel, notWaiting, type TimerWheel, type Waiting } from './timer-wheel.ts';

/** What {@link createPooledReads} needs. */
export interface PooledReadsOptions {
  readonly pool: Dispatcher;
  readonly bases: Bases;
  readonly clock: Clock;
  readonly parts: ReadParts;
  readonly timeoutMs: number;
  /** Goes on with reads that reached the time limit, for a late token. */
  readonly readLate: ReadLate;
}

/** What all reads share. */
interface Surroundings extends PooledReadsOptions {
  /** The time limits of all reads in flight. */
  readonly limits: TimerWheel<PooledRead>;
  /** The headers of every read, each name before its value. */
  readonly headers: readonly string[];
  /** Gives where the pool finds a base, and what comes before and after the PIN's id in the path. */
  targetOf(base: string): { readonly origin: string; readonly before: string; readonly after: string };
}

/** Reads PINs over a pool. */
export interface PooledReads {
  readonly readPin: ReadPin;
  /** Ends the timer of the time limits. */
  stop(): void;
}

/** Makes what reads PINs over a pool. What an answer means, and which host is asked, is the wire's as everywhere. */
export function createPooledReads(options: PooledReadsOptions): PooledReads {
  const { clock, parts } = options;
  const targetOf = createTargets(parts.query);
  const surroundings: Surroundings = {
    ...options,
    limits: createTimerWheel<PooledRead>(clock, (read) => read.endAtLimit()),
    headers: [
      ...Object.entries(parts.headers).filter(([name]) => name !== identifierHeader),
      ['accept', 'application/json'],
    ].flat(),
    targetOf,
  };
  return {
    readPin: (pin, listener) => new PooledRead(surroundings, pin, listener).send(),
    stop: () => surroundings.limits.stop(),
  };
}

/** One read, until its outcome stands. */
class PooledRead implements Waiting {
  dueMs = 0;
  slot = notWaiting;
  private readonly around: Surroundings;
  private readonly pin: PinToRead;
  private readonly listener: ReadListener;
  private order: readonly string[];
  private left: number;
  private exchange: PooledExchange | undefined;

  constructor(around: Surroundings, pin: PinToRead, listener: ReadListener) {
    this.around = around;
    this.pin = pin;
    this.listener = listener;
    this.order = around.bases.of(around.parts.serverURL);
    this.left = this.order.length;
  }

  send(): void {
    const { pool, clock, limits, timeoutMs, headers, targetOf } = this.around;
    const { pinID, clientIdentifier } = this.pin;
    const { origin, before, after } = targetOf(this.order[0] ?? '');
    const exchange = new PooledExchange(clock);
    exchange.onEnd = (outcome) => this.take(outcome);
    this.exchange = exchange;
    limits.add(this, timeoutMs);
    pool.dispatch(
      {
        origin,
        path: before + pinID + after,
        method: 'GET',
        headers: [identifierHeader, clientIdentifier, ...headers],
      },
      exchange,
    );
  }

  /** The time limit has passed. If what has come by then is complete JSON, it is the answer. */
  endAtLimit(): void {
    const { clock, timeoutMs, readLate } = this.around;
    const { exchange, listener } = this;
    if (!exchange) return;
    const reply = exchange.arrived();
    if (!reply) {
      const onLate = (late: WireReply) => callLate(late, (reading) => listener.onLate(reading));
      readLate(exchange, { signal: undefined, onLate });
    }
    this.take(reply ?? toTimeoutError(timeoutMs, clock.now()));
    if (reply) exchange.abort();
  }

  private take(outcome: Outcome): void {
    if (!this.exchange) return;
    const { bases, limits, parts } = this.around;
    this.exchange = undefined;
    limits.remove(this);
    const next = bases.next(parts.serverURL, this.order, outcome);
    if (next && --this.left > 0) {
      this.order = next;
      this.send();
    } else deliver(outcome, this.listener);
  }
}

function deliver(outcome: Outcome, listener: ReadListener): void {
  let reading: PinReading | undefined;
  let error: unknown = outcome;
  try {
    if (!(outcome instanceof Error)) reading = toReading(outcome);
  } catch (thrown) {
    error = thrown;
  }
  if (reading) listener.onReading(reading);
  else listener.onError(error);
}

/** Makes what splits the address of an API once: all reads go to one or two. */
function createTargets(query: Record<string, string>): Surroundings['targetOf'] {
  const search = new URLSearchParams(query).toString();
  const after = search && `?${search}`;
  const targets = new Map<string, ReturnType<Surroundings['targetOf']>>();
  return (base) => {
    let target = targets.get(base);
    if (!target) {
      const { origin, pathname } = splitBase(base);
      target = { origin, before: `${pathname}/pins/`, after };
      targets.set(base, target);
    }
    return target;
  };
}
