/** The drives: sign-ins in virtual time against an emulator in memory. Test environments run them too. */
import { createPlexAuth, type KeyValueStore } from 'plex-auth-flow';
import {
  assertReaches,
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type DriveMove,
  drivePlexAuth,
  type Fault,
} from 'plex-auth-flow/testing';
import { expectEqual, expectThat, type ProbeCheck } from './probe-check.ts';

const faults: readonly Fault[] = [
  { type: 'status', status: 500 },
  { type: 'reset' },
  { type: 'hang' },
  { type: 'slow', delayMs: 3000 },
  { type: 'stale', delayMs: 3000 },
  { type: 'truncated' },
  { type: 'stalled' },
  { type: 'html' },
  { type: 'xml' },
  { type: 'rateLimited', retryAfter: 4 },
  { type: 'clockOffset', offsetMs: 60_000 },
];

/** Drives that end in a token, by what happens in them. */
const stories: Readonly<Record<string, readonly DriveMove[]>> = {
  ...Object.fromEntries(
    faults.map((fault): [string, DriveMove[]] => [
      `an answer that is ${fault.type}`,
      [
        { atMs: 0, untilMs: 12_000, network: fault },
        { atMs: 40_000, user: 'approve' },
      ],
    ]),
  ),
  'a device that sleeps': [
    { atMs: 5000, untilMs: 65_000, device: 'asleep' },
    { atMs: 20_000, user: 'approve' },
  ],
  'an app that is reloaded': [
    { atMs: 5000, app: 'reload' },
    { atMs: 20_000, user: 'approve' },
  ],
};

/** Half an hour in which nobody approves. */
const expiry = 'half an hour in which nobody approves';

/** Every drive as text. */
export async function playDrives(): Promise<Record<string, string>> {
  const played: Record<string, string> = { [expiry]: String(await drivePlexAuth()) };
  for (const [name, script] of Object.entries(stories)) {
    played[name] = String(await playStory(script));
  }
  return played;
}

function playStory(script: readonly DriveMove[]) {
  return drivePlexAuth({ script, options: { store: createMemoryStore() } });
}

const storyChecks = Object.entries(stories).map(
  ([name, script]): ProbeCheck => ({
    subject: 'drives',
    check: `has the timeline of ${name}`,
    async run({ timelines }) {
      const drive = await playStory(script);
      assertReaches(drive, 'authenticated');
      expectSameTimeline(String(drive), timelines[name]);
    },
  }),
);

/** A store of files, say. */
function createLateStore(): KeyValueStore {
  const { getItem, setItem, removeItem } = createMemoryStore();
  const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    getItem: (key) => pause().then(() => getItem(key)),
    setItem: (key, value) => pause().then(() => setItem(key, value)),
    removeItem: (key) => pause().then(() => removeItem(key)),
  };
}

const lateStoreCheck: ProbeCheck = {
  subject: 'drives',
  check: 'has the same timeline where a store answers in real time',
  async run() {
    const playWith = (store: KeyValueStore) =>
      drivePlexAuth({ script: stories['an app that is reloaded'] ?? [], options: { store } });
    const drive = await playWith(createLateStore());
    expectSameTimeline(String(drive), String(await playWith(createMemoryStore())));
  },
};

function expectSameTimeline(found: string, wanted = ''): void {
  const [lines, wantedLines] = [found, wanted].map((text) => text.split('\n')) as [string[], string[]];
  const at = wantedLines.findIndex((line, index) => line !== lines[index]);
  expectThat(at === -1, `has "${lines[at]}" and not "${wantedLines[at]}"`);
  expectEqual(lines.length, wantedLines.length);
}

export const driveChecks: readonly ProbeCheck[] = [
  ...storyChecks,
  lateStoreCheck,
  {
    subject: 'virtual time',
    check: 'waits half an hour with the right number of reads',
    async run({ timelines }) {
      const drive = await drivePlexAuth();
      assertReaches(drive, 'expired');
      expectThat(drive.askedAtMs('getToken').length > 300, 'there are too few reads');
      expectSameTimeline(String(drive), timelines[expiry]);
    },
  },
  {
    subject: 'virtual time',
    check: 'moves many engines at once, and leaves no timer',
    async run() {
      const time = createVirtualTime();
      const { clock } = time;
      const emulator = createPlexEmulator({ clock });
      const engines = Array.from({ length: 30 }, (_, index) =>
        createPlexAuth({
          product: 'Probe',
          clientIdentifier: `probe-${index}`,
          fetch: emulator.fetch,
          clock,
        }),
      );
      for (const engine of engines) engine.start();
      await time.advance(20_000);
      for (const { code } of emulator.pins) emulator.link(code);
      await time.advance(5000);
      const statuses = new Set(engines.map((engine) => engine.getSnapshot().status));
      expectEqual([...statuses], ['authenticated']);
      await Promise.all(engines.map((engine) => engine.dispose()));
      expectEqual(time.timers, 0);
    },
  },
  {
    subject: 'virtual time',
    check: 'runs what a timer sets within the same time',
    async run() {
      const { clock, advance } = createVirtualTime(0);
      const ranAtMs: number[] = [];
      const run = () => {
        ranAtMs.push(clock.now());
        if (ranAtMs.length < 4) void Promise.resolve().then(() => clock.setTimeout(run, 250));
      };
      clock.setTimeout(run, 1000);
      await advance(2000);
      expectEqual(ranAtMs, [1000, 1250, 1500, 1750]);
    },
  },
];
