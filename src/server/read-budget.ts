import {
  countRequest,
  createPace,
  isSilentsTurn,
  paceOpensAtMs,
  pauseRequests,
} from '../plex/request-pace.ts';
import type { Clock } from '../ports.ts';
import { createWaitingReads, type WaitingReads } from './waiting-reads.ts';

/** Who wants to ask Plex. */
export interface ReadRequest {
  /** Whether the user has probably just approved: such a request goes before all silent ones. */
  readonly isHinted: boolean;
  /** The attempt's id. Silent ones take turns in the order of these, so that none starves and nothing is kept of any. */
  readonly id: string;
  /** How long it is worth waiting for a turn, in milliseconds. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Shares the few reads that Plex allows one client identifier among all attempts. */
export interface ReadBudget {
  /** @returns True once it is this request's turn, false if none came in time. */
  take(request: ReadRequest): Promise<boolean>;
  /** The last turn brought a token. Only questions for nothing are worth saving. */
  refund(): void;
  /** Plex asked to wait: nobody reads for this long, in milliseconds. */
  pause(ms: number): void;
}

interface Waiter extends ReadRequest {
  settle(isTurn: boolean): void;
}

/** Makes a {@link ReadBudget}. */
export function createReadBudget(clock: Clock, readsPerSecond: number): ReadBudget {
  const intervalMs = 1000 / readsPerSecond;
  const waiters = createWaitingReads<Waiter>();
  const pace = createPace();
  let lastSilentID = '';
  let timer: unknown;

  function serve(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    const choose = () => chooseNext(waiters, lastSilentID, isSilentsTurn(pace));
    for (let turn = choose(); turn; turn = choose()) {
      const { next, isAhead } = turn;
      const nowMs = clock.now();
      const waitMs = paceOpensAtMs(pace, intervalMs, nowMs, isAhead) - nowMs;
      if (waitMs > 0) {
        timer = clock.setTimeout(serve, Math.ceil(waitMs));
        return;
      }
      countRequest(pace, intervalMs, nowMs, next.isHinted);
      if (!next.isHinted) lastSilentID = next.id;
      next.settle(true);
    }
  }

  return {
    take: (request) =>
      new Promise((resolve) => {
        const settle = (isTurn: boolean) => {
          waiters.remove(waiter);
          clock.clearTimeout(limit);
          request.signal?.removeEventListener('abort', giveUp);
          resolve(isTurn);
        };
        const giveUp = () => settle(false);
        const waiter: Waiter = { ...request, settle };
        if (request.signal?.aborted) return resolve(false);
        waiters.add(waiter);
        const limit = clock.setTimeout(giveUp, request.waitMs);
        request.signal?.addEventListener('abort', giveUp);
        // A silent one comes no sooner than the turn that is planned.
        if (request.isHinted || timer === undefined) serve();
      }),
    refund() {
      pace.paidMs -= intervalMs;
      serve();
    },
    pause(ms) {
      pauseRequests(pace, ms, clock.now());
    },
  };
}

/** Chooses whose turn it is. `isAhead`: it may go before the even pace. */
function chooseNext(
  waiters: WaitingReads<Waiter>,
  lastSilentID: string,
  isSilentFirst: boolean,
): { next: Waiter; isAhead: boolean } | undefined {
  const hinted = waiters.firstHinted();
  const silent = waiters.silentAfter(lastSilentID);
  const next = silent && isSilentFirst ? silent : (hinted ?? silent);
  // A silent one's turn comes out of the burst where it goes before a hinted one: else it would never come.
  return next && { next, isAhead: hinted !== undefined };
}
