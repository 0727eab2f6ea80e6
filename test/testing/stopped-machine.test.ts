/** Issue 15: what a drive waits for in real time is measured by a clock that jumps while the machine is busy elsewhere. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

let realMs = 0;
const untilTask = () => new Promise<void>((resolve) => setImmediate(resolve));
/** Real time that passes in three tasks. */
const pauseFor = async (ms: number) => {
  realMs += ms;
  for (let task = 0; task < 3; task++) await untilTask();
};

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(Date, 'now').mockImplementation(() => realMs);
});
afterEach(() => void vi.restoreAllMocks());

/** Drives a wire of the test's own, whose requests are limited by the clock of the drive. */
async function driveWire(pause: () => Promise<unknown>) {
  const { createPlexEmulator, createVirtualTime, drivePlexAuth } = await import('../../src/testing/index.ts');
  const { createPlexWire } = await import('../../src/plex/plex-wire.ts');
  const time = createVirtualTime();
  const { clock } = time;
  const emulator = createPlexEmulator({ clock, random: () => 0 });
  const fetch: typeof emulator.fetch = (...args) => pause().then(() => emulator.fetch(...args));
  const wire = createPlexWire({ product: 'Test', fetch, clock });
  return drivePlexAuth({ time, emulator, options: { wire }, untilMs: 20_000 });
}

describe('a wire that limits its requests by the clock of the drive', () => {
  it('is waited for though the machine stood still meanwhile', async () => {
    const drive = await driveWire(() => pauseFor(5000));
    expect(String(drive)).toBe(String(await driveWire(async () => {})));
  });

  it('is named where it answered nothing in a fifth of a second', async () => {
    const never = () =>
      new Promise(() => {
        vi.mocked(Date.now).mockImplementation(() => realMs++);
      });
    expect(String(await driveWire(never))).toContain(
      'wire.getPin of 0 ms took longer than a fifth of a second of real time, and failed as the time went on',
    );
  });
});

describe('a move of the test that never ends', () => {
  it.each([{}, { untilMs: 9000 }])('is an error with its name and the timeline, with %o', async (until) => {
    const { drivePlexAuth } = await import('../../src/testing/index.ts');
    vi.mocked(Date.now).mockImplementation(() => realMs++);
    const script = [{ atMs: 1500, test: () => new Promise(() => {}) }];
    await expect(drivePlexAuth({ ...until, script })).rejects.toThrow(
      /^drivePlexAuth: script\[0\] has not ended, and nothing is left to happen\n\n.*→ idle/,
    );
  });
});

it('real time passes under fake timers too, where they came before', async () => {
  vi.restoreAllMocks();
  vi.useFakeTimers();
  try {
    const { startRealLimit } = await import('../../src/testing/real-limit.ts');
    const isOver = startRealLimit(1, Number.POSITIVE_INFINITY);
    expect(isOver()).toBe(false);
    const buffer = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(buffer, 0, 0, 3);
    expect(isOver()).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
