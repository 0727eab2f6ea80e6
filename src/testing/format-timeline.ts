import type { PlexAuthView } from '../view.ts';
import type { DriveMove, TimelineEntry } from './plex-auth-drive.ts';

/**
 * Writes a timeline for people and for snapshot tests: one line an entry, without token, code or address.
 *
 * Repetitions, such as polls, are written once and counted.
 */
export function formatTimeline(entries: readonly TimelineEntry[]): string {
  const width = String(entries.at(-1)?.atMs ?? 0).length;
  const texts = entries.map(describeEntry);
  const lines: string[] = [];
  for (let index = 0; index < entries.length; ) {
    const { period, rounds } = findRepetition(texts, index);
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

/** The most entries that are looked at as one repetition: a read that fails at both of Plex's hosts, and its two views. */
const longestPeriod = 4;

/** Finds how often the texts from `start` on repeat themselves: a single line, or the views and requests of a read. */
function findRepetition(texts: readonly string[], start: number): { period: number; rounds: number } {
  let best = { period: 1, rounds: 1 };
  const isRead = texts[start] === '→ fetchingToken';
  for (let period = 1; period <= (isRead ? longestPeriod : 1); period++) {
    let end = start + period;
    while (end < texts.length && texts[end] === texts[end - period]) end += 1;
    const rounds = Math.floor((end - start) / period);
    // Two rounds of one line are no shorter when counted.
    const isWorthIt = rounds > 2 || (rounds === 2 && period > 1);
    if (isWorthIt && period * rounds > best.period * best.rounds) best = { period, rounds };
  }
  return best;
}

function describeEntry(entry: TimelineEntry): string {
  if (entry.type === 'view') return `→ ${describeView(entry.view)}`;
  if (entry.type === 'move') return describeMove(entry.move) + (entry.isEnd ? ' ends' : '');
  const { operation, status, durationMs } = entry;
  return `${operation} ${status ?? 'without an answer'}${durationMs ? ` in ${durationMs} ms` : ''}`;
}

/** Describes where a sign-in stands, and why: `expired (pin)`. */
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
  if ('test' in move) {
    const { name } = move.test;
    return name && name !== 'test' ? `test: ${name}` : 'test';
  }
  if ('device' in move) {
    return move.device === 'asleep' ? 'device: asleep' : `device: clock set by ${move.device.clockByMs} ms`;
  }
  const { network, operation } = move;
  const what = network === 'down' ? 'down' : network.type;
  return `network: ${what}${operation ? `, for ${operation}` : ''}`;
}
