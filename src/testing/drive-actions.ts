import type { EmulatedPin } from '../emulator/index.ts';
import type { DriveStep } from './drive-script.ts';
import type { DrivenApp } from './driven-app.ts';
import { flushPromises } from './next-task.ts';
import type { PlexAuthDrive } from './plex-auth-drive.ts';
import { startRealLimit } from './real-limit.ts';
import { holdTime } from './time-holds.ts';

/** What the user, the app, Plex and the test do. */
export interface DriveActions {
  perform(step: DriveStep): void;
  /** Resolves once a reload or a disposal is complete. */
  waitForApp(): Promise<void>;
  /** Waits at the end of the drive for what the test returned, if it is a promise. */
  follow(name: string, outcome: unknown): Promise<unknown>;
  /** Resolves once what the test does is complete, and rejects as it does, or where it never ends. */
  waitForTests(): Promise<void>;
}

/** How long a drive stands still for a promise of the test. */
const [graceMs, graceTasks] = [100, 10_000];
/** How long it waits for one at its end: less than a runner lets a test take, so that the drive says which. */
const [longestMs, mostTasks] = [3000, 300_000];

export function createDriveActions(app: DrivenApp, drive: PlexAuthDrive): DriveActions {
  const { emulator } = drive;
  const running = new Map<Promise<unknown>, string>();
  const ended: Promise<unknown>[] = [];
  let ready: Promise<void> | undefined;

  function follow(name: string, outcome: unknown): Promise<unknown> {
    const test = Promise.resolve(outcome);
    // Its rejection is reported at the end of the drive.
    const end = () => void (running.delete(test) && ended.push(test));
    test.then(end, end);
    running.set(test, name);
    return test;
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
        const outcome = follow(step.name, move.test(drive));
        holdTime(drive.time, { outcome, needsTime: startRealLimit(graceMs, graceTasks), onGivenUp() {} });
      } else if ('app' in move) {
        if (move.app === 'reload') ready = app.reload();
        else if (move.app === 'dispose') ready = app.auth.dispose();
        else void app.auth[move.app]();
      }
    },
    waitForApp: async () => ready,
    follow,
    async waitForTests() {
      const isOver = startRealLimit(longestMs, mostTasks, longestMs);
      while (running.size > 0 && !isOver()) await flushPromises();
      await Promise.all(ended);
      const [name] = running.values();
      if (name === undefined) return;
      throw new Error(`drivePlexAuth: ${name} has not ended, and nothing is left to happen\n\n${drive}`);
    },
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
