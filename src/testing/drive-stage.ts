import type { PlexAuth } from '../engine/plex-auth.ts';
import { copyOptions } from '../require-option.ts';
import { isRunning } from '../view.ts';
import { advanceWhileBusy, longestBusyMs } from './advance-while-busy.ts';
import { createAppDevice } from './app-device.ts';
import { createAppSurroundings, createDeviceFetch } from './app-surroundings.ts';
import { countTimers } from './count-timers.ts';
import { createDriveActions, type DriveActions } from './drive-actions.ts';
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
  const options = watchPorts(parts.options ?? {}, calls);
  const watched = copyOptions({ ...parts, options, ...(parts.mount && { mount }) });
  const app = surroundings.place(() => createDrivenApp(watched, recorder, { fetch, clock: device.clock }));
  const late: string[] = [];
  const complain = () => [...calls.complaints(), ...complainOfClock(drive, clock.now() - startMs), ...late];
  const drive = toDrive(parts, recorder, app, complain);
  const actions = createDriveActions(app, drive);

  function mount(auth: PlexAuth): unknown {
    return followScreen(
      actions,
      calls.follow(['mount'], () => parts.mount?.(auth)),
    );
  }

  function perform(step: DriveStep): void {
    const { move, isEnd } = step;
    recorder.recordMove(move, isEnd);
    if (isSurrounding(move)) surroundings.apply(move, isEnd);
    else actions.perform(step);
    app.draw();
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
    late.push(...complainOfEnd(drive));
  }

  return {
    drive,
    async play(untilMs) {
      for (const step of steps) {
        if (!isOpening(step)) timers.push(clock.setTimeout(() => perform(step), step.atMs));
      }
      app.open();
      for (const { atMs } of steps) await advanceTo(Math.min(atMs, untilMs ?? atMs));
      if (untilMs === undefined) await playOut();
      else await advanceTo(untilMs);
      await actions.waitForTests();
      app.close();
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

/** Waits at the end of the drive for what a screen promises, and for its removal. */
function followScreen(actions: DriveActions, screen: unknown): unknown {
  void actions.follow('mount', screen);
  const follow = (unmount: unknown) =>
    typeof unmount === 'function' ? () => void actions.follow('the removal of mount', unmount()) : unmount;
  return screen instanceof Promise ? screen.then(follow) : follow(screen);
}

/** Whether a step comes before the app is made. */
function isOpening({ atMs, move }: DriveStep): boolean {
  return atMs === 0 && isSurrounding(move);
}

/** Each request must be of the time of the drive. */
function complainOfClock({ requests }: PlexAuthDrive, nowMs: number): string[] {
  const isStrange = requests.some(({ atMs }) => atMs < 0 || atMs > nowMs + 1);
  return isStrange ? ['the emulator has another clock than the drive: give it that of time'] : [];
}

/** What does not look like the end of a drive. */
function complainOfEnd({ auth, view, requests, time }: PlexAuthDrive): string[] {
  if (auth.actor.getSnapshot().status !== 'active') return [];
  if (isRunning(view.status) && time.timers > 0)
    return [
      `an hour after the last move the sign-in is still ${view.status}: untilMs says how long to go on`,
    ];
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
