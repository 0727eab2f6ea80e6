import type { PlexEmulator } from '../emulator/index.ts';
import { copyOptions } from '../require-option.ts';
import type { DriveMove } from './plex-auth-drive.ts';

/** One step of a script: a move, or the end of one that lasts. */
export interface DriveStep {
  readonly atMs: number;
  readonly move: DriveMove;
  /** The move's name in an error, such as `script[2]`. */
  readonly name: string;
  readonly isEnd: boolean;
}

/** A move that changes what the app runs in. At the same moment it comes before the moves of the app. */
export type SurroundingMove = Extract<DriveMove, { network: unknown } | { device: unknown }>;

export function isSurrounding(move: DriveMove): move is SurroundingMove {
  return 'network' in move || 'device' in move;
}

/**
 * Puts a script in the order of time. At one moment: what ends, then network and device, then the rest as written.
 *
 * @param startsAtOnce Whether the app starts at 0 although the script does not say so.
 */
export function toSteps(script: readonly DriveMove[], startsAtOnce: boolean): DriveStep[] {
  const move: DriveMove = copyOptions<DriveMove>({ atMs: 0, app: 'start' });
  const start: DriveStep = { atMs: 0, move, name: 'start', isEnd: false };
  const steps = script.flatMap((move, index): DriveStep[] => {
    const begin = { atMs: move.atMs, move, name: `script[${index}]`, isEnd: false };
    const untilMs = 'untilMs' in move ? move.untilMs : undefined;
    return untilMs === undefined ? [begin] : [begin, { ...begin, atMs: untilMs, isEnd: true }];
  });
  const rank = ({ isEnd, move }: DriveStep) => (isEnd ? 0 : isSurrounding(move) ? 1 : 2);
  return [...(startsAtOnce ? [start] : []), ...steps].sort(
    (one, other) => one.atMs - other.atMs || rank(one) - rank(other),
  );
}

/** Whether the first thing that the app does in a script is to start. */
export function startsApp(script: readonly DriveMove[]): boolean {
  const [first] = toSteps(script, false).filter(({ move }) => 'app' in move);
  return first !== undefined && 'app' in first.move && first.move.app === 'start';
}

/** Converts a move of the network to what `emulator.fault` takes. */
export function toFault(move: Extract<DriveMove, { network: unknown }>): Parameters<PlexEmulator['fault']> {
  const { network, operation, times = Number.POSITIVE_INFINITY } = move;
  return [network === 'down' ? { type: 'reset' } : network, { times, ...(operation && { operation }) }];
}
