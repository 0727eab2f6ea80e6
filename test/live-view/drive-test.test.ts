import { expect, it, vi } from 'vitest';
import { toDriveTest } from '../../live-view/drive-test.ts';
import { createHistory } from '../../live-view/history.ts';
import { type DrivePlexAuthOptions, drivePlexAuth, type PlexAuthDrive } from '../../src/testing/index.ts';
import { recordDrive } from './record-drive.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What a user of the engine saw, polls left out. */
function reachedIn({ timeline }: PlexAuthDrive) {
  return timeline
    .flatMap((entry) => (entry.type === 'view' ? [{ status: entry.view.status, atMs: entry.atMs }] : []))
    .filter(({ status }) => status !== 'fetchingToken')
    .filter(({ status }, index, all) => status !== all[index - 1]?.status);
}

async function testOf(options: DrivePlexAuthOptions) {
  const { drive, messages } = await recordDrive(options);
  const history = createHistory();
  for (const message of messages) history.receive(message);
  return { drive, text: toDriveTest(history) };
}

/** Runs the text as it stands, and gives the drive that it made. */
async function run(text: string): Promise<PlexAuthDrive> {
  const tests: (() => Promise<void>)[] = [];
  const drives: PlexAuthDrive[] = [];
  const drivePlexAuthAgain = async (options: DrivePlexAuthOptions) => {
    const drive = await drivePlexAuth(options);
    drives.push(drive);
    return drive;
  };
  const body = text.replace(/^import .*$/gm, '');
  new Function('drivePlexAuth', 'expect', 'it', body)(
    drivePlexAuthAgain,
    expect,
    (_: string, test: () => Promise<void>) => tests.push(test),
  );
  expect(tests).toHaveLength(1);
  for (const test of tests) await test();
  expect(drives).toHaveLength(1);
  return drives[0] as PlexAuthDrive;
}

interface Recorded {
  it: string;
  options: DrivePlexAuthOptions;
  /** What the text must say. */
  says: string[];
  ends: string;
  /** How far the drives may be apart. */
  withinMs?: number;
}

const recordings: Recorded[] = [
  {
    it: 'an approval',
    options: { script: [{ atMs: 30_400, user: 'approve' }] },
    says: ["{ atMs: 0, app: 'start' }", "user: 'approve' }"],
    ends: 'authenticated',
  },
  {
    it: 'an approval whose polls are spread',
    options: { script: [{ atMs: 90_400, user: 'approve' }], options: { random: () => 0.9 } },
    says: ["user: 'approve' }"],
    ends: 'authenticated',
    withinMs: 1900,
  },
  {
    it: 'a network that was down',
    options: {
      script: [
        { atMs: 5500, untilMs: 14_500, network: 'down' },
        { atMs: 22_000, user: 'approve' },
      ],
    },
    says: ["network: 'down', operation: 'getToken', times: 8 }"],
    ends: 'authenticated',
  },
  {
    it: 'a network that was down from the start',
    options: { script: [{ atMs: 0, network: 'down' }] },
    says: ["network: 'down', operation: 'getPin', times: 12 }"],
    ends: 'failed',
  },
  {
    it: 'a 429 that says how long to wait',
    options: {
      script: [
        { atMs: 3000, network: { type: 'rateLimited', retryAfter: 9 }, times: 1 },
        { atMs: 6000, user: 'approve' },
      ],
    },
    says: ["network: { type: 'rateLimited', retryAfter: 9 }, operation: 'getToken', times: 1 }"],
    ends: 'authenticated',
  },
  {
    it: 'a user who denied, until the code ran out',
    options: { script: [{ atMs: 10_000, user: 'deny' }] },
    says: ["'expired'"],
    ends: 'expired',
    withinMs: 5000,
  },
  {
    it: 'codes that were renewed',
    options: {
      script: [{ atMs: 950_500, user: 'approve' }],
      options: { renewals: 2, strong: false },
    },
    says: ['options: { strong: false, renewals: 2 }'],
    ends: 'authenticated',
    withinMs: 5000,
  },
  {
    it: 'a cancel and a second start',
    options: {
      script: [
        { atMs: 3300, app: 'cancel' },
        { atMs: 5000, app: 'start' },
        { atMs: 6200, app: 'check' },
        { atMs: 8000, app: 'cancel' },
      ],
    },
    says: ["{ atMs: 3300, app: 'cancel' }", "{ atMs: 5000, app: 'start' }", "{ atMs: 6200, app: 'check' }"],
    ends: 'idle',
  },
  {
    it: 'a sign-out',
    options: {
      script: [
        { atMs: 2000, user: 'approve' },
        { atMs: 9000, app: 'signOut' },
      ],
    },
    says: ["{ atMs: 9000, app: 'signOut' }"],
    ends: 'idle',
  },
  {
    it: 'an answer in HTML',
    options: {
      script: [
        { atMs: 2500, untilMs: 4500, network: { type: 'html', status: 502 }, operation: 'getToken' },
        { atMs: 12_000, user: 'approve' },
      ],
    },
    says: ["network: { type: 'status', status: 502 }"],
    ends: 'authenticated',
  },
  {
    it: 'a page of a portal in place of JSON',
    options: {
      script: [
        { atMs: 2500, untilMs: 4500, network: { type: 'html' }, operation: 'getToken' },
        { atMs: 12_000, user: 'approve' },
      ],
    },
    says: ["network: { type: 'html' }, operation: 'getToken', times: 2 }"],
    ends: 'authenticated',
  },
  {
    it: 'a code that Plex forgot',
    options: { script: [{ atMs: 20_500, plex: 'expirePin' }] },
    says: ["plex: 'expirePin' }"],
    ends: 'failed',
  },
  {
    it: 'a token that Plex refused',
    options: {
      script: [
        { atMs: 1500, user: 'approve' },
        { atMs: 5000, network: { type: 'status', status: 401 }, operation: 'getUser' },
        { atMs: 6000, app: 'verify' },
      ],
    },
    says: ["{ atMs: 6000, app: 'verify' }"],
    ends: 'expired',
  },
  {
    it: 'requests that hung, a limit and another pace',
    options: {
      script: [{ atMs: 3000, untilMs: 4000, network: { type: 'hang' }, operation: 'getToken' }],
      options: { requestTimeoutMs: 4000, giveUpAfterMs: 40_000, polling: { intervalMs: 500 } },
    },
    says: [
      'giveUpAfterMs: 40_000',
      'polling: { intervalMs: 500 }',
      'requestTimeoutMs: 4000',
      "network: { type: 'hang' }",
    ],
    ends: 'expired',
  },
  {
    it: 'a slow answer',
    options: {
      script: [
        { atMs: 0, network: { type: 'slow', delayMs: 3000 }, operation: 'getPin' },
        { atMs: 9000, user: 'approve' },
      ],
    },
    says: ["network: { type: 'slow', delayMs: 3000 }"],
    ends: 'authenticated',
  },
  {
    it: 'a code that Plex let end soon, and its renewal',
    options: {
      script: [
        { atMs: 4300, plex: 'expirePin', inMs: 10_000 },
        { atMs: 19_400, user: 'approve' },
      ],
      options: { renewals: 3 },
    },
    says: ["plex: 'expirePin', inMs: ", 'options: { renewals: 3 }'],
    ends: 'authenticated',
  },
  {
    it: 'a device that slept for an hour',
    options: { script: [{ atMs: 5300, untilMs: 3_605_300, device: 'asleep' }] },
    says: ["untilMs: 3_605_300, device: 'asleep' }"],
    ends: 'expired',
  },
  {
    it: 'a device that slept for a minute',
    options: {
      script: [
        { atMs: 5300, untilMs: 65_300, device: 'asleep' },
        { atMs: 30_000, user: 'approve' },
      ],
    },
    says: ["untilMs: 65_300, device: 'asleep' }"],
    ends: 'authenticated',
  },
  {
    it: 'an hour that passed by the clocks of the device and of Plex alone',
    options: {
      script: [
        { atMs: 5300, plex: 'expirePin' },
        { atMs: 5300, device: { clockByMs: 3_600_000 } },
        { atMs: 5300, app: 'check' },
      ],
    },
    says: ["plex: 'expirePin' }", 'device: { clockByMs: 3_600_000 } }'],
    ends: 'expired',
  },
  {
    it: 'a clock that was set back',
    options: {
      script: [
        { atMs: 5300, device: { clockByMs: -3_600_000 } },
        { atMs: 20_000, user: 'approve' },
      ],
    },
    says: ['device: { clockByMs: -3_600_000 } }'],
    ends: 'authenticated',
  },
  {
    it: 'a flow that continues',
    options: { script: [], untilMs: 12_300 },
    says: ['untilMs: 12_300'],
    ends: 'awaitingLink',
  },
];

it.each(recordings)(
  'a test of a recorded drive plays it again: $it',
  async ({ options, says, ends, withinMs = 1000 }) => {
    const { drive, text } = await testOf(options);
    for (const words of says) expect(text).toContain(words);
    const again = reachedIn(await run(text));
    const recorded = reachedIn(drive);
    expect(again.map(({ status }) => status)).toEqual(recorded.map(({ status }) => status));
    expect(again.at(-1)?.status).toBe(ends);
    for (const [index, { atMs }] of again.entries()) {
      expect(Math.abs(atMs - Number(recorded[index]?.atMs))).toBeLessThanOrEqual(withinMs);
    }
  },
);

it('fails where the flow goes another way', async () => {
  const { text } = await testOf({ script: [{ atMs: 30_400, user: 'approve' }] });
  await expect(run(text.replace("user: 'approve'", "user: 'deny'"))).rejects.toThrow(/to deeply equal/);
  const late = text.replace(/atMs: (\d+_\d+), user/, 'atMs: 36_000, user');
  expect(late).not.toBe(text);
  await expect(run(late)).rejects.toThrow(/authenticated/);
});

it('says so where nothing, or not everything, is there', async () => {
  expect(toDriveTest(createHistory())).toBe('// Nothing is recorded yet.\n');
  const { text: idle } = await testOf({ start: false, untilMs: 1000 });
  expect(idle).toBe('// Nothing is started yet.\n');
  const { messages } = await recordDrive({ script: [{ atMs: 30_400, user: 'approve' }] });
  const history = createHistory(20);
  for (const message of messages) history.receive(message);
  expect(toDriveTest(history)).toContain('// The recording is incomplete: its oldest entries were dropped.');
  const late = createHistory();
  late.noteLost(1);
  for (const message of messages) late.receive(message);
  expect(toDriveTest(late)).toContain('// The recording is incomplete: its oldest entries were dropped.');
});

it('holds nothing of a message but numbers and known words', () => {
  const history = createHistory();
  const evil = `'); process.exit(); //\n\`\${evil}`;
  const about = { sessionId: 'x:0', createdAt: '1000' };
  history.receive({ ...about, type: '@xstate.actor', name: 'pinAuth' });
  for (const type of ['START', evil, `xstate.error.actor.getPin`]) {
    history.receive({ ...about, type: '@xstate.event', event: { type, error: { code: evil } } });
    const snapshot = { status: 'active', value: evil, context: { lastError: { code: evil }, reason: evil } };
    history.receive({ ...about, type: '@xstate.snapshot', event: { type }, snapshot });
  }
  expect(toDriveTest(history)).not.toContain('process');
});
