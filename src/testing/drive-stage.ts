import { createEmulatedDevice, type EmulatedDevice } from '../emulator/emulated-device.ts';
import type { EmulatorRequest } from '../emulator/emulator-request.ts';
import type { EmulatedPin, PlexEmulator } from '../emulator/plex-emulator.ts';
import { createPlexAuth, type PlexAuth } from '../engine/create-plex-auth.ts';
import type { Fetch } from '../ports.ts';
import type { DrivePlexAuthOptions, PlexAuthDrive } from './drive-plex-auth.ts';
import { type DriveMove, type DriveStep, isOpening, toFault } from './drive-script.ts';
import { createTimelineRecorder, formatTimeline, type TimelineRecorder } from './timeline.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a drive plays on. */
export interface DriveStage {
  readonly drive: PlexAuthDrive;
  /**
   * Opens the app and plays the steps.
   *
   * @param untilMs When to stop, in milliseconds since the start. Default: once nothing is left to happen.
   */
  play(untilMs: number | undefined): Promise<void>;
  /** Takes everything away but what is the test's own. */
  clear(): Promise<void>;
}

/** What a stage is made of: the options of the drive, with the parts that others make put in. */
interface DriveParts extends DrivePlexAuthOptions {
  time: VirtualTime;
  emulator: PlexEmulator;
}

/** The longest that a drive without an end goes on after its last step. */
const hourMs = 3_600_000;
/** How far the time is moved before it is looked whether anything is left to happen. */
const strideMs = 1000;

/** Sets the stage of a drive, which starts now. */
export function createDriveStage(parts: DriveParts, steps: readonly DriveStep[]): DriveStage {
  const { time, emulator, mount } = parts;
  const { clock } = time;
  const startMs = clock.now();
  const device = createEmulatedDevice(clock);
  const recorder = createTimelineRecorder(clock, emulator);
  const network = createDeviceFetch(emulator, device, recorder);
  const { inspect = parts.options?.inspect, fetch = network } =
    parts.inspector?.({ fetch: network, clock }) ?? {};
  const timers: unknown[] = [];
  const lasting = new Map<DriveMove, () => void>();
  const tests: Promise<unknown>[] = [];
  let close = () => {};
  let held: Promise<void> | undefined;

  for (const step of steps.filter(isOpening)) perform(step);
  let auth = parts.auth ?? createEngine();
  const drive = toDrive(parts, recorder, () => auth);

  function createEngine(): PlexAuth {
    const own = { product: 'Test', clientIdentifier: 'drive-plex-auth', random: () => 0 };
    return createPlexAuth({ ...own, ...parts.options, inspect, fetch, clock: device.clock });
  }

  function open(): void {
    const unwatch = recorder.watch(auth);
    const unmount = mount?.(auth);
    close = () => {
      close = () => {};
      unwatch();
      if (typeof unmount === 'function') unmount();
    };
  }

  async function reload(): Promise<void> {
    close();
    await auth.dispose();
    auth = createEngine();
    open();
  }

  function perform(step: DriveStep): void {
    const { move, isEnd } = step;
    recorder.noteMove(move, isEnd);
    if (isEnd) lasting.get(move)?.();
    else if ('user' in move) emulator[move.user === 'approve' ? 'link' : 'deny'](pinFor(step).code);
    else if ('plex' in move) emulator.expire(pinFor(step).id, { inMs: move.inMs ?? 0 });
    else if ('network' in move) lasting.set(move, emulator.fault(...toFault(move)));
    else if ('device' in move) affectDevice(move);
    else if ('test' in move) noteTest(move.test(drive));
    else if (move.app === 'reload') held = reload();
    else if (move.app === 'dispose') held = auth.dispose();
    else void auth[move.app]();
  }

  function affectDevice(move: Extract<DriveMove, { device: unknown }>): void {
    if (move.device === 'asleep') {
      device.sleep();
      lasting.set(move, device.wake);
    } else {
      device.setClockBy(move.device.clockByMs);
    }
  }

  function noteTest(outcome: unknown): void {
    const test = Promise.resolve(outcome);
    test.catch(() => {});
    tests.push(test);
  }

  /** The PIN that the app shows, or else the last one that waits. */
  function pinFor({ name, atMs }: DriveStep): EmulatedPin {
    const view = auth.getSnapshot();
    const code = 'code' in view ? view.code : undefined;
    const pin = emulator.pins.findLast(
      (one) => one.state === 'waiting' && (code === undefined || one.code === code),
    );
    if (pin) return pin;
    const why = `no PIN waits at ${atMs} ms, where the sign-in is ${view.status}`;
    throw new Error(`drivePlexAuth: ${name} cannot be done: ${why}\n\n${drive}`);
  }

  async function advanceTo(ms: number): Promise<void> {
    await time.advance(Math.max(0, startMs + ms - clock.now()));
    await held;
  }

  return {
    drive,
    async play(untilMs) {
      for (const step of steps) {
        if (!isOpening(step)) timers.push(clock.setTimeout(() => perform(step), step.atMs));
      }
      open();
      for (const { atMs } of steps) await advanceTo(Math.min(atMs, untilMs ?? atMs));
      if (untilMs === undefined) await advanceWhileBusy(time, hourMs);
      else await advanceTo(untilMs);
      await Promise.all(tests);
    },
    async clear() {
      for (const timer of timers) clock.clearTimeout(timer);
      close();
      if (!parts.auth) await auth.dispose();
      for (const end of lasting.values()) end();
    },
  };
}

/**
 * Moves the time on for as long as anything waits in it.
 *
 * @param limitMs How far at most, in milliseconds.
 */
export async function advanceWhileBusy(time: VirtualTime, limitMs: number): Promise<void> {
  const endMs = time.clock.now() + limitMs;
  await time.advance(0);
  for (let leftMs = limitMs; time.timers > 0 && leftMs > 0; leftMs = endMs - time.clock.now()) {
    await time.advance(Math.min(strideMs, leftMs));
  }
}

function toDrive(parts: DriveParts, recorder: TimelineRecorder, authNow: () => PlexAuth): PlexAuthDrive {
  const { time, emulator } = parts;
  const drive: PlexAuthDrive = {
    get timeline() {
      return recorder.entries();
    },
    get requests() {
      return recorder.entries().filter((entry) => entry.type === 'request');
    },
    get view() {
      return authNow().getSnapshot();
    },
    get auth() {
      return authNow();
    },
    emulator,
    time,
    askedAtMs: (operation) =>
      drive.requests.filter((request) => request.operation === operation).map(({ atMs }) => atMs),
    reachedAtMs: (status) =>
      drive.timeline.find((entry) => entry.type === 'view' && entry.view.status === status)?.atMs,
    toString: () => formatTimeline(drive.timeline),
  };
  return drive;
}

/** The way from the device to Plex: it tells when each request is over, and gives no answer to a device that sleeps. */
function createDeviceFetch(
  emulator: PlexEmulator,
  device: EmulatedDevice,
  recorder: TimelineRecorder,
): Fetch {
  return async (input, init) => {
    const place = emulator.requests.length;
    const answer = emulator.fetch(input, init);
    const request: EmulatorRequest | undefined = emulator.requests[place];
    try {
      return await answer;
    } finally {
      if (request) recorder.noteAnswered(request);
      await device.awake();
    }
  };
}
