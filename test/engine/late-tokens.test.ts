import { describe, expect, it } from 'vitest';
import {
  createPlexAuth,
  type Pin,
  type PinReading,
  PlexAuthError,
  type PlexAuthErrorCode,
  type PlexAuthOptions,
  Secret,
  signIn as signInOnce,
  type Wire,
} from '../../src/index.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { tokenIn } from '../fixture/create-flow.ts';
import { createFakeProvider } from '../fixture/fake-provider.ts';
import { createRecordingStore, type RecordingStore } from '../fixture/recording-store.ts';

const credentialsKey = 'plex-auth-flow.credentials';
const storedIn = ({ items }: RecordingStore) => JSON.parse(items.get(credentialsKey) ?? '{}').token;
const toStored = (token: string) =>
  JSON.stringify({ token, clientIdentifier: 'tv', serverURL: 'https://id.example' });

/** An engine whose first reads time out and go on in the background. The provider knows one living token. */
function createStage({ timeouts = 1, living = '', isFirstHeld = false } = {}) {
  const time = createVirtualTime();
  const { wire, asked, approve } = createFakeProvider(time.clock);
  const late: ((reading: PinReading) => void)[] = [];
  const signals: AbortSignal[] = [];
  const credentials = createRecordingStore();
  const provider = { living };
  const stagedWire: Wire = {
    ...wire,
    async getToken(request) {
      if (late.length >= timeouts) return wire.getToken(request);
      late.push(request.onLate ?? (() => {}));
      signals.push(request.signal);
      if (isFirstHeld) return new Promise((resolve) => late.splice(0, 1, resolve));
      throw new PlexAuthError('PLEX_TIMEOUT', 'late', { atMs: time.clock.now(), retryable: true });
    },
    async getUser(request) {
      const answer = await wire.getUser(request);
      return request.token.reveal() === provider.living ? answer : { status: 'rejected' };
    },
  };
  const auth = createPlexAuth({
    product: 'x',
    clientIdentifier: 'tv',
    clock: time.clock,
    credentials,
    wire: stagedWire,
  });
  async function startAndCancel() {
    auth.start();
    await time.advance(1500);
    auth.cancel();
    await time.advance(0);
  }
  async function answerLate(token = 'late-token') {
    late[0]?.({ status: 'claimed', atMs: time.clock.now(), token: new Secret(token) });
    await time.advance(0);
  }
  const storedToken = () => storedIn(credentials);
  const status = () => auth.getSnapshot().status;
  return {
    time,
    auth,
    asked,
    approve,
    signals,
    credentials,
    provider,
    startAndCancel,
    answerLate,
    storedToken,
    status,
  };
}

describe('the token of a read that timed out', () => {
  it('does not take the place of one that another process has stored since', async () => {
    const { credentials, startAndCancel, answerLate, storedToken } = createStage({ living: 'newer-token' });
    await startAndCancel();
    credentials.items.set(credentialsKey, toStored('newer-token'));
    await answerLate();
    expect(storedToken()).toBe('newer-token');
  });

  it('is stored after the end of its engine, and nobody is asked', async () => {
    const { time, auth, asked, startAndCancel, answerLate, storedToken } = createStage();
    await startAndCancel();
    auth.start();
    await time.advance(500);
    await auth.dispose();
    await answerLate();
    expect(storedToken()).toBe('late-token');
    expect(asked).not.toContain('getUser late-token');
  });

  it('is stored after the end of its engine over that of another server, as any other is', async () => {
    const { auth, credentials, startAndCancel, answerLate, storedToken } = createStage();
    credentials.items.set(credentialsKey, JSON.stringify({ token: 'foreign', clientIdentifier: 'tv' }));
    await startAndCancel();
    await auth.dispose();
    await answerLate();
    expect(storedToken()).toBe('late-token');
  });

  it('is taken from the oldest of three reads too, if it comes although that read was given up', async () => {
    const { time, auth, answerLate } = createStage({ timeouts: 3, living: 'late-token' });
    auth.start();
    await time.advance(10_000);
    await answerLate();
    expect(tokenIn(auth)).toBe('late-token');
  });

  it('is not taken after a later sign-in has ended, unless Plex says that it lives', async () => {
    const { time, auth, approve, asked, startAndCancel, answerLate, status } = createStage({
      isFirstHeld: true,
    });
    await startAndCancel();
    approve();
    auth.start();
    await time.advance(1500);
    auth.signOut();
    await time.advance(0);
    await answerLate();
    expect(asked).toContain('getUser late-token');
    expect(status()).toBe('idle');
  });

  it('is not stored over a newer one after the end of its engine', async () => {
    const { auth, credentials, startAndCancel, answerLate, storedToken } = createStage();
    await startAndCancel();
    await auth.dispose();
    credentials.items.set(credentialsKey, toStored('newer-token'));
    await answerLate();
    expect(storedToken()).toBe('newer-token');
  });

  describe('while the user is approving another PIN', () => {
    it('is taken if it lives', async () => {
      const { time, auth, asked, startAndCancel, answerLate, storedToken, status } = createStage({
        living: 'late-token',
      });
      await startAndCancel();
      auth.start();
      await time.advance(500);
      expect(status()).toBe('awaitingLink');
      await answerLate();
      expect(asked).toContain('getUser late-token');
      expect(tokenIn(auth)).toBe('late-token');
      expect(storedToken()).toBe('late-token');
    });

    it('is left aside if it is dead, and the sign-in continues', async () => {
      const { time, auth, approve, startAndCancel, answerLate, storedToken, status } = createStage({
        living: 'token-1',
      });
      await startAndCancel();
      auth.start();
      await time.advance(500);
      await answerLate();
      expect(status()).toBe('awaitingLink');
      expect(storedToken()).toBeUndefined();
      approve();
      await time.advance(3000);
      expect(tokenIn(auth)).toBe('token-1');
    });
  });

  it('is left aside while a token is held', async () => {
    const { time, auth, approve, startAndCancel, answerLate, storedToken } = createStage({
      living: 'token-1',
    });
    await startAndCancel();
    approve();
    auth.start();
    await time.advance(1500);
    await answerLate();
    expect(tokenIn(auth)).toBe('token-1');
    expect(storedToken()).toBe('token-1');
  });

  it('ends the oldest read where three go on, since each takes a connection', async () => {
    const { time, auth, signals } = createStage({ timeouts: 3 });
    auth.start();
    await time.advance(10_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  });
});

describe('the token of a cancelled read, which a wire goes on with and brings while another token is held,', () => {
  async function createHeld(living: string) {
    const stage = createStage({ living, isFirstHeld: true });
    await stage.startAndCancel();
    stage.approve();
    stage.auth.start();
    await stage.time.advance(1500);
    expect(tokenIn(stage.auth)).toBe('token-1');
    await stage.answerLate();
    return stage;
  }

  it('is left aside if the held one lives', async () => {
    const { auth, asked, storedToken } = await createHeld('token-1');
    expect(asked).toContain('getUser token-1');
    expect(tokenIn(auth)).toBe('token-1');
    expect(storedToken()).toBe('token-1');
  });

  it('takes its place if the held one is dead', async () => {
    const { auth, storedToken } = await createHeld('late-token');
    expect(tokenIn(auth)).toBe('late-token');
    expect(storedToken()).toBe('late-token');
  });
});

describe('the late token of a flow that was cancelled', () => {
  it.each(['requestingPin', 'awaitingLink', 'fetchingToken'])(
    'is kept although another is %s',
    async (status) => {
      const time = createVirtualTime();
      const { wire } = createFakeProvider(time.clock);
      const late = createGate<PinReading>();
      const pins = createGate<Pin>();
      let reads = 0;
      const credentials = createRecordingStore();
      const auth = createPlexAuth({
        product: 'x',
        clientIdentifier: 'tv',
        clock: time.clock,
        credentials,
        wire: {
          ...wire,
          getPin: (request) => (reads > 0 && status === 'requestingPin' ? pins.opened : wire.getPin(request)),
          getToken: (request) =>
            reads++ === 0 || status === 'fetchingToken' ? late.opened : wire.getToken(request),
        },
      });
      auth.start();
      await time.advance(500);
      auth.check();
      await time.advance(0);
      auth.cancel();
      auth.start();
      await time.advance(status === 'fetchingToken' ? 1500 : 500);
      expect(auth.getSnapshot().status).toBe(status);
      late.open({ status: 'claimed', atMs: time.clock.now(), token: new Secret('late-token') });
      await time.advance(0);
      expect(tokenIn(auth)).toBe('late-token');
      expect(storedIn(credentials)).toBe('late-token');
    },
  );
});

/** An engine whose first read times out and goes on; the next ones find the PIN gone, since its token was handed out. */
function createLateRead() {
  const time = createVirtualTime();
  const { wire } = createFakeProvider(time.clock);
  let onLate: ((reading: PinReading) => void) | undefined;
  let reads = 0;
  const credentials = createRecordingStore();
  const options: PlexAuthOptions = {
    product: 'x',
    clientIdentifier: 'tv',
    clock: time.clock,
    credentials,
    wire: {
      ...wire,
      async getToken(request) {
        const atMs = time.clock.now();
        if (reads++ > 0) return { status: 'gone', atMs, error: toError('PLEX_CLIENT_MISMATCH', atMs) };
        onLate = request.onLate;
        throw toError('PLEX_TIMEOUT', atMs);
      },
    },
  };
  const answer = () =>
    onLate?.({ status: 'claimed', atMs: time.clock.now(), token: new Secret('late-token') });
  return { time, options, credentials, answer };
}

describe('where a read timed out and the next one finds the PIN gone', () => {
  it('signIn waits for the first one, which may have been handed the token', async () => {
    const { time, options, credentials, answer } = createLateRead();
    const result = signInOnce(options);
    await time.advance(12_000);
    answer();
    await time.advance(0);
    expect((await result).token.reveal()).toBe('late-token');
    expect(storedIn(credentials)).toBe('late-token');
  });

  it('the sign-in fails after half a minute, and takes the token even then', async () => {
    const { time, options, credentials, answer } = createLateRead();
    const auth = createPlexAuth(options);
    auth.start();
    await time.advance(30_000);
    expect(auth.getSnapshot().status).toBe('fetchingToken');
    await time.advance(10_000);
    expect(auth.getSnapshot().status).toBe('failed');
    answer();
    await time.advance(0);
    expect(tokenIn(auth)).toBe('late-token');
    expect(storedIn(credentials)).toBe('late-token');
  });

  it('a cancel ends the wait, and leaves no timer', async () => {
    const { time, options } = createLateRead();
    const auth = createPlexAuth(options);
    auth.start();
    await time.advance(5000);
    auth.cancel();
    await time.advance(0);
    expect([auth.getSnapshot().status, time.timers]).toEqual(['idle', 0]);
  });
});

it('ends a read in the background once the engine is disposed of', async () => {
  const time = createVirtualTime();
  const { wire } = createFakeProvider(time.clock);
  const signals: AbortSignal[] = [];
  const auth = createPlexAuth({
    product: 'x',
    clientIdentifier: 'tv',
    clock: time.clock,
    wire: {
      ...wire,
      async getToken({ signal }) {
        signals.push(signal);
        throw toError('PLEX_TIMEOUT', time.clock.now());
      },
    },
  });
  auth.start();
  await time.advance(1500);
  auth.cancel();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  await auth.dispose();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});

function toError(code: PlexAuthErrorCode, atMs: number): PlexAuthError {
  return new PlexAuthError(code, code, { atMs, retryable: code === 'PLEX_TIMEOUT' });
}

function createGate<T>(): { opened: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
