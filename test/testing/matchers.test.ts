import { describe, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import {
  assertReaches,
  createPlexEmulator,
  createVirtualTime,
  type DriveMove,
  drivePlexAuth,
  type PlexAuthDrive,
  type PlexEmulatorOptions,
  type PlexMatchers,
  plexMatchers,
} from '../../src/testing/index.ts';

declare module 'vitest' {
  interface Matchers<T> extends PlexMatchers<T> {}
}
expect.extend(plexMatchers);

const play = (...script: DriveMove[]) => drivePlexAuth({ script });

/** Makes an app's own engine, and starts it. */
function createApp(plex: PlexEmulatorOptions = {}) {
  const time = createVirtualTime(0);
  const emulator = createPlexEmulator({ clock: time.clock, ...plex });
  const { fetch } = emulator;
  const auth = createPlexAuth({ product: 'My App', fetch, clock: time.clock, random: () => 0 });
  auth.start();
  return { auth, time, emulator };
}

/** Runs `work` and returns the message of its error. */
async function failureOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  return 'it did not fail';
}

it('toHaveAsked names an operation that does not exist', async () => {
  const drive = await drivePlexAuth({ script: [{ atMs: 500, user: 'approve' }] });
  expect(() => expect(drive).toHaveAsked('gettoken' as never, 0)).toThrow('one of getPin, getToken');
});

it('mentions a forgotten await', () => {
  const promise = drivePlexAuth({ untilMs: 0 });
  expect(() => expect(promise as unknown as PlexAuthDrive).toReach('authenticated')).toThrow('await it');
  expect(() => expect(promise as unknown as PlexAuthDrive).toHaveAsked('getPin')).toThrow('await it');
});

describe('toReach on a drive', () => {
  it('passes if the status was reached, although it was left again', async () => {
    const drive = await play({ atMs: 500, user: 'approve' }, { atMs: 2000, app: 'signOut' });
    expect(drive).toReach('authenticated');
    expect(drive).toReach('authenticated', { withinMs: 1000 });
    expect(drive).not.toReach('expired');
  });

  it('fails a millisecond too late', async () => {
    const drive = await play({ atMs: 500, user: 'approve' });
    expect(drive).not.toReach('authenticated', { withinMs: 999 });
    expect(await failureOf(() => expect(drive).toReach('authenticated', { withinMs: 999 }))).toContain(
      'expected the sign-in to reach authenticated within 999 ms; it did so at 1000 ms',
    );
  });

  it('reports the reached statuses, the last error, the requests, and the timeline', async () => {
    const drive = await drivePlexAuth({
      options: { giveUpAfterMs: 4000 },
      script: [{ atMs: 2500, network: 'down' }],
    });
    const message = await failureOf(() => expect(drive).toReach('authenticated'));
    expect(message).toContain(
      [
        'expected the sign-in to reach authenticated; it never did',
        '',
        'reached: idle, requestingPin, awaitingLink, fetchingToken, expired',
        'stands at: expired (limit, PLEX_NETWORK), since 6000 ms',
        'last error: PLEX_NETWORK: Plex did not answer',
        'asked: getPin once, getToken 8 times',
        '',
        '   0  → idle',
      ].join('\n'),
    );
    expect(message).toContain('2500  network: down');
  });

  it('reports a status that was reached although it must not be', async () => {
    const drive = await play({ atMs: 500, user: 'approve' });
    expect(await failureOf(() => expect(drive).not.toReach('authenticated'))).toContain(
      'expected the sign-in not to reach authenticated; it did so at 1000 ms',
    );
  });
});

describe('toReach on an engine', () => {
  it('moves the time to the moment of the status, and no further', async () => {
    const { auth, time } = createApp({ approveAfterMs: 2500 });
    await expect(auth).toReach('awaitingLink', { time });
    expect(time.clock.now()).toBe(0);
    await expect(auth).toReach('authenticated', { time });
    expect(time.clock.now()).toBe(3000);
    expect(auth.getSnapshot().status).toBe('authenticated');
    expect(time.timers).toBe(0);
  });

  it('passes at once where the engine is there already, and moves nothing', async () => {
    const { auth, time } = createApp();
    await expect(auth).toReach('awaitingLink', { time });
    await time.advance(500);
    await expect(auth).toReach('awaitingLink', { time });
    expect(time.clock.now()).toBe(500);
  });

  it('gives up after withinMs', async () => {
    const { auth, time, emulator } = createApp({ approveAfterMs: 10_500 });
    await expect(auth).not.toReach('authenticated', { time, withinMs: 10_999 });
    expect(time.clock.now()).toBe(10_999);
    await expect(auth).toReach('authenticated', { time, emulator, withinMs: 1 });
  });

  it('gives up where nothing can happen any more', async () => {
    const { auth, time, emulator } = createApp({ lifetimeMs: { strong: 3000 } });
    const message = await failureOf(() => expect(auth).toReach('authenticated', { time, emulator }));
    expect(message).toContain('stands at: expired (pin), since 3000 ms');
    expect(message).toContain('asked: getPin once, getToken 3 times');
    expect(time.clock.now()).toBeLessThan(5000);
  });

  it('gives up after an hour on its own', async () => {
    const { auth, time } = createApp({ lifetimeMs: { strong: 36_000_000 } });
    await expect(auth).not.toReach('authenticated', { time });
    expect(time.clock.now()).toBe(3_600_000);
  });

  it('leaves the engine alive and unwatched', async () => {
    const { auth, time } = createApp({ approveAfterMs: 500 });
    await expect(auth).toReach('authenticated', { time });
    auth.signOut();
    await expect(auth).toReach('idle', { time });
    expect(time.timers).toBe(0);
  });

  it('leaves no timer, though the status is seen twice in one moment', async () => {
    const { auth, time, emulator } = createApp();
    auth.cancel();
    emulator.fault({ type: 'reset' }, { times: 2 });
    auth.start();
    await expect(auth).toReach('requestingPin', { time });
    auth.cancel();
    await time.advance(0);
    expect(time.timers).toBe(0);
  });

  it('throws what another timer throws', async () => {
    const { auth, time } = createApp();
    time.clock.setTimeout(() => {
      throw new RangeError('in a timer');
    }, 100);
    expect(await failureOf(() => expect(auth).toReach('authenticated', { time }))).toBe('in a timer');
  });
});

describe('toHaveAsked', () => {
  it('counts what was asked', async () => {
    const drive = await play({ atMs: 2500, user: 'approve' });
    expect(drive).toHaveAsked('getToken');
    expect(drive).toHaveAsked('getToken', 3);
    expect(drive).not.toHaveAsked('getToken', 2);
    expect(drive).not.toHaveAsked('signOut');
    expect(drive).toHaveAsked('signOut', 0);
  });

  it('reports how often that was', async () => {
    const drive = await play({ atMs: 1500, user: 'approve' });
    const few = await failureOf(() => expect(drive).toHaveAsked('getToken', 3));
    expect(few).toContain(
      'expected the sign-in to have asked getToken 3 times; it did so 2 times\n\n   0  → idle',
    );
    const some = await failureOf(() => expect(drive).not.toHaveAsked('getPin'));
    expect(some).toContain('expected the sign-in not to have asked getPin; it did so once');
  });
});

describe('assertReaches', () => {
  it('passes and fails at once on a drive', async () => {
    const drive = await play({ atMs: 500, user: 'approve' });
    expect(assertReaches(drive, 'authenticated', { withinMs: 1000 })).toBeUndefined();
    expect(() => assertReaches(drive, 'failed')).toThrow(
      expect.objectContaining({ name: 'AssertionError', code: 'ERR_ASSERTION' }),
    );
    expect(() => assertReaches(drive, 'failed')).toThrow(
      'expected the sign-in to reach failed; it never did',
    );
  });

  it('waits on an engine', async () => {
    const { auth, time } = createApp({ approveAfterMs: 500 });
    await assertReaches(auth, 'authenticated', { time });
    await expect(assertReaches(auth, 'failed', { time })).rejects.toThrow('it never did');
  });
});

describe('misuse', () => {
  const { auth, time } = createApp();

  const drive = 'what drivePlexAuth gave';
  const driveOrEngine = 'what drivePlexAuth or createPlexAuth gave';

  it.each<[string, () => unknown]>([
    [
      'status must be one of idle, requestingPin,',
      () => plexMatchers.toReach(auth, 'done' as 'idle', { time }),
    ],
    [
      'withinMs must be from 0 to 2147483647 ms',
      () => plexMatchers.toReach(auth, 'idle', { time, withinMs: -1 }),
    ],
    [
      'time must be given with an engine: the virtual time whose clock it has',
      () => plexMatchers.toReach(auth, 'idle'),
    ],
    [`the subject of toReach must be ${driveOrEngine}`, () => plexMatchers.toReach(null, 'idle')],
    [`the subject of toReach must be ${driveOrEngine}`, () => plexMatchers.toReach('authenticated', 'idle')],
    [
      `the subject of assertReaches must be ${driveOrEngine}`,
      () => assertReaches(undefined as never, 'idle'),
    ],
    [`the subject of toHaveAsked must be ${drive}`, () => plexMatchers.toHaveAsked(auth, 'getPin')],
  ])('is a TypeError: %s', (message, call) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`plex-auth-flow: ${message}`);
  });

  it('of a count is a TypeError', async () => {
    const drive = await drivePlexAuth({ untilMs: 0 });
    expect(() => plexMatchers.toHaveAsked(drive, 'getPin', 1.5)).toThrow(
      new TypeError('plex-auth-flow: times must be an integer from 0'),
    );
  });
});

/** Issue 15 */
describe('several at once in one time', () => {
  it('each stop at their own moment', async () => {
    const { auth, time, emulator } = createApp();
    const other = createPlexAuth({
      product: 'Other',
      fetch: emulator.fetch,
      clock: time.clock,
      random: () => 0,
    });
    time.clock.setTimeout(other.start, 5000);
    await Promise.all([
      expect(auth).toReach('awaitingLink', { time }),
      expect(other).toReach('awaitingLink', { time }),
    ]);
    expect(other.getSnapshot().status).toBe('awaitingLink');
  });

  it('a drive goes on with a move that waits so', async () => {
    const drive = await drivePlexAuth({
      script: [
        { atMs: 1500, test: ({ auth, time }) => assertReaches(auth, 'authenticated', { time }) },
        { atMs: 30_000, user: 'approve' },
      ],
    });
    expect(drive.reachedAtMs('authenticated')).toBe(30_000);
  });
});
