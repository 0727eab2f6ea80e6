import { describe, expect, it } from 'vitest';
import { createPlexAuth, type PlexAuth } from '../../src/index.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type DriveMove,
  drivePlexAuth,
  type PlexAuthDrive,
} from '../../src/testing/index.ts';

const play = (...script: DriveMove[]) => drivePlexAuth({ script });
const statusesOf = (drive: PlexAuthDrive) =>
  drive.timeline.flatMap((entry) => (entry.type === 'view' ? entry.view.status : []));
/** How many timers and unanswered requests a drive left behind. */
const leftIn = ({ time, emulator }: PlexAuthDrive) => [time.timers, emulator.pending];

describe('the user', () => {
  it('approves before the read of the same moment', async () => {
    const drive = await play({ atMs: 3000, user: 'approve' });
    expect(drive.reachedAtMs('authenticated')).toBe(3000);
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 3000]);
  });

  it('denies, which looks like waiting', async () => {
    const drive = await play({ atMs: 3000, user: 'deny' });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('approves the PIN that the app shows, not one before it', async () => {
    const drive = await play(
      { atMs: 1500, app: 'cancel' },
      { atMs: 1600, app: 'start' },
      { atMs: 2000, user: 'approve' },
    );
    expect(drive.emulator.pins.map(({ state }) => state)).toEqual(['waiting', 'linked']);
    expect(drive.view.status).toBe('authenticated');
  });

  it('approves the PIN of this app, although another app made one later', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    const other = createPlexAuth({ product: 'Other', fetch: emulator.fetch, clock: time.clock });
    const drive = await drivePlexAuth({
      time,
      emulator,
      script: [
        { atMs: 100, test: other.start },
        { atMs: 500, user: 'approve' },
        { atMs: 1500, test: other.cancel },
      ],
    });
    expect(drive.view.status).toBe('authenticated');
    expect(emulator.pins.map(({ state }) => state)).toEqual(['linked', 'waiting']);
  });

  it('cannot approve where no PIN waits: the error names the entry and shows how far it came', async () => {
    const drive = play({ atMs: 500, user: 'approve' }, { atMs: 5000, user: 'deny' });
    await expect(drive).rejects.toThrow(
      /^drivePlexAuth: script\[1\] cannot be done: no PIN waits at 5000 ms, where the sign-in is authenticated\n\n.*→ idle/,
    );
  });
});

describe('the app', () => {
  it('checks, which reads at once', async () => {
    const drive = await play({ atMs: 1400, user: 'approve' }, { atMs: 1500, app: 'check' });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 1500]);
  });

  it('verifies and signs out', async () => {
    const drive = await play(
      { atMs: 500, user: 'approve' },
      { atMs: 2000, app: 'verify' },
      { atMs: 3000, app: 'signOut' },
    );
    expect(drive.askedAtMs('getUser')).toEqual([2000]);
    expect(drive.askedAtMs('signOut')).toEqual([3000]);
    expect(statusesOf(drive).slice(-3)).toEqual(['authenticated', 'signingOut', 'idle']);
  });

  it('is reloaded and resumes the PIN in its store', async () => {
    const screens: [PlexAuth, string][] = [];
    const drive = await drivePlexAuth({
      options: { store: createMemoryStore() },
      mount(auth) {
        screens.push([auth, 'shown']);
        return () => screens.push([auth, 'taken away']);
      },
      script: [
        { atMs: 2500, app: 'reload' },
        { atMs: 3000, user: 'approve' },
      ],
    });
    expect(drive.view.status).toBe('authenticated');
    expect(drive.askedAtMs('getPin')).toEqual([0]);
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 2500, 3500]);
    expect(screens.map(([, what]) => what)).toEqual(['shown', 'taken away', 'shown', 'taken away']);
    expect(screens[0]?.[0]).not.toBe(drive.auth);
    expect(screens[2]?.[0]).toBe(drive.auth);
  });

  it('is reloaded and is idle if it has no store', async () => {
    const drive = await play({ atMs: 2500, app: 'reload' });
    expect(drive.view).toEqual({ status: 'idle' });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
  });

  it('is disposed of, and does nothing any more', async () => {
    const drive = await play({ atMs: 2500, app: 'dispose' }, { atMs: 5000, app: 'start' });
    expect(drive.view.status).toBe('awaitingLink');
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
  });
});

describe('Plex', () => {
  it('expires the PIN long before its time, which fails the flow', async () => {
    const drive = await play({ atMs: 2500, plex: 'expirePin' });
    expect(drive.view).toMatchObject({ status: 'failed', error: { code: 'PLEX_CLIENT_MISMATCH' } });
    expect(drive.reachedAtMs('failed')).toBe(3000);
  });

  it('expires the PIN soon, and its answers count down to it', async () => {
    const drive = await play({ atMs: 4300, plex: 'expirePin', inMs: 10_000 });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    // Plex counts in whole seconds.
    expect(drive.reachedAtMs('expired')).toBe(14_000);
    expect(String(drive)).toContain('plex: expirePin in 10000 ms');
  });
});

describe('the network', () => {
  it('is down from its moment on and up again at its end', async () => {
    const drive = await play({ atMs: 2000, untilMs: 4000, network: 'down' }, { atMs: 6000, user: 'approve' });
    // Each read asks both of Plex's hosts; the second failure in a row waits two seconds.
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 2000, 3000, 3000, 5000, 6000]);
    expect(drive.requests.slice(2, 4)).toEqual([
      { atMs: 2000, type: 'request', operation: 'getToken', durationMs: 0 },
      { atMs: 2000, type: 'request', operation: 'getToken', durationMs: 0 },
    ]);
    expect(drive.view.status).toBe('authenticated');
  });

  it('is down before what the app does at that moment, and up before it, whatever the order in the script', async () => {
    const drive = await play(
      { atMs: 1500, app: 'check' },
      { atMs: 1700, app: 'check' },
      { atMs: 1500, untilMs: 1700, network: 'down' },
      { atMs: 1800, app: 'cancel' },
    );
    expect(drive.requests.map(({ atMs, status }) => [atMs, status])).toEqual([
      [0, 201],
      [1000, 200],
      [1500, undefined],
      [1500, undefined],
      [1700, 200],
    ]);
  });

  it('is down before the app is made', async () => {
    const credentials = createMemoryStore();
    await drivePlexAuth({ options: { credentials }, script: [{ atMs: 500, user: 'approve' }] });
    const drive = await drivePlexAuth({
      options: { credentials },
      script: [{ atMs: 0, untilMs: 100, network: 'down' }],
    });
    expect(drive.requests.map(({ operation, status }) => [operation, status])).toEqual([
      ['getUser', undefined],
      ['getUser', undefined],
    ]);
    expect(drive.view.status).toBe('authenticated');
  });

  it('is slow for one operation, `times` requests', async () => {
    const drive = await play(
      { atMs: 0, network: { type: 'slow', delayMs: 400 }, operation: 'getToken', times: 2 },
      { atMs: 3500, user: 'approve' },
    );
    expect(drive.requests.map(({ atMs, durationMs }) => [atMs, durationMs])).toEqual([
      [0, 0],
      [1000, 400],
      [2000, 400],
      [3000, 0],
      [4000, 0],
    ]);
  });

  it('works again after the drive: no fault stays behind', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    await drivePlexAuth({ time, emulator, untilMs: 5000, script: [{ atMs: 2000, network: 'down' }] });
    const drive = await drivePlexAuth({ time, emulator, script: [{ atMs: 500, user: 'approve' }] });
    expect(drive.askedAtMs('getToken')).toEqual([1000]);
    expect(drive.view.status).toBe('authenticated');
  });
});

describe('the device', () => {
  it('sleeps: nothing is asked, and what fell due is asked when it wakes', async () => {
    const drive = await play(
      { atMs: 2500, untilMs: 600_000, device: 'asleep' },
      { atMs: 60_000, user: 'approve' },
    );
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 600_000]);
    expect(drive.reachedAtMs('authenticated')).toBe(600_000);
  });

  it('sleeps as long as one of its sleeps lasts', async () => {
    const drive = await play(
      { atMs: 2500, untilMs: 10_000, device: 'asleep' },
      { atMs: 5000, untilMs: 20_000, device: 'asleep' },
      { atMs: 20_000, user: 'approve' },
    );
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 20_000]);
  });

  it('sleeps through the life of the PIN, and finds it expired', async () => {
    const drive = await play({ atMs: 2500, untilMs: 7_200_000, device: 'asleep' });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 7_200_000]);
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('sleeps during a read, and gets the answer when it wakes', async () => {
    const drive = await play(
      { atMs: 500, user: 'approve' },
      { atMs: 0, network: { type: 'slow', delayMs: 300 }, operation: 'getToken' },
      { atMs: 1100, untilMs: 9000, device: 'asleep' },
    );
    expect(drive.requests.at(-1)).toMatchObject({ atMs: 1000, durationMs: 300, status: 200 });
    expect(drive.reachedAtMs('authenticated')).toBe(9000);
  });

  it('that still sleeps at the end leaves nothing behind', async () => {
    const drive = await drivePlexAuth({
      untilMs: 20_000,
      script: [{ atMs: 2500, untilMs: 60_000, device: 'asleep' }],
    });
    expect(leftIn(drive)).toEqual([0, 0]);
    expect(drive.view.status).toBe('awaitingLink');
  });

  it.each([-3_600_000, 3_600_000])(
    'has its clock moved by %i ms, and the reads keep their pace',
    async (clockByMs) => {
      const drive = await play({ atMs: 2500, device: { clockByMs } }, { atMs: 8000, user: 'approve' });
      expect(drive.askedAtMs('getToken').slice(0, 3)).toEqual([1000, 2000, 3000]);
      const [before, after] = [1000, 3000].map((atMs) =>
        drive.timeline.findLast((entry) => entry.type === 'view' && entry.atMs === atMs),
      );
      const expiresAtMs = Date.UTC(2026, 0, 1, 0, 30);
      expect(before).toMatchObject({ view: { expiresAtMs } });
      expect(after).toMatchObject({ view: { expiresAtMs: expiresAtMs + clockByMs } });
      expect(drive.view.status).toBe('authenticated');
    },
  );
});

describe('the test', () => {
  it('can look at the drive so far', async () => {
    const seen: unknown[] = [];
    await play(
      {
        atMs: 1500,
        test: ({ view, timeline, askedAtMs }) =>
          seen.push(view.status, timeline.length, askedAtMs('getToken')),
      },
      { atMs: 2000, user: 'approve' },
    );
    expect(seen).toEqual(['awaitingLink', 9, [1000]]);
  });

  it('fails the drive at once by throwing, and nothing stays behind', async () => {
    const time = createVirtualTime(0);
    const drive = drivePlexAuth({
      time,
      script: [
        {
          atMs: 1500,
          test() {
            throw new RangeError('not on the screen');
          },
        },
      ],
    });
    await expect(drive).rejects.toThrow('not on the screen');
    expect([time.timers, time.clock.now()]).toEqual([0, 1500]);
  });

  it('fails the drive by rejecting', async () => {
    const drive = play({ atMs: 1500, test: () => Promise.reject(new RangeError('later')) });
    await expect(drive).rejects.toThrow('later');
  });

  it('can wait for something that needs the time to go on', async () => {
    let answer: unknown;
    await play(
      { atMs: 500, user: 'approve' },
      { atMs: 2000, network: { type: 'slow', delayMs: 3000 } },
      {
        atMs: 2000,
        test: async ({ auth }) => {
          answer = await auth.verify();
        },
      },
    );
    expect(answer).toMatchObject({ status: 'valid' });
  });
});
