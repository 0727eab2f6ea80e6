import type { InspectionEvent } from 'xstate';
import type { PlexEmulatorOptions } from '../emulator/emulator-options.ts';
import type { Operation } from '../emulator/faults.ts';
import { createPlexEmulator, type PlexEmulator } from '../emulator/plex-emulator.ts';
import type { PlexAuth, PlexAuthOptions } from '../engine/create-plex-auth.ts';
import { type Clock, type Fetch, longestDelayMs } from '../ports.ts';
import type { PlexAuthView } from '../view.ts';
import { check, checkScript, type DriveMove, isMs, saysStart, toSteps } from './drive-script.ts';
import { createDriveStage } from './drive-stage.ts';
import type { TimelineEntry, TimelineRequest } from './timeline.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** What shows a drive while it goes on; that of `createPlexInspector` is one. */
export interface DriveInspector {
  readonly inspect: (event: InspectionEvent) => void;
  /** Passes each request on. */
  readonly fetch: Fetch;
}

/** What is driven, and how. Everything is optional. */
export interface DrivePlexAuthOptions {
  /** Who does what, and when, in any order. Default: nothing, so that the PIN expires. */
  script?: readonly DriveMove[];
  /**
   * How long the drive lasts, in milliseconds from 0 to 2^31-1. Default: until nothing is left to happen, at most an hour
   * after the last move.
   */
  untilMs?: number;
  /** Whether the app starts the sign-in at 0. Default: true, unless the script says when it starts, or `auth` is given. */
  start?: boolean;
  /**
   * Shows the app's screen: called with the engine, and after a `reload` with the next one.
   *
   * @returns Where it is a function: takes the screen away, at a `reload` and at the end.
   */
  mount?: (auth: PlexAuth) => unknown;
  /**
   * Makes what watches the drive, in its time: `createPlexInspector`, or a function that calls it. It is not stopped, so
   * that what it showed can be looked at after the end.
   */
  inspector?: (parts: { fetch: Fetch; clock: Clock }) => DriveInspector;
  /** Options of `createPlexAuth`, over `product: 'Test'`, a fixed `clientIdentifier` and polls without spread. */
  options?: Omit<Partial<PlexAuthOptions>, 'fetch' | 'clock'>;
  /** Options of `createPlexEmulator`, over a `random` that makes every drive the same. */
  emulatorOptions?: Omit<PlexEmulatorOptions, 'clock'>;
  /** The test's own time. Default: a new one. */
  time?: VirtualTime;
  /** The test's own emulator; needs `time`, whose clock it must have. Default: a new one. */
  emulator?: PlexEmulator;
  /**
   * The test's own engine; needs `time` and `emulator`, which it must have been given. It is not disposed of, and another
   * drive can go on with it. Default: a new one for this drive.
   */
  auth?: PlexAuth;
}

/** A sign-in that was driven, as data. A move of the `test` is given it while it still goes on. */
export interface PlexAuthDrive {
  /** Everything that happened, in order: views, requests and moves. */
  readonly timeline: readonly TimelineEntry[];
  /** The requests of the timeline. */
  readonly requests: readonly TimelineRequest[];
  /** Where the sign-in stands at the end. */
  readonly view: PlexAuthView;
  /** The engine, or the last one where the app was reloaded. Disposed of by the end, unless it is the test's own. */
  readonly auth: PlexAuth;
  readonly emulator: PlexEmulator;
  readonly time: VirtualTime;
  /** When something was asked, each time, in milliseconds since the start. */
  askedAtMs(operation: Operation): number[];
  /** When the sign-in first stood at `status`, in milliseconds since the start; `undefined` where it never did. */
  reachedAtMs(status: PlexAuthView['status']): number | undefined;
  /** The timeline for people and snapshot tests: no token, no code, and repeated polls counted. */
  toString(): string;
}

/**
 * Plays a sign-in by a script, in virtual time against an emulated plex.tv, and gives what happened as data.
 *
 * Half an hour of waiting takes no time, and the same script gives the same timeline. At one moment the script moves first,
 * then what falls due: a read at 30 s finds the approval of 30 s, and a network that is down from 40 s until 50 s fails
 * the read at 40 s but not the one at 50 s. Nothing stays behind: no timer, no fault, no engine but the test's own.
 *
 * ```ts
 * const drive = await drivePlexAuth({
 *   script: [
 *     { atMs: 40_000, untilMs: 50_000, network: 'down' },
 *     { atMs: 60_000, user: 'approve' },
 *   ],
 * });
 * drive.view.status; // 'authenticated'
 * drive.reachedAtMs('authenticated'); // 60_726: after a minute the reads are 1.2 s apart
 * ```
 *
 * @throws {TypeError} For a bad option or entry of the script, naming it.
 * @throws {Error} For a move that cannot be made, such as an approval where no PIN waits; and what a move of the `test` throws.
 */
export async function drivePlexAuth(options: DrivePlexAuthOptions = {}): Promise<PlexAuthDrive> {
  checkOptions(options);
  const { script = [], auth, untilMs, time = createVirtualTime(), emulatorOptions } = options;
  const { clock } = time;
  const emulator = options.emulator ?? createPlexEmulator({ random: () => 0, ...emulatorOptions, clock });
  checkScript(script, { emulator, isOwn: auth === undefined, untilMs: untilMs ?? longestDelayMs });
  const isStarted = options.start ?? (auth === undefined && !saysStart(script));
  const stage = createDriveStage({ ...options, time, emulator }, toSteps(script, isStarted));
  try {
    await stage.play(untilMs);
  } finally {
    await stage.clear();
  }
  return stage.drive;
}

const optionNames: Record<keyof DrivePlexAuthOptions, true> = {
  script: true,
  untilMs: true,
  start: true,
  mount: true,
  inspector: true,
  options: true,
  emulatorOptions: true,
  time: true,
  emulator: true,
  auth: true,
};

function checkOptions(options: DrivePlexAuthOptions): void {
  check(typeof options === 'object' && options !== null, 'the argument', 'an object', options);
  for (const name of Object.keys(options)) {
    const known = Object.keys(optionNames).join(', ');
    check(Object.hasOwn(optionNames, name), name, `left out: the options are ${known}`, name);
  }
  const { untilMs, start, mount, inspector, time, emulator, auth } = options;
  const given = Object.assign({}, options.options) as Partial<PlexAuthOptions>;
  check(untilMs === undefined || isMs(untilMs), 'untilMs', `from 0 to ${longestDelayMs} ms`, untilMs);
  check(start === undefined || typeof start === 'boolean', 'start', 'true or false', start);
  check(mount === undefined || typeof mount === 'function', 'mount', 'a function', mount);
  check(
    inspector === undefined || typeof inspector === 'function',
    'inspector',
    'a function, such as createPlexInspector',
    inspector,
  );
  refuse(inspector && given.inspect, 'options.inspect', 'the inspector gives it');
  refuse(inspector && auth, 'inspector', 'an engine of your own has its options');
  refuse(given.fetch, 'options.fetch', 'the drive gives the fetch of its emulator');
  refuse(given.clock, 'options.clock', 'the drive gives the clock of its time');
  refuse(emulator && !time, 'time', 'an emulator of your own needs the time whose clock it has');
  refuse(auth && !emulator, 'emulator', 'an engine of your own needs the emulator and the time it was given');
  refuse(auth && options.options, 'options', 'an engine of your own has its options');
  refuse(emulator && options.emulatorOptions, 'emulatorOptions', 'an emulator of your own has its options');
}

/** @throws {TypeError} Where something is there that must not be. */
function refuse(what: unknown, name: string, why: string): void {
  if (what) throw new TypeError(`drivePlexAuth: ${name}: ${why}`);
}
