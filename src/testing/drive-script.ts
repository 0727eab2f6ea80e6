import type { Fault, Operation } from '../emulator/faults.ts';
import type { PlexEmulator } from '../emulator/plex-emulator.ts';
import type { PlexAuth } from '../engine/create-plex-auth.ts';
import { longestDelayMs } from '../ports.ts';
import type { PlexAuthDrive } from './drive-plex-auth.ts';

/** What the app can do: the engine's methods, and `reload`, which disposes of the engine and makes the next on the same stores. */
export type AppMove = Exclude<keyof PlexAuth, 'getSnapshot' | 'subscribe' | 'actor'> | 'reload';

/**
 * One thing that somebody does, and when: `{ atMs: 30_000, user: 'approve' }`.
 *
 * The field beside the times says who acts: the `user`, the `app`, `plex` itself, the `network`, the `device`, or the
 * `test`. All times are in milliseconds of virtual time from the start of the drive, from 0 to 2^31-1.
 */
export type DriveMove =
  /** The user decides about the PIN that the app shows. */
  | { readonly atMs: number; readonly user: 'approve' | 'deny' }
  /** Plex forgets the PIN before its time: at once, or `inMs` later, to which its answers count down. */
  | { readonly atMs: number; readonly plex: 'expirePin'; readonly inMs?: number }
  /** The app calls its engine, or is closed and opened again. */
  | { readonly atMs: number; readonly app: AppMove }
  /**
   * The network is `down` (each request breaks without an answer), or one of the emulator's faults strikes.
   *
   * It meets the requests that begin from `atMs` up to, not including, `untilMs` (default: the end of the drive): those
   * of `operation` (default: all), and no more than `times` of them (default: all).
   */
  | {
      readonly atMs: number;
      readonly untilMs?: number;
      readonly network: 'down' | Fault;
      readonly operation?: Operation;
      readonly times?: number;
    }
  /** The app's device sleeps: what falls due, or is answered, meanwhile comes when it wakes. */
  | { readonly atMs: number; readonly untilMs: number; readonly device: 'asleep' }
  /** The clock of the app's device is set by `clockByMs`, back if negative; Plex's is not. */
  | { readonly atMs: number; readonly device: { readonly clockByMs: number } }
  /**
   * The test looks at, or does, something itself, such as a click. What it throws ends the drive; a promise it returns is
   * waited for at the end of the drive, since it may need the time to go on.
   */
  | { readonly atMs: number; readonly test: (drive: PlexAuthDrive) => unknown };

/** One step of a script: a move, or the end of one that lasts. */
export interface DriveStep {
  readonly atMs: number;
  readonly move: DriveMove;
  /** As an error names it, such as `script[2]`. */
  readonly name: string;
  readonly isEnd: boolean;
}

/** What a script is checked against. */
interface DriveSetting {
  readonly emulator: PlexEmulator;
  /** Whether the engine, and with it its device, is the drive's own. */
  readonly isOwn: boolean;
  readonly untilMs: number;
}

/** Whether a step changes what the app lives in. Such a step comes before the app's own at the same moment. */
function isSurrounding({ move }: DriveStep): boolean {
  return 'network' in move || 'device' in move;
}

/**
 * Puts a script in the order of time. At one moment: what ends, then network and device, then the rest as written.
 *
 * @param isStarted Whether the app starts at 0 without being told to.
 */
export function toSteps(script: readonly DriveMove[], isStarted: boolean): DriveStep[] {
  const start: DriveStep = { atMs: 0, move: { atMs: 0, app: 'start' }, name: 'start', isEnd: false };
  const steps = script.flatMap((move, index): DriveStep[] => {
    const begin = { atMs: move.atMs, move, name: `script[${index}]`, isEnd: false };
    const untilMs = 'untilMs' in move ? move.untilMs : undefined;
    return untilMs === undefined ? [begin] : [begin, { ...begin, atMs: untilMs, isEnd: true }];
  });
  const rank = (step: DriveStep) => (step.isEnd ? 0 : isSurrounding(step) ? 1 : 2);
  return [...(isStarted ? [start] : []), ...steps].sort(
    (one, other) => one.atMs - other.atMs || rank(one) - rank(other),
  );
}

/** Whether a step is there before the app is: what it lives in at 0. */
export function isOpening(step: DriveStep): boolean {
  return step.atMs === 0 && isSurrounding(step);
}

/** Whether the first thing that a script has the app do is to start. */
export function saysStart(script: readonly DriveMove[]): boolean {
  const [first] = toSteps(script, false).filter(({ move }) => 'app' in move);
  return first !== undefined && 'app' in first.move && first.move.app === 'start';
}

const appMoves: Record<AppMove, true> = {
  start: true,
  check: true,
  cancel: true,
  signOut: true,
  verify: true,
  reload: true,
  dispose: true,
};

/** Who can act, and which fields such a move has beside `atMs`. */
const fieldsOf = {
  user: ['user'],
  plex: ['plex', 'inMs'],
  app: ['app'],
  network: ['network', 'untilMs', 'operation', 'times'],
  device: ['device', 'untilMs'],
  test: ['test'],
} as const;

type Actor = keyof typeof fieldsOf;

/** @throws {TypeError} For an entry that says nothing that can be done, naming it. */
export function checkScript(script: readonly DriveMove[], setting: DriveSetting): void {
  check(Array.isArray(script), 'script', 'a list of moves', script);
  for (const [index, move] of script.entries()) checkMove(`script[${index}]`, move, setting);
}

function checkMove(name: string, move: DriveMove, setting: DriveSetting): void {
  const { isOwn, untilMs } = setting;
  check(
    typeof move === 'object' && move !== null,
    name,
    'a move such as { atMs: 30_000, user: "approve" }',
    move,
  );
  const actors = Object.keys(fieldsOf) as Actor[];
  const [actor, ...others] = actors.filter((one) => one in move);
  if (!actor || others.length > 0) {
    throw new TypeError(`drivePlexAuth: ${name} must have one of ${actors.join(', ')} to say who acts`);
  }
  const stranger = Object.keys(move).find((field) => !['atMs', ...fieldsOf[actor]].includes(field));
  if (stranger) {
    const fields = ['atMs', ...fieldsOf[actor]].join(', ');
    throw new TypeError(
      `drivePlexAuth: ${name}.${stranger} is no field of a move of ${actor}, which has ${fields}`,
    );
  }
  check(isMs(move.atMs) && move.atMs <= untilMs, `${name}.atMs`, `from 0 to ${untilMs} ms`, move.atMs);
  if ('untilMs' in move && move.untilMs !== undefined) {
    const isLater = isMs(move.untilMs) && move.untilMs > move.atMs;
    check(isLater, `${name}.untilMs`, `above atMs, to ${longestDelayMs} ms`, move.untilMs);
  }
  checkDeed(name, move, setting);
  if (!isOwn && ('device' in move || ('app' in move && move.app === 'reload'))) {
    throw new TypeError(
      `drivePlexAuth: ${name}.${actor} needs an engine that the drive makes: leave auth out`,
    );
  }
}

function checkDeed(name: string, move: DriveMove, { emulator }: DriveSetting): void {
  if ('user' in move)
    check(['approve', 'deny'].includes(move.user), `${name}.user`, 'approve or deny', move.user);
  if ('plex' in move) {
    const { plex, inMs = 0 } = move;
    check(plex === 'expirePin', `${name}.plex`, 'expirePin', plex);
    check(isMs(inMs), `${name}.inMs`, `from 0 to ${longestDelayMs} ms`, inMs);
  }
  if ('app' in move) {
    const isKnown = Object.hasOwn(appMoves, move.app);
    check(isKnown, `${name}.app`, `one of ${Object.keys(appMoves).join(', ')}`, move.app);
  }
  if ('test' in move) check(typeof move.test === 'function', `${name}.test`, 'a function', move.test);
  if ('device' in move) checkDevice(name, move);
  if ('network' in move) {
    const { network } = move;
    const isFault = typeof network === 'object' && network !== null;
    check(network === 'down' || isFault, `${name}.network`, 'down or a fault', network);
    try {
      emulator.fault(...toFault(move))();
    } catch (error) {
      throw new TypeError(`drivePlexAuth: ${name}.network: ${(error as Error).message}`);
    }
  }
}

function checkDevice(name: string, move: Extract<DriveMove, { device: unknown }>): void {
  if (move.device === 'asleep') {
    check(move.untilMs !== undefined, `${name}.untilMs`, 'given where the device is asleep', move.untilMs);
    return;
  }
  const { clockByMs } = Object(move.device) as { clockByMs?: number };
  check(Number.isFinite(clockByMs), `${name}.device`, 'asleep or { clockByMs }', move.device);
  check(!('untilMs' in move), `${name}.untilMs`, 'left out where a clock is set', move);
}

/** What the emulator is told of a move of the network. */
export function toFault(move: Extract<DriveMove, { network: unknown }>): Parameters<PlexEmulator['fault']> {
  const { network, operation, times = Number.POSITIVE_INFINITY } = move;
  return [network === 'down' ? { type: 'reset' } : network, { times, ...(operation && { operation }) }];
}

export function isMs(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= longestDelayMs;
}

/** @throws {TypeError} Where `isRight` is false, naming what was given. */
export function check(isRight: boolean, name: string, rule: string, value: unknown): void {
  if (isRight) return;
  const shown = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  throw new TypeError(`drivePlexAuth: ${name} must be ${rule}, not ${shown}`);
}
