import type { InspectionEvent } from 'xstate';
import type { PlexEmulator, PlexEmulatorOptions } from '../emulator/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import type { Clock, Fetch } from '../ports.ts';
import { copyOptions, requireKnownFields, requireMs, requireOption, requireType } from '../require-option.ts';
import type { DriveMove } from './plex-auth-drive.ts';
import type { VirtualTime } from './virtual-time.ts';

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
   * @returns Where it is a function, or a promise of one: removes the screen, at a `reload` and at the end.
   */
  mount?: (auth: PlexAuth) => unknown;
  /**
   * Makes what watches the drive, in its time: `createPlexInspector`, or a function that calls it. The drive does not
   * stop it, so that it can be looked at after the end.
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
   * The test's own engine; needs the `time` and `emulator` that it was given. The drive does not dispose of it, so that
   * another drive can go on with it. Default: a new one for this drive.
   */
  auth?: PlexAuth;
}

/** {@link DrivePlexAuthOptions} with the parts that every drive needs. */
export interface DriveParts extends DrivePlexAuthOptions {
  time: VirtualTime;
  emulator: PlexEmulator;
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

/** @throws {TypeError} For an option that is wrong, unknown, or does not go with another one. */
export function requireDriveOptions(options: DrivePlexAuthOptions): void {
  requireKnownFields('', options, Object.keys(optionNames));
  requireMs('untilMs', options.untilMs, 0);
  requireType('start', options.start, 'boolean');
  requireType('mount', options.mount, 'function');
  requireType('inspector', options.inspector, 'function');
  const { time, emulator, auth, inspector, emulatorOptions } = options;
  const given: Partial<PlexAuthOptions> = copyOptions({ ...options.options });
  const isTime = time === undefined || typeof Object(time).timers === 'number';
  requireOption(isTime, 'time', 'what createVirtualTime gives');
  requireAbsent('options.fetch', given.fetch, 'the drive uses the fetch of its emulator');
  requireAbsent('options.clock', given.clock, 'the drive uses the clock of its time');
  if (inspector) requireAbsent('options.inspect', given.inspect, 'the inspector provides it');
  if (emulator) {
    requireOption(Boolean(time), 'time', 'given with emulator: the time whose clock the emulator has');
    requireAbsent('emulatorOptions', emulatorOptions, 'the emulator that is given has its own');
  }
  if (auth) {
    requireOption(Boolean(emulator), 'emulator', 'given with auth: the emulator that the engine asks');
    requireAbsent('options', options.options, 'the engine that is given has its own');
    requireAbsent('inspector', inspector, 'the engine that is given has its own');
  }
}

function requireAbsent(name: string, value: unknown, reason: string): void {
  requireOption(!value, name, `left out: ${reason}`);
}
