import { describe, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type DriveMove,
  type DrivePlexAuthOptions,
  drivePlexAuth,
  type PlexAuthDrive,
} from '../../src/testing/index.ts';

const play = (...script: DriveMove[]) => drivePlexAuth({ script });
/** How many timers and unanswered requests a drive left behind. */
const leftIn = ({ time, emulator }: PlexAuthDrive) => [time.timers, emulator.pending];

describe('a drive', () => {
  it('without a script has no user: half an hour of reads, then expired', async () => {
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

  it('lasts until untilMs, even if nothing is left to happen', async () => {
    const time = createVirtualTime(0);
    const drive = await drivePlexAuth({ time, script: [{ atMs: 0, app: 'cancel' }], untilMs: 12_345 });
    expect(time.clock.now()).toBe(12_345);
    expect(leftIn(drive)).toEqual([0, 0]);
  });

  it('stops in the middle of a flow at untilMs, and disposes of it', async () => {
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
  /** Records what it sees, each with the drive's own time. */
  function createRecordingInspector() {
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
    const { seen, inspector } = createRecordingInspector();
    const script: DriveMove[] = [{ atMs: 1500, user: 'approve' }];
    const drive = await drivePlexAuth({ script, inspector });
    expect(seen).toContainEqual([0, 'START']);
    expect(seen).toContainEqual([0, 'POST /api/v2/pins']);
    expect(seen).toContainEqual([2000, 'GET /api/v2/pins/{pinID}']);
    expect(String(drive)).toBe(String(await drivePlexAuth({ script })));
  });

  it('keeps watching after a reload', async () => {
    const { seen, inspector } = createRecordingInspector();
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
