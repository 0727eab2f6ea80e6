import type { EventEntry, SignIn } from './history-entry.ts';
import type { RecordedExchange } from './recorded-exchanges.ts';
import { toSource } from './source-text.ts';

const halfAnHourMs = 1_800_000;
const defaultIntervalMs = 1000;
const defaultTimeoutMs = 15_000;

/** Writes the options of the drive that differ from the defaults, as far as the recording shows them. */
export function toOptionLines(
  events: readonly EventEntry[],
  exchanges: readonly RecordedExchange[],
  signIn: SignIn,
): string {
  const states = events.flatMap(({ state }) => state ?? []);
  const [first] = states.filter(({ expiresAtMs }) => expiresAtMs < Number.POSITIVE_INFINITY);
  const codeLifetimeMs = first ? Math.round(first.codeLifetimeMs / 5000) * 5000 : halfAnHourMs;
  const limitMs = states.find(({ giveUpAtMs }) => giveUpAtMs < Number.POSITIVE_INFINITY)?.giveUpAtMs;
  const renewals = states[0]?.renewals ?? 0;
  const intervalMs =
    first && !first.isWaitFixed && first.failures === 0 ? intervalOf(first.waitMs) : undefined;
  const timeoutMs = timeoutOf(exchanges);
  const options = {
    ...(codeLifetimeMs === halfAnHourMs / 2 && { strong: false }),
    ...(renewals > 0 && { renewals }),
    ...(limitMs !== undefined && { giveUpAfterMs: Math.round((limitMs - signIn.startMs) / 50) * 50 }),
    ...(intervalMs !== undefined && { polling: pollingOf(intervalMs) }),
    ...(timeoutMs !== undefined && { requestTimeoutMs: timeoutMs }),
  };
  const isUsual = codeLifetimeMs === halfAnHourMs || codeLifetimeMs === halfAnHourMs / 2;
  return [
    ...(Object.keys(options).length > 0 ? [`    options: ${toSource(options)},\n`] : []),
    ...(isUsual
      ? []
      : [`    emulatorOptions: ${toSource({ lifetimeMs: { strong: first?.codeLifetimeMs } })},\n`]),
  ].join('');
}

/** The interval behind a first wait, which is spread by up to a twentieth. Undefined if it may be the default. */
function intervalOf(waitMs: number): number | undefined {
  const isIn = (intervalMs: number) => intervalMs <= waitMs && waitMs <= intervalMs * 1.05;
  if (isIn(defaultIntervalMs) || waitMs < 250) return undefined;
  const roundMs = Math.floor(waitMs / 50) * 50;
  return isIn(roundMs) ? roundMs : Math.max(250, Math.round(waitMs / 1.025));
}

function pollingOf(intervalMs: number): Record<string, number> {
  return {
    intervalMs,
    ...(intervalMs > 5000 && { maxIntervalMs: intervalMs }),
    ...(intervalMs > 10_000 && { maxBackoffMs: intervalMs }),
  };
}

function timeoutOf(exchanges: readonly RecordedExchange[]): number | undefined {
  const late = exchanges.find(({ end }) => end?.isError && end.code === 'PLEX_TIMEOUT');
  const tookMs = late?.end ? late.end.atMs - late.atMs : defaultTimeoutMs;
  const timeoutMs = Math.round(tookMs / 100) * 100;
  return Math.abs(timeoutMs - defaultTimeoutMs) <= 200 ? undefined : Math.max(1, timeoutMs);
}

/** The longest wait of the recording that Plex did not ask for. */
export function longestPollMs(events: readonly EventEntry[]): number {
  const waits = events.flatMap(({ state }) => (state && !state.isWaitFixed ? state.waitMs : []));
  return Math.ceil(Math.max(defaultIntervalMs, ...waits));
}
