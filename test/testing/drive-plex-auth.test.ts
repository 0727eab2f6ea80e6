import { describe, expect, it, vi } from 'vitest';
import { createPlexAuth, type PlexAuth, PlexAuthError } from '../../src/index.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type DriveMove,
  type DrivePlexAuthOptions,
  drivePlexAuth,
  formatTimeline,
  type PlexAuthDrive,
} from '../../src/testing/index.ts';

vi.setConfig({ testTimeout: 30_000 });

const play = (...script: DriveMove[]) => drivePlexAuth({ script });
const statusesOf = (drive: PlexAuthDrive) =>
  drive.timeline.flatMap((entry) => (entry.type === 'view' ? entry.view.status : []));
/** What stays behind. */
const leftIn = ({ time, emulator }: PlexAuthDrive) => [time.timers, emulator.pending];

describe('a drive', () => {
  it('without a script is a user who never comes: half an hour of reads, and expired', async () => {
    const drive = await drivePlexAuth();
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    expect(drive.askedAtMs('getPin')).toEqual([0]);
    expect(drive.askedAtMs('getToken').slice(0, 3)).toEqual([1000, 2000, 3000]);
    expect(drive.reachedAtMs('expired')).toBe(1_800_000);
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('gives views, requests and moves in order, as data', async () => {
    const { timeline } = await play({ atMs: 1500, user: 'approve' });
    const code = {
      code: 'aaaaaaaaaaaaaaaaaaaaaaaaa',
      expiresAtMs: Date.UTC(2026, 0, 1, 0, 30),
      authURL: expect.stringContaining('code=aaaaaaaaaaaaaaaaaaaaaaaaa'),
      linkURL: expect.any(String),
      qrURL: expect.any(String),
    };
    expect(timeline).toEqual([
      { atMs: 0, type: 'view', view: { status: 'idle' } },
      { atMs: 0, type: 'move', move: { atMs: 0, app: 'start' } },
      { atMs: 0, type: 'view', view: { status: 'requestingPin' } },
      { atMs: 0, type: 'request', operation: 'getPin', status: 201, durationMs: 0 },
      { atMs: 0, type: 'view', view: { status: 'awaitingLink', ...code } },
      { atMs: 1000, type: 'view', view: { status: 'fetchingToken', ...code } },
      { atMs: 1000, type: 'request', operation: 'getToken', status: 200, durationMs: 0 },
      { atMs: 1000, type: 'view', view: { status: 'awaitingLink', ...code } },
      { atMs: 1500, type: 'move', move: { atMs: 1500, user: 'approve' } },
      { atMs: 2000, type: 'view', view: { status: 'fetchingToken', ...code } },
      { atMs: 2000, type: 'request', operation: 'getToken', status: 200, durationMs: 0 },
      {
        atMs: 2000,
        type: 'view',
        view: { status: 'authenticated', token: expect.anything(), clientIdentifier: 'drive-plex-auth' },
      },
    ]);
  });

  it('shows no token and no account of the emulator in its timeline, however it is written', async () => {
    const drive = await play({ atMs: 500, user: 'approve' });
    const token = drive.view.status === 'authenticated' ? drive.view.token.reveal() : '';
    expect(token).not.toBe('');
    for (const text of [String(drive), JSON.stringify(drive.timeline)]) expect(text).not.toContain(token);
    expect(JSON.stringify(drive.timeline)).toContain('[redacted]');
    expect(String(drive)).not.toContain('aaaaaaaa');
  });

  it('is the same each time', async () => {
    const script: DriveMove[] = [
      { atMs: 3500, untilMs: 9000, network: 'down' },
      { atMs: 20_000, user: 'approve' },
    ];
    const [one, other] = await Promise.all([drivePlexAuth({ script }), drivePlexAuth({ script })]);
    expect(JSON.stringify(one.timeline)).toBe(JSON.stringify(other.timeline));
  });

  it('plays a script in the order of time, however it is written', async () => {
    const drive = await play({ atMs: 5000, app: 'cancel' }, { atMs: 2000, app: 'check' });
    expect(drive.view).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(drive.reachedAtMs('idle')).toBe(0);
    expect(drive.timeline.flatMap((entry) => (entry.type === 'move' ? entry.atMs : []))).toEqual([
      0, 2000, 5000,
    ]);
  });

  it('lasts as long as it is told, even where nothing is left to happen', async () => {
    const time = createVirtualTime(0);
    const drive = await drivePlexAuth({ time, script: [{ atMs: 0, app: 'cancel' }], untilMs: 12_345 });
    expect(time.clock.now()).toBe(12_345);
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('stops in the middle of a flow where it is told, and disposes of it', async () => {
    const drive = await drivePlexAuth({ untilMs: 2500 });
    expect(drive.view.status).toBe('awaitingLink');
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('ends an hour after the last move where a flow has no end', async () => {
    const time = createVirtualTime(0);
    const drive = await drivePlexAuth({
      time,
      options: { renewals: Infinity },
      script: [{ atMs: 1000, app: 'check' }],
    });
    expect(time.clock.now()).toBe(3_601_000);
    expect(drive.askedAtMs('getPin')).toEqual([0, 1_800_000, 3_600_000]);
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it.each<[string, DrivePlexAuthOptions, number[]]>([
    ['at 0', {}, [0]],
    ['when the script says so', { script: [{ atMs: 700, app: 'start' }] }, [700]],
    [
      'at 0 where the script starts it once more',
      {
        script: [
          { atMs: 500, app: 'cancel' },
          { atMs: 700, app: 'start' },
        ],
      },
      [0, 700],
    ],
    ['never where it is not to', { start: false }, []],
  ])('starts %s', async (_name, options, askedAtMs) => {
    const drive = await drivePlexAuth({ ...options, untilMs: 900 });
    expect(drive.askedAtMs('getPin')).toEqual(askedAtMs);
  });

  it('passes options on to the engine and the emulator', async () => {
    const drive = await drivePlexAuth({
      options: { strong: false, polling: { intervalMs: 2000 } },
      emulatorOptions: { approveAfterMs: 3000 },
    });
    expect(drive.askedAtMs('getToken')).toEqual([2000, 4000]);
    expect(drive.emulator.pins).toMatchObject([{ strong: false, code: 'AAAA', state: 'linked' }]);
  });
});

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

  it('approves for this app, though another has asked later', async () => {
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

  it('is reloaded and goes on with the PIN in its store', async () => {
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

  it('is reloaded and starts with nothing where it has no store', async () => {
    const drive = await play({ atMs: 2500, app: 'reload' });
    expect(drive.view).toEqual({ status: 'idle' });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
  });

  it('is disposed of, and moves no more', async () => {
    const drive = await play({ atMs: 2500, app: 'dispose' }, { atMs: 5000, app: 'start' });
    expect(drive.view.status).toBe('awaitingLink');
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
  });
});

describe('Plex', () => {
  it('forgets the PIN long before its time, which fails the flow', async () => {
    const drive = await play({ atMs: 2500, plex: 'expirePin' });
    expect(drive.view).toMatchObject({ status: 'failed', error: { code: 'PLEX_CLIENT_MISMATCH' } });
    expect(drive.reachedAtMs('failed')).toBe(3000);
  });
});

describe('the network', () => {
  it('lets the PIN end soon, to which its answers count down', async () => {
    const drive = await play({ atMs: 4300, plex: 'expirePin', inMs: 10_000 });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    // Plex counts in whole seconds.
    expect(drive.reachedAtMs('expired')).toBe(14_000);
    expect(String(drive)).toContain('plex: expirePin in 10000 ms');
  });

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

  it('is down before the app is there', async () => {
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

  it('is slow for one operation, so many times', async () => {
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

  it('is handed back whole: no fault outlives the drive', async () => {
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

  it('sleeps through the life of the PIN, and finds it expired', async () => {
    const drive = await play({ atMs: 2500, untilMs: 7_200_000, device: 'asleep' });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 7_200_000]);
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('sleeps with a read out, and takes the answer when it wakes', async () => {
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
    'has its clock set by %i ms, and the flow takes its time',
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
  it('looks at the screen in the middle, and at the drive so far', async () => {
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

  it('may wait for what needs the time to go on', async () => {
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

describe("a test's own engine", () => {
  function createApp() {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    const auth = createPlexAuth({
      product: 'My App',
      fetch: emulator.fetch,
      clock: time.clock,
      random: () => 0,
    });
    return { time, emulator, auth };
  }

  it('is driven piece by piece, and stays alive', async () => {
    const app = createApp();
    app.auth.start();
    const first = await drivePlexAuth({ ...app, untilMs: 2500 });
    expect([first.view.status, first.askedAtMs('getToken')]).toEqual(['awaitingLink', [1000, 2000]]);
    const second = await drivePlexAuth({ ...app, script: [{ atMs: 0, user: 'approve' }] });
    expect(second.askedAtMs('getToken')).toEqual([500]);
    expect(second.timeline.slice(0, 2)).toMatchObject([
      { atMs: 0, type: 'view', view: { status: 'awaitingLink' } },
      { atMs: 0, type: 'move', move: { user: 'approve' } },
    ]);
    app.auth.signOut();
    await app.time.advance(0);
    expect(app.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
  });

  it('is started by the script alone', async () => {
    const drive = await drivePlexAuth({ ...createApp(), untilMs: 5000 });
    expect(drive.requests).toEqual([]);
  });
});

describe('an inspector', () => {
  /** Notes what it sees, each with the drive's own time. */
  function createWitness() {
    const seen: [number, string][] = [];
    const inspector: DrivePlexAuthOptions['inspector'] = ({ fetch, clock }) => {
      const startMs = clock.now();
      const note = (what: string) => void seen.push([clock.now() - startMs, what]);
      return {
        inspect: (event) => event.type === '@xstate.event' && note(event.event.type),
        fetch(input, init) {
          note(`${init?.method} ${new URL(String(input)).pathname.replace(/\d+$/, '{pinID}')}`);
          return fetch(input, init);
        },
      };
    };
    return { seen, inspector };
  }

  it('sees the chart and each request, in the time of the drive, and changes nothing', async () => {
    const { seen, inspector } = createWitness();
    const script: DriveMove[] = [{ atMs: 1500, user: 'approve' }];
    const drive = await drivePlexAuth({ script, inspector });
    expect(seen).toContainEqual([0, 'START']);
    expect(seen).toContainEqual([0, 'POST /api/v2/pins']);
    expect(seen).toContainEqual([2000, 'GET /api/v2/pins/{pinID}']);
    expect(String(drive)).toBe(String(await drivePlexAuth({ script })));
  });

  it('goes on over a reload', async () => {
    const { seen, inspector } = createWitness();
    const options = { store: createMemoryStore() };
    await drivePlexAuth({
      script: [
        { atMs: 1500, app: 'reload' },
        { atMs: 3000, user: 'approve' },
      ],
      options,
      inspector,
    });
    expect(seen.filter(([, what]) => /^[A-Z]+$/.test(what))).toEqual([
      [0, 'START'],
      [1500, 'RESUME'],
    ]);
  });
});

describe('a bad option or entry', () => {
  const emulator = createPlexEmulator();
  const auth = createPlexAuth({ product: 'x' });

  it.each<[string, unknown]>([
    ['script must be a list of moves, not 5', { script: 5 }],
    ['script[1] must be a move such as', { script: [{ atMs: 0, app: 'start' }, null] }],
    [
      'script[0] must have one of user, plex, app, network, device, test to say who acts',
      { script: [{ atMs: 1 }] },
    ],
    ['script[0] must have one of', { script: [{ atMs: 1, user: 'approve', app: 'check' }] }],
    ['script[0].until is no field of a move of user', { script: [{ atMs: 1, user: 'approve', until: 3 }] }],
    ['script[0].untilMs is no field of a move of app', { script: [{ atMs: 1, app: 'check', untilMs: 3 }] }],
    [
      'script[2].atMs must be from 0 to 2147483647 ms, not -1',
      {
        script: [
          { atMs: 0, app: 'start' },
          { atMs: 0, app: 'check' },
          { atMs: -1, app: 'check' },
        ],
      },
    ],
    ['script[0].atMs must be from 0 to 2147483647 ms, not undefined', { script: [{ app: 'check' }] }],
    [
      'script[0].atMs must be from 0 to 2147483647 ms, not NaN',
      { script: [{ atMs: Number.NaN, app: 'check' }] },
    ],
    [
      'script[0].atMs must be from 0 to 500 ms, not 501',
      { untilMs: 500, script: [{ atMs: 501, app: 'check' }] },
    ],
    ['script[0].untilMs must be above atMs', { script: [{ atMs: 5, untilMs: 5, network: 'down' }] }],
    ['script[0].user must be approve or deny, not approves', { script: [{ atMs: 0, user: 'approves' }] }],
    ['script[0].plex must be expirePin', { script: [{ atMs: 0, plex: 'expire' }] }],
    [
      'script[0].app must be one of start, check, cancel, signOut, verify, reload, dispose',
      {
        script: [{ atMs: 0, app: 'toString' }],
      },
    ],
    ['script[0].network must be down or a fault, not up', { script: [{ atMs: 0, network: 'up' }] }],
    ['script[0].network: fault: type must be one of', { script: [{ atMs: 0, network: { type: 'gone' } }] }],
    ['script[0].network: fault: times must be', { script: [{ atMs: 0, network: 'down', times: 0 }] }],
    [
      'script[0].network: fault: operation must be',
      { script: [{ atMs: 0, network: 'down', operation: 'get' }] },
    ],
    ['script[0].inMs must be from 0', { script: [{ atMs: 0, plex: 'expirePin', inMs: -1 }] }],
    ['script[0].device must be asleep or { clockByMs }', { script: [{ atMs: 0, device: 'awake' }] }],
    ['script[0].untilMs must be given where', { script: [{ atMs: 0, device: 'asleep' }] }],
    ['script[0].untilMs must be left out', { script: [{ atMs: 0, untilMs: 1, device: { clockByMs: 1 } }] }],
    ['script[0].test must be a function', { script: [{ atMs: 0, test: 'look' }] }],
    [
      'script[0].app needs an engine that the drive makes',
      {
        auth,
        emulator,
        time: createVirtualTime(),
        script: [{ atMs: 0, app: 'reload' }],
      },
    ],
    [
      'script[0].device needs an engine that the drive makes',
      {
        auth,
        emulator,
        time: createVirtualTime(),
        script: [{ atMs: 0, device: { clockByMs: 1 } }],
      },
    ],
    ['untilMs must be from 0', { untilMs: -1 }],
    ['start must be true or false', { start: 'yes' }],
    ['mount must be a function', { mount: 'screen' }],
    ['inspector must be a function', { inspector: {} }],
    ['options.inspect: the inspector gives', { inspector: () => ({}), options: { inspect() {} } }],
    [
      'inspector: an engine of your own',
      { inspector: () => ({}), auth, emulator, time: createVirtualTime() },
    ],
    ['scripts must be left out', { scripts: [] }],
    ['the argument must be an object', null],
    ['options.fetch: the drive gives', { options: { fetch } }],
    ['options.clock: the drive gives', { options: { clock: createVirtualTime().clock } }],
    ['time: an emulator of your own needs', { emulator }],
    ['emulator: an engine of your own needs', { auth, time: createVirtualTime() }],
    ['options: an engine of your own', { auth, emulator, time: createVirtualTime(), options: {} }],
    [
      'emulatorOptions: an emulator of your own',
      { emulator, time: createVirtualTime(), emulatorOptions: {} },
    ],
  ])('is refused: %s', async (message, options) => {
    const drive = drivePlexAuth(options as DrivePlexAuthOptions);
    await expect(drive).rejects.toThrow(TypeError);
    await expect(drive).rejects.toThrow(message);
  });

  it('of the engine is refused as createPlexAuth does', async () => {
    await expect(drivePlexAuth({ options: { renewals: -1 } })).rejects.toThrow('renewals must be');
  });
});

describe('the text of a timeline', () => {
  it('is one line an entry, polls counted', async () => {
    const drive = await play({ atMs: 5000, untilMs: 7000, network: 'down' }, { atMs: 9500, user: 'approve' });
    expect(String(drive)).toBe(
      `
    0  → idle
    0  app: start
    0  → requestingPin
    0  getPin 201
    0  → awaitingLink
 1000  → fetchingToken
 1000  getToken 200
 1000  → awaitingLink
       … 3 × the same, the last at 4000
 5000  network: down
 5000  → fetchingToken
 5000  getToken without an answer
 5000  getToken without an answer
 5000  → awaitingLink (PLEX_NETWORK)
 6000  → fetchingToken (PLEX_NETWORK)
 6000  getToken without an answer
 6000  getToken without an answer
 6000  → awaitingLink (PLEX_NETWORK)
 7000  network: down ends
 8000  → fetchingToken (PLEX_NETWORK)
 8000  getToken 200
 8000  → awaitingLink
 9000  → fetchingToken
 9000  getToken 200
 9000  → awaitingLink
 9500  user: approve
10000  → fetchingToken
10000  getToken 200
10000  → authenticated`.slice(1),
    );
  });

  it('says who did what', () => {
    const view = {
      status: 'failed',
      error: new PlexAuthError('PLEX_HTTP', 'm', { atMs: 0, retryable: false, status: 400 }),
    } as const;
    const moves: DriveMove[] = [
      { atMs: 0, plex: 'expirePin' },
      { atMs: 0, network: { type: 'slow', delayMs: 5 }, operation: 'getPin' },
      { atMs: 0, untilMs: 9, device: 'asleep' },
      { atMs: 0, device: { clockByMs: -5 } },
      { atMs: 0, test: () => 0 },
      { atMs: 0, test: function looksAtTheCode() {} },
    ];
    const text = formatTimeline([
      ...moves.map((move) => ({ atMs: 0, type: 'move' as const, move })),
      { atMs: 7, type: 'view', view },
      { atMs: 70, type: 'request', operation: 'getUser', status: 200, durationMs: 12 },
    ]);
    expect(text.split('\n')).toEqual([
      ' 0  plex: expirePin',
      ' 0  network: slow, for getPin',
      ' 0  device: asleep',
      ' 0  device: clock set by -5 ms',
      ' 0  test',
      ' 0  test: looksAtTheCode',
      ' 7  → failed (PLEX_HTTP 400)',
      '70  getUser 200 in 12 ms',
    ]);
  });

  it('of nothing is empty', () => {
    expect(formatTimeline([])).toBe('');
  });
});
