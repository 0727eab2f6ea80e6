import { findLastIndex, lastOf } from './from-the-end.ts';
import type { EventEntry, SignIn } from './history-entry.ts';
import type { RecordedExchange } from './recorded-exchanges.ts';
import { sameClockMs } from './sign-in-state.ts';

/** One entry of a script of `drivePlexAuth`. */
export type RecordedMove = { readonly atMs: number } & Readonly<Record<string, unknown>>;

/** An answer that takes longer counts as slow. */
const slowFromMs = 1000;
/** A request that is later than this was delayed by the device. */
const lateMs = 15_000;
/** A code that Plex forgets this close to its deadline has simply expired. */
const nearDeadlineMs = 2000;

const appMoves: Readonly<Record<string, string>> = {
  START: 'start',
  RESUME: 'start',
  CHECK: 'check',
  CANCEL: 'cancel',
  SIGN_OUT: 'signOut',
};

/** What the app did. */
export function movesOfApp(events: readonly EventEntry[], signIn: SignIn): RecordedMove[] {
  const moves = events.flatMap((entry): RecordedMove[] => {
    const atMs = Math.max(0, Math.round(entry.atMs - signIn.startMs));
    const app = appMoves[entry.type];
    if (app) return [{ atMs, app }];
    if (entry.type !== 'REJECTED' || entry.before !== 'authenticated') return [];
    const network = { type: 'status', status: 401 };
    return [
      { atMs, network, operation: 'getUser', times: 1 },
      { atMs, app: 'verify' },
    ];
  });
  const isStarted = moves[0]?.atMs === 0 && moves[0]['app'] === 'start';
  return isStarted ? moves : [{ atMs: 0, app: 'start' }, ...moves];
}

/** What the user did, as far as it shows: the user approved before the read that brought the token. */
export function movesOfUser(exchanges: readonly RecordedExchange[]): RecordedMove[] {
  return exchanges
    .filter(({ end }) => end?.after === 'authenticated')
    .map(({ atMs }) => ({ atMs: before(atMs), user: 'approve' }));
}

/** What Plex did: it forgot a code early, or brought its deadline forward. */
export function movesOfPlex(exchanges: readonly RecordedExchange[], signIn: SignIn): RecordedMove[] {
  let expiresAtMs = Number.POSITIVE_INFINITY;
  return exchanges.flatMap(({ operation, atMs: askedAtMs, end }): RecordedMove[] => {
    const [atMs, wasMs] = [before(askedAtMs), expiresAtMs];
    const reading = end?.answer?.reading;
    const deadline = end?.entry.state?.expiresAtMs ?? Number.POSITIVE_INFINITY;
    if (end?.after === 'awaitingLink') expiresAtMs = deadline - signIn.startMs;
    if (operation !== 'getToken') return [];
    const isGone = reading === 'gone' || end?.code === 'PLEX_CLIENT_MISMATCH';
    if (isGone && askedAtMs < wasMs - nearDeadlineMs) return [{ atMs, plex: 'expirePin' }];
    const isSooner = reading === 'pending' && Number.isFinite(wasMs) && expiresAtMs < wasMs - nearDeadlineMs;
    return isSooner ? [{ atMs, plex: 'expirePin', inMs: Math.max(0, Math.round(expiresAtMs - atMs)) }] : [];
  });
}

/** What the device did: it slept if a request came late, and its clock was set if the engine's times say so. */
export function movesOfDevice(exchanges: readonly RecordedExchange[], signIn: SignIn): RecordedMove[] {
  return exchanges.flatMap(({ atMs: askedAtMs, end }, index): RecordedMove[] => {
    const earlier = exchanges[index - 1]?.end;
    const state = earlier?.entry.state;
    if (!state || !/(awaitingLink|backingOff)$/.test(state.chartState)) return [];
    const untilMs = Math.round(askedAtMs);
    const isLate = signIn.startMs + askedAtMs - state.waitEndsAtMs > lateMs;
    const clockAheadMs =
      end?.answer?.atMs === undefined ? state.clockAheadMs : end.answer.atMs - end.entry.atMs;
    const clockByMs = Math.round(clockAheadMs - state.clockAheadMs);
    return [
      ...(isLate ? [{ atMs: Math.round(earlier.atMs) + 1, untilMs, device: 'asleep' }] : []),
      ...(Math.abs(clockByMs) >= sameClockMs ? [{ atMs: before(askedAtMs), device: { clockByMs } }] : []),
    ];
  });
}

/** What the network did. Equal faults in a row become one move. */
export function movesOfNetwork(exchanges: readonly RecordedExchange[]): RecordedMove[] {
  const moves: RecordedMove[] = [];
  let group: { network: unknown; times: number; operation: string; fromMs: number } | undefined;
  const close = (untilMs?: number) => {
    if (group) {
      const { network, times, operation, fromMs } = group;
      moves.push({
        atMs: fromMs,
        ...(untilMs && untilMs > fromMs && { untilMs }),
        network,
        operation,
        times,
      });
    }
    group = undefined;
  };
  for (const [index, exchange] of exchanges.entries()) {
    const before = exchanges.slice(0, index);
    const earlier = before[findLastIndex(before, ({ operation }) => operation === exchange.operation)];
    const fault = toFault(exchange);
    if (group && group.operation !== exchange.operation) close();
    const isSame = fault && group && JSON.stringify(group.network) === JSON.stringify(fault.network);
    if (group && !isSame) close(Math.round(exchange.atMs));
    if (!fault) continue;
    const fromMs = earlier ? Math.round((earlier.atMs + exchange.atMs) / 2) : 0;
    group ??= { network: fault.network, times: 0, operation: exchange.operation, fromMs };
    group.times += fault.times;
  }
  close();
  return moves;
}

/**
 * Finds the emulator's fault that leads to the same end, and how many requests it applies to: without an answer, the engine
 * asks both of Plex's hosts.
 */
function toFault({ end, atMs, requests }: RecordedExchange): { network: unknown; times: number } | undefined {
  if (!end) return undefined;
  const status = end.answer?.status ?? lastOf(requests)?.status;
  switch (end.isError ? end.code : undefined) {
    case 'PLEX_NETWORK':
      return status === undefined ? { network: 'down', times: 2 } : once({ type: 'truncated' });
    case 'PLEX_TIMEOUT':
      return once({ type: status === undefined ? 'hang' : 'stalled' });
    case 'PLEX_RATE_LIMITED':
      return once({ type: 'rateLimited', ...retryAfterOf(end) });
    case 'PLEX_HTTP':
      return once({ type: 'status', status: status ?? 500, ...codeOf(end.answer?.plexCode) });
    case 'PLEX_BAD_REPLY':
      return once({ type: 'html', ...(status !== undefined && status !== 200 && { status }) });
    case undefined: {
      if (requests.some(({ errorName }) => errorName !== undefined)) return { network: 'down', times: 1 };
      const tookMs = Math.round(end.atMs - atMs);
      return tookMs >= slowFromMs ? once({ type: 'slow', delayMs: tookMs }) : undefined;
    }
    default:
      return undefined;
  }
}

function once(network: object): { network: object; times: number } {
  return { network, times: 1 };
}

/** How long Plex asked to wait, in seconds: as the error says, or else as the wait that followed. */
function retryAfterOf({ answer, entry }: NonNullable<RecordedExchange['end']>): { retryAfter?: number } {
  const { retryAfterMs } = answer ?? {};
  const waitMs = retryAfterMs ?? (entry.state?.isWaitFixed ? entry.state.waitMs : undefined);
  return waitMs === undefined ? {} : { retryAfter: Math.ceil(waitMs / 1000) };
}

function codeOf(code: number | undefined): { code?: number } {
  return code === undefined ? {} : { code };
}

function before(atMs: number): number {
  return Math.max(0, Math.round(atMs) - 1);
}
