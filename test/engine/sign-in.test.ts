import { describe, expect, it } from 'vitest';
import {
  type KeyValueStore,
  PlexAuthError,
  type PlexAuthView,
  Secret,
  type SignInOptions,
  type SignInResult,
  signIn,
} from '../../src/index.ts';
import { count, createWorld, type World } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

interface Flow extends World {
  /** What the promise has come to. */
  outcome: Promise<{ result: SignInResult } | { error: unknown }>;
  views: PlexAuthView[];
  aborting: AbortController;
}

/** A sign-in in virtual time, with the emulator for a plex.tv. */
function begin(options: Partial<SignInOptions> = {}, world: World = createWorld()): Flow {
  const views: PlexAuthView[] = [];
  const aborting = new AbortController();
  const outcome = signIn({
    product: 'Living Room',
    clientIdentifier: 'tv',
    clock: world.time.clock,
    fetch: world.emulator.fetch,
    random: () => 0,
    signal: aborting.signal,
    onView: (view) => views.push(view),
    ...options,
  }).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  return { ...world, outcome, views, aborting };
}

/** The user approves the newest PIN. @returns The token that the promise is to bring. */
const approve = ({ emulator }: World) => emulator.link(emulator.pins.at(-1)?.code ?? '');

async function tokenIn({ outcome }: Flow): Promise<string> {
  const settled = await outcome;
  if ('error' in settled) throw settled.error;
  return settled.result.token.reveal();
}

/** Nothing of the flow is left: no timer, no request, and none to come. */
async function expectNothingLeft({ time, emulator, views }: Flow): Promise<void> {
  await time.advance(0);
  expect(time.timers).toBe(0);
  expect(emulator.pending).toBe(0);
  const [requests, seen] = [emulator.requests.length, views.length];
  await time.advance(3_600_000);
  expect(emulator.requests).toHaveLength(requests);
  expect(views).toHaveLength(seen);
}

describe('signIn', () => {
  it('gives the token once the user has approved, and every view from the first on', async () => {
    const flow = begin();
    await flow.time.advance(500);
    const token = approve(flow);
    await flow.time.advance(1000);
    expect(await flow.outcome).toEqual({ result: { token: expect.anything(), clientIdentifier: 'tv' } });
    expect(await tokenIn(flow)).toBe(token);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'idle',
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
    ]);
    expect(count(flow.emulator, 'getUser')).toBe(0);
    await expectNothingLeft(flow);
  });

  it('needs nobody to watch or to end it', async () => {
    const flow = begin({ onView: undefined, signal: undefined });
    await flow.time.advance(500);
    const token = approve(flow);
    await flow.time.advance(1000);
    expect(await tokenIn(flow)).toBe(token);
    await expectNothingLeft(flow);
  });

  it('goes through passing faults', async () => {
    const flow = begin();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getPin' });
    flow.emulator.fault({ type: 'status', status: 503 }, { operation: 'getToken' });
    await flow.time.advance(5000);
    const token = approve(flow);
    await flow.time.advance(5000);
    expect(await tokenIn(flow)).toBe(token);
    await expectNothingLeft(flow);
  });

  it('continues with a new code where renewals are left', async () => {
    const flow = begin({ renewals: 1 }, createWorld({ lifetimeMs: { strong: 60_000 } }));
    await flow.time.advance(61_000);
    expect(flow.emulator.pins).toHaveLength(2);
    const token = approve(flow);
    await flow.time.advance(2000);
    expect(await tokenIn(flow)).toBe(token);
    await expectNothingLeft(flow);
  });

  it.each<[what: string, options: Partial<SignInOptions>, message: RegExp, atMs: number]>([
    ['the PIN', {}, /\bPIN\b/, 60_000],
    ['the limit', { giveUpAfterMs: 30_000 }, /\blimit\b/, 30_000],
  ])(
    'rejects with PLEX_EXPIRED when %s ran out, and says which it was',
    async (_what, options, message, atMs) => {
      const flow = begin(options, createWorld({ lifetimeMs: { strong: 60_000 } }));
      const startMs = flow.time.clock.now();
      await flow.time.advance(atMs + 1000);
      const settled = await flow.outcome;
      expect(settled).toEqual({ error: expect.any(PlexAuthError) });
      expect(settled).toMatchObject({
        error: { code: 'PLEX_EXPIRED', message: expect.stringMatching(message), retryable: false },
      });
      expect((settled as { error: PlexAuthError }).error.atMs - startMs).toBe(atMs);
      await expectNothingLeft(flow);
    },
  );

  it('rejects with what the flow failed with', async () => {
    const flow = begin();
    flow.emulator.fault({ type: 'status', status: 400, code: 1004 }, { operation: 'getPin' });
    await flow.time.advance(500);
    const last = flow.views.at(-1);
    expect(last).toMatchObject({ status: 'failed', error: { code: 'PLEX_HTTP', status: 400 } });
    const settled = await flow.outcome;
    expect('error' in settled && last?.status === 'failed' && settled.error === last.error).toBe(true);
    await expectNothingLeft(flow);
  });

  it('gives the token no sooner than it is written where tokens may be kept', async () => {
    const world = createWorld();
    const kept = createRecordingStore();
    const setItem = (key: string, value: string) =>
      new Promise<void>((resolve) => {
        world.time.clock.setTimeout(() => resolve(void kept.setItem(key, value)), 5000);
      });
    const flow = begin({ credentials: { ...kept, setItem } }, world);
    await flow.time.advance(500);
    const token = approve(flow);
    await flow.time.advance(1000);
    expect(flow.views.at(-1)?.status).toBe('authenticated');
    let isOver = false;
    void flow.outcome.then(() => {
      isOver = true;
    });
    await flow.time.advance(4499);
    expect(isOver).toBe(false);
    await flow.time.advance(1);
    expect(isOver).toBe(true);
    expect(kept.written.join()).toContain(token);
  });

  it('continues although who watches throws, and reports it', async () => {
    const broken = new Error('watcher broke');
    const uncaught = await uncaughtIn(async () => {
      const flow = begin({
        onView: () => {
          throw broken;
        },
      });
      await flow.time.advance(500);
      const token = approve(flow);
      await flow.time.advance(1000);
      expect(await tokenIn(flow)).toBe(token);
    });
    expect(uncaught).toEqual([broken, broken, broken, broken, broken]);
  });
});

describe('an abort', () => {
  const reason = new Error('the user closed the window');

  it('that came before makes no request and no engine', async () => {
    const world = createWorld();
    const store = createRecordingStore();
    const flow = begin({ signal: AbortSignal.abort(reason), store, clientIdentifier: undefined }, world);
    expect(await flow.outcome).toEqual({ error: reason });
    await world.time.advance(3_600_000);
    expect(world.emulator.requests).toEqual([]);
    expect(flow.views).toEqual([]);
    expect(store.items.size).toBe(0);
  });

  it.each<[status: PlexAuthView['status'], arrive: (flow: Flow) => Promise<void>]>([
    ['idle', async () => {}],
    [
      'requestingPin',
      ({ emulator, time }) => {
        emulator.fault({ type: 'hang' }, { operation: 'getPin' });
        return time.advance(500);
      },
    ],
    [
      'requestingPin',
      ({ emulator, time }) => {
        emulator.fault({ type: 'status', status: 500 }, { operation: 'getPin' });
        return time.advance(500);
      },
    ],
    ['awaitingLink', ({ time }) => time.advance(500)],
    [
      'fetchingToken',
      ({ emulator, time }) => {
        emulator.fault({ type: 'hang' }, { operation: 'getToken' });
        return time.advance(1500);
      },
    ],
  ])('in %s rejects with its reason at once, and leaves nothing', async (status, arrive) => {
    // A store makes the engine wait in idle until that is read.
    const flow = begin({ store: createRecordingStore() });
    await arrive(flow);
    expect(flow.views.at(-1)?.status).toBe(status);
    flow.aborting.abort(reason);
    expect(await flow.outcome).toEqual({ error: reason });
    await expectNothingLeft(flow);
  });

  it.each<PlexAuthView['status']>(['idle', 'requestingPin', 'awaitingLink', 'fetchingToken'])(
    'from within a view takes effect: %s',
    async (status) => {
      const world = createWorld();
      const aborting = new AbortController();
      const seen: string[] = [];
      const flow = begin(
        {
          signal: aborting.signal,
          onView: (view) => {
            seen.push(view.status);
            if (view.status === status) aborting.abort(reason);
          },
        },
        world,
      );
      await world.time.advance(2000);
      expect(await flow.outcome).toEqual({ error: reason });
      expect(seen.at(-1)).toBe(status);
      await expectNothingLeft(flow);
    },
  );

  it('that comes with the token does not drop it', async () => {
    const world = createWorld();
    const aborting = new AbortController();
    const flow = begin(
      {
        signal: aborting.signal,
        onView: ({ status }) => {
          if (status === 'authenticated') aborting.abort(reason);
        },
      },
      world,
    );
    await world.time.advance(500);
    const token = approve(world);
    await world.time.advance(1000);
    expect(await tokenIn(flow)).toBe(token);
    await expectNothingLeft(flow);
  });

  it('that comes before a token on its way wins, and the token is kept where tokens may be', async () => {
    const credentials = createRecordingStore();
    const world = createWorld();
    let answer = () => {};
    // A fetch that cannot be aborted, as a service worker's or an old polyfill's.
    const fetch: SignInOptions['fetch'] = async (input, init) => {
      const response = await world.emulator.fetch(input, { ...init, signal: null });
      if (count(world.emulator, 'getToken') > 0)
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      return response;
    };
    const flow = begin({ fetch, credentials }, world);
    await world.time.advance(500);
    const token = approve(world);
    await world.time.advance(600);
    flow.aborting.abort(reason);
    answer();
    expect(await flow.outcome).toEqual({ error: reason });
    await expectNothingLeft(flow);
    expect([...credentials.items.values()].join()).toContain(token);
  });

  it('that comes afterwards changes nothing, and the signal is left as it was', async () => {
    const world = createWorld();
    const { signal } = new AbortController();
    const waiting = new Set<unknown>();
    signal.addEventListener = (_type: string, listener: unknown) => void waiting.add(listener);
    signal.removeEventListener = (_type: string, listener: unknown) => void waiting.delete(listener);
    const flow = begin({ signal }, world);
    await world.time.advance(500);
    expect(waiting.size).toBeGreaterThan(0);
    const token = approve(world);
    await world.time.advance(1000);
    expect(await tokenIn(flow)).toBe(token);
    expect(waiting.size).toBe(0);
  });

  it('leaves a stored PIN for the next call, which continues with it', async () => {
    const store = createRecordingStore();
    const first = begin({ store });
    await first.time.advance(500);
    first.aborting.abort(reason);
    await first.outcome;
    const token = approve(first);
    const second = begin({ store }, first);
    await second.time.advance(0);
    expect(await tokenIn(second)).toBe(token);
    expect(count(first.emulator, 'getPin')).toBe(1);
    expect(count(first.emulator, 'getUser')).toBe(0);
    await expectNothingLeft(second);
  });
});

describe('stored credentials', () => {
  /** A world in which somebody has signed in, and the token is kept. */
  async function createHome() {
    const credentials = createRecordingStore();
    const flow = begin({ credentials });
    await flow.time.advance(500);
    const token = approve(flow);
    await flow.time.advance(1000);
    await flow.outcome;
    return { ...flow, credentials, token };
  }

  it('are given at once, without a PIN, after Plex has been asked about them', async () => {
    const home = await createHome();
    const flow = begin({ credentials: home.credentials }, home);
    await flow.time.advance(0);
    expect(await tokenIn(flow)).toBe(home.token);
    expect(await flow.outcome).toMatchObject({ result: { clientIdentifier: 'tv' } });
    expect(flow.views.map(({ status }) => status)).toEqual(['idle', 'authenticated']);
    expect(count(home.emulator, 'getPin')).toBe(1);
    expect(count(home.emulator, 'getUser')).toBeGreaterThan(0);
    await expectNothingLeft(flow);
  });

  it('that Plex refuses make room for a new flow', async () => {
    const home = await createHome();
    home.emulator.fault(
      { type: 'status', status: 401, code: 1001 },
      { operation: 'getUser', times: Infinity },
    );
    const flow = begin({ credentials: home.credentials }, home);
    await flow.time.advance(500);
    const token = approve(flow);
    await flow.time.advance(1000);
    expect(token).not.toBe(home.token);
    expect(await tokenIn(flow)).toBe(token);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'idle',
      'authenticated',
      'expired',
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
    ]);
    await expectNothingLeft(flow);
  });

  it('are taken as they are while Plex cannot be asked', async () => {
    const home = await createHome();
    home.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser', times: Infinity });
    const flow = begin({ credentials: home.credentials }, home);
    await flow.time.advance(0);
    expect(await tokenIn(flow)).toBe(home.token);
    expect(home.credentials.items.size).toBe(1);
    await expectNothingLeft(flow);
  });

  it('are not waited for once the call is aborted, and stay kept', async () => {
    const home = await createHome();
    home.emulator.fault({ type: 'hang' }, { operation: 'getUser', times: Infinity });
    const flow = begin({ credentials: home.credentials }, home);
    await flow.time.advance(100);
    const reason = new Error('enough');
    flow.aborting.abort(reason);
    expect(await flow.outcome).toEqual({ error: reason });
    expect(home.credentials.items.size).toBe(1);
    await expectNothingLeft(flow);
  });
});

describe('a token that cannot be stored', () => {
  const never = () => new Promise<void>(() => {});
  it.each<[string, Partial<KeyValueStore>]>([
    ['fails to write', { setItem: () => Promise.reject(new Error('disk full')) }],
    ['never answers a write', { setItem: never }],
  ])('is returned all the same, and the result says so, where its store %s', async (_name, broken) => {
    const { time, emulator } = createWorld({ approveAfterMs: 0 });
    const result = signIn({
      product: 'x',
      clientIdentifier: 'tv',
      clock: time.clock,
      fetch: emulator.fetch,
      credentials: { ...createRecordingStore(), ...broken },
      requestTimeoutMs: 3000,
    });
    await time.advance(10_000);
    expect(await result).toMatchObject({ token: expect.any(Secret), storeError: { code: 'PLEX_STORE' } });
  });

  it('for the PIN alone is no error of the result', async () => {
    const { time, emulator } = createWorld({ approveAfterMs: 0 });
    const result = signIn({
      product: 'x',
      clock: time.clock,
      fetch: emulator.fetch,
      store: { ...createRecordingStore(), setItem: never },
      credentials: createRecordingStore(),
      requestTimeoutMs: 3000,
    });
    await time.advance(1500);
    await time.advance(3000);
    await time.advance(3000);
    expect(Object.keys(await result)).toEqual(['token', 'clientIdentifier']);
  });
});

it('resolves once the PIN is removed from its store: the program may end at once', async () => {
  const { time, emulator } = createWorld({ approveAfterMs: 0 });
  const store = createRecordingStore();
  const removeItem = async (key: string) => {
    await new Promise<void>((resolve) => void time.clock.setTimeout(resolve, 700));
    store.removeItem(key);
  };
  let isDone = false;
  const options = { product: 'x', clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch };
  const result = signIn({ ...options, store: { ...store, removeItem } }).finally(() => {
    isDone = true;
  });
  await time.advance(1500);
  expect([isDone, store.items.size]).toEqual([false, 1]);
  await time.advance(700);
  await result;
  expect(store.items.size).toBe(0);
});
