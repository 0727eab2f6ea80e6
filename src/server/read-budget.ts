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

/** The longest pause, in milliseconds, whatever Plex asks for. Then one read shows whether it still asks. */
const longestPauseMs = 120_000;
/** How many hinted reads may be out at once, ahead of the even pace. */
const burst = 5;
/** One read of so many is a silent attempt's, however many hinted ones wait: nobody starves. */
const silentShare = 4;

/** Makes a {@link ReadBudget}. */
export function createReadBudget(clock: Clock, readsPerSecond: number): ReadBudget {
  const intervalMs = 1000 / readsPerSecond;
  const waiters = createWaitingReads<Waiter>();
  let pausedUntilMs = 0;
  /** When the reads so far are paid for. */
  let paidMs = 0;
  let hintedInRow = 0;
  let lastSilentID = '';
  let timer: unknown;

  function serve(): void {
    clock.clearTimeout(timer);
    timer = undefined;
    const choose = () => chooseNext(waiters, lastSilentID, hintedInRow >= silentShare - 1);
    for (let turn = choose(); turn; turn = choose()) {
      const { next, isAhead } = turn;
      const nowMs = clock.now();
      // A clock that was set back must not hold anybody up.
      paidMs = Math.min(paidMs, nowMs + burst * intervalMs);
      pausedUntilMs = Math.min(pausedUntilMs, nowMs + longestPauseMs);
      const openAtMs = Math.max(pausedUntilMs, paidMs - (isAhead ? (burst - 1) * intervalMs : 0));
      const waitMs = openAtMs - nowMs;
      if (waitMs > 0) {
        timer = clock.setTimeout(serve, Math.ceil(waitMs));
        return;
      }
      paidMs = Math.max(paidMs, nowMs) + intervalMs;
      hintedInRow = next.isHinted ? hintedInRow + 1 : 0;
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
      paidMs -= intervalMs;
      serve();
    },
    pause(ms) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + Math.min(ms, longestPauseMs));
    },
  };
}

/** Chooses whose turn it is. `isAhead`: it may go before the even pace. */
function chooseNext(
  waiters: WaitingReads<Waiter>,
  lastSilentID: string,
  isSilentsTurn: boolean,
): { next: Waiter; isAhead: boolean } | undefined {
  const hinted = waiters.firstHinted();
  const silent = waiters.silentAfter(lastSilentID);
  const next = silent && isSilentsTurn ? silent : (hinted ?? silent);
  // A silent one's turn comes out of the burst where it goes before a hinted one: else it would never come.
  return next && { next, isAhead: hinted !== undefined };
}
