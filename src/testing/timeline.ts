import type { EmulatorRequest } from '../emulator/emulator-request.ts';
import type { Operation } from '../emulator/faults.ts';
import type { PlexEmulator } from '../emulator/plex-emulator.ts';
import type { PlexAuth } from '../engine/create-plex-auth.ts';
import type { Clock } from '../ports.ts';
import type { PlexAuthView } from '../view.ts';
import type { DriveMove } from './drive-script.ts';

/** What was asked of Plex, and what came of it. */
export interface TimelineRequest {
  readonly atMs: number;
  readonly type: 'request';
  readonly operation: Operation;
  /** Absent where no answer came, or none has come yet. */
  readonly status?: number;
  /** From the request to its answer or its failure. Absent while it is out, and where the engine is the test's own. */
  readonly durationMs?: number;
}

/** The app's view as it became. The token in it is a `Secret` and shows as `[redacted]`. */
export interface TimelineView {
  readonly atMs: number;
  readonly type: 'view';
  readonly view: PlexAuthView;
}

/** What the script did. */
export interface TimelineMove {
  readonly atMs: number;
  readonly type: 'move';
  readonly move: DriveMove;
  /** Whether the move, which lasted, ended here. */
  readonly isEnd?: true;
}

/** One thing that happened. `atMs` is in whole milliseconds since the start. */
export type TimelineEntry = TimelineView | TimelineRequest | TimelineMove;

/** Writes down what happens, in order. */
export interface TimelineRecorder {
  /**
   * Writes down the engine's view, now and at each change.
   *
   * @param onView Called after each, the first included.
   * @returns Ends it.
   */
  watch(auth: PlexAuth, onView?: (view: PlexAuthView) => void): () => void;
  noteMove(move: DriveMove, isEnd: boolean): void;
  /** Notes that a request is over. */
  noteAnswered(request: EmulatorRequest): void;
  /** All of it up to now. */
  entries(): TimelineEntry[];
}

/**
 * Makes a recorder that starts now.
 *
 * @param clock Tells the time of the entries.
 * @param emulator Where requests are seen. Default: none are.
 */
export function createTimelineRecorder(clock: Clock, emulator?: PlexEmulator): TimelineRecorder {
  const startMs = clock.now();
  const happened: (TimelineEntry | EmulatorRequest)[] = [];
  const answeredAtMs = new Map<EmulatorRequest, number>();
  let seen = emulator?.requests.length ?? 0;
  const sinceStart = (atMs: number) => Math.round(atMs - startMs);

  /** Takes over the requests that came before what is to be noted next, but for `left` of them. */
  function catchUp(left = 0): void {
    if (!emulator) return;
    const end = Math.max(seen, emulator.requests.length - left);
    happened.push(...emulator.requests.slice(seen, end));
    seen = end;
  }

  function toEntry(one: TimelineEntry | EmulatorRequest): TimelineEntry[] {
    if ('type' in one) return [one];
    const { operation, status, atMs } = one;
    if (!operation) return [];
    const endMs = answeredAtMs.get(one);
    return [
      {
        atMs: sinceStart(atMs),
        type: 'request',
        operation,
        ...(status !== undefined && { status }),
        ...(endMs !== undefined && { durationMs: Math.round(endMs - atMs) }),
      },
    ];
  }

  return {
    watch(auth, onView) {
      const look = (view: PlexAuthView) => {
        // An engine asks before it tells: what is out was asked for by the state that is told of now.
        catchUp(emulator?.pending);
        happened.push({ atMs: sinceStart(clock.now()), type: 'view', view });
        catchUp();
        onView?.(view);
      };
      look(auth.getSnapshot());
      return auth.subscribe(look);
    },
    noteMove(move, isEnd) {
      catchUp();
      happened.push({ atMs: sinceStart(clock.now()), type: 'move', move, ...(isEnd && { isEnd }) });
    },
    noteAnswered: (request) => void answeredAtMs.set(request, clock.now()),
    entries() {
      catchUp();
      return happened.flatMap(toEntry);
    },
  };
}

/**
 * Writes a timeline for people and for snapshot tests: one line an entry, without token, code or address.
 *
 * What repeats itself, as polls do, is written once and counted.
 */
export function formatTimeline(entries: readonly TimelineEntry[]): string {
  const width = String(entries.at(-1)?.atMs ?? 0).length;
  const texts = entries.map(textOf);
  const lines: string[] = [];
  for (let index = 0; index < entries.length; ) {
    const { period, rounds } = findRounds(texts, index);
    for (let place = index; place < index + period; place++) {
      lines.push(`${String(entries[place]?.atMs).padStart(width)}  ${texts[place]}`);
    }
    index += period * rounds;
    if (rounds > 1) {
      const atMs = entries[index - period]?.atMs;
      lines.push(`${' '.repeat(width)}  … ${rounds - 1} × the same, the last at ${atMs}`);
    }
  }
  return lines.join('\n');
}

/** The longest pattern that is looked for: a read that fails at both of Plex's hosts, and its two views. */
const longestPeriod = 4;

/** How often the texts from here on repeat themselves: reads, view and request together, or one line. */
function findRounds(texts: readonly string[], from: number): { period: number; rounds: number } {
  let best = { period: 1, rounds: 1 };
  const isRead = texts[from] === '→ fetchingToken';
  for (let period = 1; period <= (isRead ? longestPeriod : 1); period++) {
    let end = from + period;
    while (end < texts.length && texts[end] === texts[end - period]) end += 1;
    const rounds = Math.floor((end - from) / period);
    // Two rounds of one line are no shorter when counted.
    const isWorthIt = rounds > 2 || (rounds === 2 && period > 1);
    if (isWorthIt && period * rounds > best.period * best.rounds) best = { period, rounds };
  }
  return best;
}

function textOf(entry: TimelineEntry): string {
  if (entry.type === 'view') return `→ ${describeView(entry.view)}`;
  if (entry.type === 'move') return describeMove(entry.move) + (entry.isEnd ? ' ends' : '');
  const { operation, status, durationMs } = entry;
  return `${operation} ${status ?? 'without an answer'}${durationMs ? ` in ${durationMs} ms` : ''}`;
}

/** Says where a sign-in stands, and why: `expired (pin)`. */
export function describeView(view: PlexAuthView): string {
  const error = 'error' in view ? view.error : view.lastError;
  const why = [
    'reason' in view ? view.reason : undefined,
    error && [error.code, error.status].filter(Boolean).join(' '),
  ].filter(Boolean);
  return why.length > 0 ? `${view.status} (${why.join(', ')})` : view.status;
}

function describeMove(move: DriveMove): string {
  if ('user' in move) return `user: ${move.user}`;
  if ('plex' in move) return `plex: ${move.plex}${move.inMs ? ` in ${move.inMs} ms` : ''}`;
  if ('app' in move) return `app: ${move.app}`;
  if ('test' in move)
    return `test${move.test.name && move.test.name !== 'test' ? `: ${move.test.name}` : ''}`;
  if ('device' in move) {
    return move.device === 'asleep' ? 'device: asleep' : `device: clock set by ${move.device.clockByMs} ms`;
  }
  const { network, operation } = move;
  const what = network === 'down' ? 'down' : network.type;
  return `network: ${what}${operation ? `, for ${operation}` : ''}`;
}
