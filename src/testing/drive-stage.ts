import type { EmulatedPin } from '../emulator/index.ts';
import { copyOptions } from '../require-option.ts';
import { isRunning } from '../view.ts';
import { advanceWhileBusy, longestBusyMs } from './advance-while-busy.ts';
import { createAppDevice } from './app-device.ts';
import { createAppSurroundings, createDeviceFetch } from './app-surroundings.ts';
import { countTimers } from './count-timers.ts';
import type { DriveParts } from './drive-options.ts';
import { type DriveStep, isSurrounding } from './drive-script.ts';
import { createDrivenApp, type DrivenApp } from './driven-app.ts';
import { createFollowedCalls } from './followed-calls.ts';
import { formatTimeline } from './format-timeline.ts';
import type { PlexAuthDrive } from './plex-auth-drive.ts';
import { createTimelineRecorder, type TimelineRecorder } from './timeline-recorder.ts';
import { watchPorts } from './watch-ports.ts';

/** Where a drive is played. */
export interface DriveStage {
  readonly drive: PlexAuthDrive;
  /**
   * Opens the app and plays the steps.
   *
   * @param untilMs When to stop, in milliseconds since the start. Default: once nothing is left to happen.
   */
  play(untilMs: number | undefined): Promise<void>;
  /** Removes everything but the test's own parts. */
  clear(): Promise<void>;
}

/** Prepares a drive, which starts now. */
export function createDriveStage(parts: DriveParts, steps: readonly DriveStep[]): DriveStage {
  const { time, emulator } = parts;
  const clock = countTimers(time.clock);
  const startMs = clock.now();
  const device = createAppDevice(clock);
  const surroundings = createAppSurroundings(emulator, device);
  const recorder = createTimelineRecorder(clock, emulator);
  const fetch = createDeviceFetch(emulator, device, recorder);
  const timers: unknown[] = [];

  // A network that is down at 0 is down before the engine is made: with stored credentials it asks Plex at once.
  for (const { move } of steps.filter(isOpening)) {
    recorder.recordMove(move, false);
    if (isSurrounding(move)) surroundings.apply(move, false);
  }
  const calls = createFollowedCalls(time, clock);
  const watched = copyOptions({ ...parts, options: watchPorts(parts.options ?? {}, calls) });
  const app = createDrivenApp(watched, recorder, { fetch, clock: device.clock });
  const complaints: string[] = [];
  const drive = toDrive(parts, recorder, app, () => [...calls.complaints(), ...complaints]);
  const actions = createActions(app, drive);

  function perform(step: DriveStep): void {
    const { move, isEnd } = step;
    recorder.recordMove(move, isEnd);
    if (isSurrounding(move)) surroundings.apply(move, isEnd);
    else actions.perform(step);
  }

  async function advanceTo(ms: number): Promise<void> {
    await time.advance(Math.max(0, startMs + ms - clock.now()));
    await actions.waitForApp();
  }

  /** Plays until nothing is left to happen. */
  async function playOut(): Promise<void> {
    const endMs = clock.now() + longestBusyMs;
    await advanceWhileBusy(time);
    await actions.waitForTests();
    // A test may have done something in real time.
    await advanceWhileBusy(time, endMs - clock.now());
    if (time.timers === 0) complaints.push(...complainOfEnd(drive));
  }

  return {
    drive,
    async play(untilMs) {
      for (const step of steps) {
        if (!isOpening(step)) timers.push(clock.setTimeout(() => perform(step), step.atMs));
      }
      app.open();
      for (const { atMs } of steps) await advanceTo(Math.min(atMs, untilMs ?? atMs));
      if (untilMs === undefined) return playOut();
      await advanceTo(untilMs);
      await actions.waitForTests();
    },
    async clear() {
      for (const timer of timers) clock.clearTimeout(timer);
      app.close();
      if (!parts.auth) await app.auth.dispose();
      surroundings.endAll();
    },
  };
}

/** Whether a step comes before the app is made. */
function isOpening({ atMs, move }: DriveStep): boolean {
  return atMs === 0 && isSurrounding(move);
}

/** What the user, the app, Plex and the test do. */
interface DriveActions {
  perform(step: DriveStep): void;
  /** Resolves once a reload or a disposal is complete. */
  waitForApp(): Promise<void>;
  /** Resolves once what the test does is complete, and rejects as it does. */
  waitForTests(): Promise<unknown>;
}

function createActions(app: DrivenApp, drive: PlexAuthDrive): DriveActions {
  const { emulator } = drive;
  const tests: Promise<unknown>[] = [];
  let ready: Promise<void> | undefined;

  function addTest(outcome: unknown): void {
    const test = Promise.resolve(outcome);
    // Its rejection is reported at the end of the drive.
    test.catch(() => {});
    tests.push(test);
  }

  return {
    perform(step) {
      const { move } = step;
      if ('user' in move) {
        const { code } = findShownPin(drive, step);
        if (move.user === 'approve') emulator.link(code);
        else emulator.deny(code);
      } else if ('plex' in move) {
        emulator.expire(findShownPin(drive, step).id, { inMs: move.inMs ?? 0 });
      } else if ('test' in move) {
        addTest(move.test(drive));
      } else if ('app' in move) {
        if (move.app === 'reload') ready = app.reload();
        else if (move.app === 'dispose') ready = app.auth.dispose();
        else void app.auth[move.app]();
      }
    },
    waitForApp: async () => ready,
    waitForTests: () => Promise.all(tests),
  };
}

/**
 * Finds the waiting PIN that the app shows, or else the last waiting one.
 *
 * @throws {Error} If there is none, with the timeline so far.
 */
function findShownPin(drive: PlexAuthDrive, { name, atMs }: DriveStep): EmulatedPin {
  const { view, emulator } = drive;
  const { code } = view;
  const pin = emulator.pins.findLast(
    (one) => one.state === 'waiting' && (code === undefined || one.code === code),
  );
  if (pin) return pin;
  const why = `no PIN waits at ${atMs} ms, where the sign-in is ${view.status}`;
  throw new Error(`drivePlexAuth: ${name} cannot be done: ${why}\n\n${drive}`);
}

/** What does not look like the end of a drive. */
function complainOfEnd({ auth, view, requests }: PlexAuthDrive): string[] {
  if (auth.actor.getSnapshot().status !== 'active') return [];
  if (isRunning(view.status))
    return ['nothing is left to happen, but the sign-in waits for something in real time'];
  const isUntouched = view.status === 'idle' && requests.length === 0;
  return isUntouched
    ? ['nothing started a sign-in: neither start: true, nor the script, nor the screen']
    : [];
}

function toDrive(
  { time, emulator }: DriveParts,
  recorder: TimelineRecorder,
  app: DrivenApp,
  complaints: () => string[],
): PlexAuthDrive {
  const drive: PlexAuthDrive = {
    get timeline() {
      return recorder.entries();
    },
    get requests() {
      return recorder.entries().filter((entry) => entry.type === 'request');
    },
    get view() {
      return app.auth.getSnapshot();
    },
    get auth() {
      return app.auth;
    },
    emulator,
    time,
    askedAtMs: (operation) =>
      drive.requests.filter((request) => request.operation === operation).map(({ atMs }) => atMs),
    reachedAtMs: (status) =>
      drive.timeline.find((entry) => entry.type === 'view' && entry.view.status === status)?.atMs,
    toString: () => [formatTimeline(drive.timeline), ...complaints()].join('\n'),
  };
  return drive;
}
