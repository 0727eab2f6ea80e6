import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPlexAuth, PlexAuthError, type PlexAuthOptions, Secret, type Wire } from '../../src/index.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { tokenIn } from '../fixture/create-flow.ts';
import { createFakeProvider } from '../fixture/fake-provider.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

type Answers = { [Method in keyof Wire]?: unknown };

/** An engine on a wire, some of whose methods give another answer than they should. */
function createOdd(answers: Answers, options: Partial<PlexAuthOptions> = {}) {
  const time = createVirtualTime();
  const { wire, asked, approve } = createFakeProvider(time.clock);
  const odd: Record<string, unknown> = { ...wire };
  let calls = 0;
  for (const [method, answer] of Object.entries(answers)) {
    odd[method] = (...given: unknown[]) => {
      calls += 1;
      return typeof answer === 'function' ? answer(...given) : answer;
    };
  }
  const auth = createPlexAuth({
    product: 'x',
    clientIdentifier: 'tv',
    clock: time.clock,
    wire: odd as unknown as Wire,
    ...options,
  });
  return { auth, time, asked, approve, calls: () => calls };
}

const pin = { pinID: 'a', code: 'AB', clientIdentifier: 'tv', atMs: 1, expiresInMs: 600_000 };

describe('an answer to getPin that', () => {
  it.each<[string, unknown]>([
    ['is nothing', undefined],
    ['is a text', 'a pin'],
    ['has no times', { pinID: 'a', code: 'AB', clientIdentifier: 'tv' }],
    ['has a life that is no number', { ...pin, expiresInMs: Number.NaN }],
    ['has a code that would steer a terminal', { ...pin, code: '\u001b[2J' }],
    ['has no client identifier', { ...pin, clientIdentifier: undefined }],
    ['has an id of half', { ...pin, pinID: 1.5 }],
  ])('%s is an error that names it, and the sign-in asks at its pace', async (_name, answer) => {
    const { auth, time, calls } = createOdd({ getPin: answer });
    auth.start();
    await time.advance(500);
    expect(auth.getSnapshot()).toMatchObject({
      status: 'requestingPin',
      lastError: { code: 'PLEX_BAD_REPLY', message: expect.stringContaining('getPin') },
    });
    await time.advance(3_600_000);
    expect(auth.getSnapshot().status).toBe('failed');
    expect(calls()).toBe(6);
  });
});

describe('an answer to getToken that', () => {
  it.each<[string, unknown]>([
    ['is nothing', undefined],
    ['has an unknown status', { status: 'maybe', atMs: 1 }],
    ['has no times', { status: 'pending' }],
    ['counts in texts', { status: 'pending', atMs: 1, tookMs: 0, expiresInMs: '900' }],
    ['claims without a token', { status: 'claimed', atMs: 1 }],
    ['claims with an empty token', { status: 'claimed', atMs: 1, token: '' }],
  ])('%s is an error that names it, and the sign-in ends with its PIN', async (_name, answer) => {
    const { auth, time, calls } = createOdd({ getToken: answer });
    auth.start();
    await time.advance(60_000);
    expect(auth.getSnapshot()).toMatchObject({ lastError: { code: 'PLEX_BAD_REPLY' } });
    expect(calls()).toBeLessThan(70);
    await time.advance(3_600_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('claims with a token that is a text is taken, and shows the token nowhere', async () => {
    const { auth, time } = createOdd({ getToken: { status: 'claimed', atMs: 1, token: 'canary-token' } });
    auth.start();
    await time.advance(1500);
    const view = auth.getSnapshot();
    expect(view.status === 'authenticated' && view.token).toBeInstanceOf(Secret);
    expect(inspect([view, auth.actor.getSnapshot().context], { depth: 20, showHidden: true })).not.toContain(
      'canary-token',
    );
  });

  it('says gone and not why fails by name', async () => {
    const { auth, time } = createOdd({ getToken: { status: 'gone', atMs: 1 } });
    auth.start();
    await time.advance(1500);
    expect(auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_CLIENT_MISMATCH' } });
  });
});

describe('linksOf that', () => {
  it.each<[string, unknown]>([
    ['gives nothing', undefined],
    [
      'gives a script',
      { authURL: 'javascript:alert(1)', linkURL: 'https://a.test', qrURL: 'https://a.test' },
    ],
    [
      'throws',
      () => {
        throw new Error('no links');
      },
    ],
  ])('%s fails the sign-in by name, and nothing is uncaught', async (_name, answer) => {
    const uncaught = await uncaughtIn(async () => {
      const { auth, time } = createOdd({ linksOf: answer });
      auth.start();
      await time.advance(60_000);
      expect(auth.getSnapshot()).toMatchObject({
        status: 'failed',
        error: { code: expect.stringMatching(/PLEX_BAD_REPLY|PLEX_UNEXPECTED/) },
      });
    });
    expect(uncaught).toEqual([]);
  });
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['a user without a status', { user: { id: 1 } }],
  ['an unknown status', { status: 'perhaps' }],
])('an answer to getUser that is %s says nothing about the token', async (_name, answer) => {
  const { auth, time, approve } = createOdd({ getUser: answer });
  approve();
  auth.start();
  await time.advance(1500);
  expect(await auth.verify()).toMatchObject({ status: 'unknown', error: { code: 'PLEX_BAD_REPLY' } });
  expect(auth.getSnapshot().status).toBe('authenticated');
});

describe('a wire that never answers', () => {
  const never = () => new Promise(() => {});

  it.each(['getPin', 'getToken'])(
    '%s counts as out of time, and the sign-in goes on and ends',
    async (method) => {
      const { auth, time } = createOdd({ [method]: never }, { requestTimeoutMs: 2000 });
      auth.start();
      await time.advance(4500);
      expect(auth.getSnapshot()).toMatchObject({ lastError: { code: 'PLEX_TIMEOUT', retryable: true } });
      await time.advance(3_600_000);
      expect(auth.getSnapshot().status).toMatch(/failed|expired/);
      expect(time.timers).toBe(0);
    },
  );

  it.each(['getUser', 'signOut'])('%s hangs nothing', async (method) => {
    const { auth, time, approve } = createOdd({ [method]: never }, { requestTimeoutMs: 2000 });
    approve();
    auth.start();
    await time.advance(1500);
    const verified = auth.verify();
    await time.advance(2000);
    expect(await verified).toHaveProperty('status');
    auth.signOut();
    await time.advance(2000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'idle', reason: 'signedOut' });
  });

  it('verify ends with the engine', async () => {
    const { auth, time, approve } = createOdd({ getUser: never });
    approve();
    auth.start();
    await time.advance(1500);
    const verified = auth.verify();
    await auth.dispose();
    expect(await verified).toEqual({ status: 'unknown' });
  });

  it('in time, and brings a token after all, is believed', async () => {
    let answer: (reading: object) => void = () => {};
    const late = new Promise((resolve) => {
      answer = resolve;
    });
    const { auth, time } = createOdd({ getToken: () => late }, { requestTimeoutMs: 2000 });
    auth.start();
    await time.advance(3500);
    answer({ status: 'claimed', atMs: 1, token: 'late-token' });
    await time.advance(0);
    expect(auth.getSnapshot().status).toBe('authenticated');
  });
});

it('isPin that throws says that the kept PIN is none of its own', async () => {
  const store = createRecordingStore();
  const first = createOdd({}, { store });
  first.auth.start();
  await first.time.advance(500);
  await first.auth.dispose();
  const isPin = () => {
    throw new Error('canary');
  };
  const { auth, time } = createOdd({ isPin }, { store });
  await time.advance(500);
  expect(auth.getSnapshot()).toEqual({ status: 'idle' });
  auth.start();
  await time.advance(500);
  expect(auth.getSnapshot().status).toBe('awaitingLink');
});

describe('an error of a wire', () => {
  it.each<[string, object]>([
    ['an end that is no time', { atMs: Number.NaN }],
    ['an end that never comes', { atMs: Infinity }],
    ['a wait that is a text', { atMs: 1, retryAfterMs: '5' }],
    ['a wait without end', { atMs: 1, retryAfterMs: Infinity }],
  ])('with %s is tried again at the usual pace, and the sign-in ends', async (_name, odd) => {
    const failing = () => {
      throw new PlexAuthError('PLEX_HTTP', 'no', { atMs: 1, retryable: true, status: 500, ...odd });
    };
    const { auth, time, calls } = createOdd({ getToken: failing });
    auth.start();
    await time.advance(60_000);
    expect(calls()).toBeGreaterThan(3);
    expect(calls()).toBeLessThan(70);
    expect(auth.getSnapshot()).toMatchObject({ lastError: { code: 'PLEX_HTTP' } });
    await time.advance(3_600_000);
    expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  });
});

it('a request that says it took longer than the PIN lives took as long as the clock says at the most', async () => {
  const reading = () => ({ status: 'pending', atMs: time.clock.now(), tookMs: 1e15, expiresInMs: 600_000 });
  const { auth, time } = createOdd({ getToken: reading });
  auth.start();
  await time.advance(20_000);
  expect(auth.getSnapshot().status).toMatch(/awaitingLink|fetchingToken/);
});

it('a token that another copy of this package holds is held here', async () => {
  const token = { reveal: () => 'canary-token' };
  const { auth, time } = createOdd({ getToken: { status: 'claimed', atMs: 1, token } });
  auth.start();
  await time.advance(1500);
  const view = auth.getSnapshot();
  expect(view.status === 'authenticated' && view.token).toBeInstanceOf(Secret);
  expect(tokenIn(auth)).toBe('canary-token');
});
