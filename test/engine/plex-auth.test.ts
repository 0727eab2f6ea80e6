import { inspect } from 'node:util';
import { createStorage } from 'unstorage';
import { describe, expect, it, vi } from 'vitest';
import {
  createPlexAuth,
  type KeyValueStore,
  type PlexAuth,
  PlexAuthError,
  type PlexAuthOptions,
  type PlexAuthView,
} from '../../src/index.ts';
import type { Fetch } from '../../src/ports.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type Fault,
  type Operation,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../src/testing/index.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

// Half an hour is hundreds of requests, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 30_000 });

const halfAnHourMs = 1_800_000;
const hourMs = 3_600_000;

interface World {
  time: VirtualTime;
  emulator: PlexEmulator;
}

interface Flow extends World {
  auth: PlexAuth;
  /** Every view since the engine was made. */
  views: PlexAuthView[];
}

function createWorld(plex: PlexEmulatorOptions = {}): World {
  const time = createVirtualTime();
  return { time, emulator: createPlexEmulator({ clock: time.clock, ...plex }) };
}

/** An engine in virtual time, with the emulator for a plex.tv. */
function createFlow(options: Partial<PlexAuthOptions> = {}, world: World = createWorld()): Flow {
  const auth = createPlexAuth({
    product: 'Living Room',
    clientIdentifier: 'tv',
    clock: world.time.clock,
    fetch: world.emulator.fetch,
    random: () => 0,
    ...options,
  });
  const views: PlexAuthView[] = [];
  auth.subscribe((view) => views.push(view));
  return { ...world, auth, views };
}

/** A store in memory, and all that was ever written to it. */
function createStore(): KeyValueStore & { items: Map<string, string>; written: string[] } {
  const items = new Map<string, string>();
  const written: string[] = [];
  return {
    items,
    written,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, value);
      written.push(value);
    },
    removeItem: (key) => items.delete(key),
  };
}

function codeIn(auth: PlexAuth): string {
  const view = auth.getSnapshot();
  if (view.status === 'awaitingLink' || view.status === 'fetchingToken') return view.code;
  throw new Error(`No code while ${view.status}`);
}

function tokenIn(auth: PlexAuth): string {
  const view = auth.getSnapshot();
  if (view.status === 'authenticated') return view.token.reveal();
  throw new Error(`No token while ${view.status}`);
}

function count({ requests }: PlexEmulator, operation: Operation): number {
  return requests.filter((request) => request.operation === operation).length;
}

/** The user approves, and the application hints at it. */
async function approve({ auth, emulator, time }: Flow): Promise<string> {
  const token = emulator.link(codeIn(auth));
  auth.check();
  await time.advance(0);
  expect(tokenIn(auth)).toBe(token);
  return token;
}

async function signIn(flow: Flow): Promise<string> {
  flow.auth.start();
  await flow.time.advance(500);
  return approve(flow);
}

/** How to bring a flow into each state, and to keep it there. */
const arrivals: [name: string, status: PlexAuthView['status'], arrive: (flow: Flow) => Promise<unknown>][] = [
  ['idle', 'idle', async () => {}],
  [
    'requestingPin, asking',
    'requestingPin',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'hang' }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'requestingPin, backing off',
    'requestingPin',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'status', status: 500 }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'awaitingLink',
    'awaitingLink',
    ({ auth, time }) => {
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'fetchingToken',
    'fetchingToken',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'hang' }, { operation: 'getToken' });
      auth.start();
      return time.advance(1500);
    },
  ],
  ['authenticated', 'authenticated', signIn],
  [
    'expired',
    'expired',
    ({ auth, time }) => {
      auth.start();
      return time.advance(61_000);
    },
  ],
  [
    'failed',
    'failed',
    ({ auth, emulator, time }) => {
      emulator.fault({ type: 'status', status: 400, code: 1004 }, { operation: 'getPin' });
      auth.start();
      return time.advance(500);
    },
  ],
  [
    'signingOut',
    'signingOut',
    async (flow) => {
      await signIn(flow);
      flow.emulator.fault({ type: 'hang' }, { operation: 'signOut' });
      flow.auth.signOut();
      return flow.time.advance(500);
    },
  ],
];
/** A flow whose PINs live a minute, to be brought into a state. */
const createArrival = () => createFlow({}, createWorld({ lifetimeMs: { strong: 60_000 } }));
const running = ['requestingPin', 'awaitingLink', 'fetchingToken', 'signingOut'];

describe('options', () => {
  const store = { getItem: () => null, setItem: () => {} };
  it.each<[option: string, options: unknown]>([
    ['options', undefined],
    ['options', null],
    ['options', 'Living Room'],
    ['product', {}],
    ['product', { product: '' }],
    ['product', { product: 7 }],
    ['clientIdentifier', { clientIdentifier: '' }],
    ['clientIdentifier', { clientIdentifier: 'Küche' }],
    ['device', { device: 7 }],
    ['device.colour', { device: { colour: 'red' } }],
    ['device.model', { device: { model: '' } }],
    ['strong', { strong: 'yes' }],
    ['serverURL', { serverURL: 'plex.tv' }],
    ['authAppURL', { authAppURL: 'javascript:alert(1)' }],
    ['linkURL', { linkURL: '/link' }],
    ['forwardURL', { forwardURL: 'app://done' }],
    ['store', { store: {} }],
    ['store', { store: null }],
    ['store', { store }],
    ['credentials', { credentials: store }],
    ['fetch', { fetch: {} }],
    ['clock', { clock: Date }],
    ['random', { random: 0.5 }],
    ['inspect', { inspect: 'all' }],
    ['polling', { polling: 1000 }],
    ['polling.intervalMs', { polling: { intervalMs: 0 } }],
    ['polling.intervalMs', { polling: { intervalMs: 249 } }],
    ['polling.intervalMs', { polling: { intervalMs: Number.NaN } }],
    ['polling.intervalMs', { polling: { intervalMs: '1000' } }],
    ['polling.maxIntervalMs', { polling: { maxIntervalMs: 999 } }],
    ['polling.maxIntervalMs', { polling: { intervalMs: 3000, maxIntervalMs: 2000 } }],
    ['polling.maxBackoffMs', { polling: { maxBackoffMs: 999 } }],
    ['polling.maxBackoffMs', { polling: { maxBackoffMs: Number.POSITIVE_INFINITY } }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['requestTimeoutMs', { requestTimeoutMs: 2 ** 31 }],
    ['giveUpAfterMs', { giveUpAfterMs: 0 }],
    ['giveUpAfterMs', { giveUpAfterMs: -1 }],
    ['giveUpAfterMs', { giveUpAfterMs: Number.NaN }],
    ['giveUpAfterMs', { giveUpAfterMs: 2 ** 31 }],
    ['renewals', { renewals: -1 }],
    ['renewals', { renewals: 1.5 }],
    ['renewals', { renewals: Number.NaN }],
    ['renewals', { renewals: '2' }],
  ])('are refused at once, by name: %s in %j', (option, options) => {
    const isWhole = option === 'options' || option === 'product';
    const given = isWhole ? options : { product: 'Living Room', ...(options as object) };
    const make = () => createPlexAuth(given as PlexAuthOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(new RegExp(`\\b${option}\\b`));
  });

  it('need no more than a product, and ask nothing before start', async () => {
    const { auth, emulator, time } = createFlow();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(emulator.requests).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('that are missing and those that are undefined are the same', async () => {
    const flow = createFlow({
      device: undefined,
      strong: undefined,
      serverURL: undefined,
      authAppURL: undefined,
      linkURL: undefined,
      forwardURL: undefined,
      store: undefined,
      credentials: undefined,
      inspect: undefined,
      requestTimeoutMs: undefined,
      giveUpAfterMs: undefined,
      renewals: undefined,
    });
    await signIn(flow);
    expect(flow.emulator.pins[0]?.strong).toBe(true);
  });

  it('reach plex.tv and the links', async () => {
    const flow = createFlow({
      strong: false,
      device: { deviceName: 'Sofa 🛋️' },
      forwardURL: 'https://app.example/done',
      authAppURL: 'https://auth.example/auth',
      linkURL: 'https://link.example/link',
      serverURL: 'https://pins.example',
    });
    flow.auth.start();
    await flow.time.advance(500);
    const code = codeIn(flow.auth);
    expect(code).toHaveLength(4);
    expect(flow.emulator.requests[0]).toMatchObject({
      path: '/api/v2/pins',
      product: 'Living Room',
      clientIdentifier: 'tv',
      origin: 'https://app.example',
    });
    expect(flow.auth.getSnapshot()).toMatchObject({
      authURL:
        `https://auth.example/auth#?clientID=tv&code=${code}&context%5Bdevice%5D%5Bproduct%5D=Living%20Room` +
        '&context%5Bdevice%5D%5BdeviceName%5D=Sofa%20%F0%9F%9B%8B%EF%B8%8F&forwardUrl=https%3A%2F%2Fapp.example%2Fdone',
      linkURL: `https://link.example/link/?pin=${code}`,
      qrURL: `https://pins.example/api/v2/pins/qr/${code}`,
    });
  });
});

describe('the view', () => {
  const codeKeys = ['authURL', 'code', 'expiresAtMs', 'linkURL', 'qrURL', 'status'];
  it.each<[name: string, keys: string[]]>([
    ['idle', ['status']],
    ['requestingPin, asking', ['status']],
    ['requestingPin, backing off', ['lastError', 'status']],
    ['awaitingLink', codeKeys],
    ['fetchingToken', codeKeys],
    ['authenticated', ['clientIdentifier', 'status', 'token']],
    ['expired', ['reason', 'status']],
    ['failed', ['error', 'status']],
    ['signingOut', ['status']],
  ])('while %s has exactly these fields: %j', async (name, keys) => {
    const flow = createArrival();
    const [, status, arrive] = arrivals.find(([one]) => one === name) ?? [];
    await arrive?.(flow);
    expect(flow.auth.getSnapshot().status).toBe(status);
    expect(Object.keys(flow.auth.getSnapshot()).sort()).toEqual(keys);
  });

  it('holds what Plex gave, and the deadline by its count', async () => {
    const { auth, emulator, time } = createFlow();
    const startMs = time.clock.now();
    emulator.fault({ type: 'slow', delayMs: 300 });
    auth.start();
    await time.advance(300);
    const [pin] = emulator.pins;
    expect(auth.getSnapshot()).toEqual({
      status: 'awaitingLink',
      code: pin?.code,
      authURL: expect.stringContaining(`#?clientID=tv&code=${pin?.code}&`),
      linkURL: `https://plex.tv/link/?pin=${pin?.code}`,
      qrURL: `https://plex.tv/api/v2/pins/qr/${pin?.code}`,
      expiresAtMs: startMs + 300 + halfAnHourMs,
    });
  });

  it('shows the same code while a read is out', async () => {
    const { auth, emulator, time, views } = createFlow();
    emulator.fault({ type: 'slow', delayMs: 300 }, { operation: 'getToken' });
    auth.start();
    await time.advance(1100);
    const [, awaiting, fetching] = views;
    expect(fetching).toEqual({ ...awaiting, status: 'fetchingToken' });
  });

  it('shows a token to nobody who does not ask it to', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    const view = flow.auth.getSnapshot();
    expect(JSON.stringify(view)).toContain('[redacted]');
    expect(`${JSON.stringify(view)}${inspect(view, { depth: 20, showHidden: true })}`).not.toContain(token);
  });

  it('is told of in the order of time', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(flow.views.map(({ status }) => status)).toEqual([
      'requestingPin',
      'awaitingLink',
      'fetchingToken',
      'authenticated',
      'signingOut',
      'idle',
    ]);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
  });

  it.each(arrivals)(
    'stays the same object while nothing changes, whatever is ignored: %s',
    async (_name, status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      const view = flow.auth.getSnapshot();
      const seen = flow.views.length;
      expect(flow.auth.getSnapshot()).toBe(view);
      if (status !== 'authenticated') flow.auth.signOut();
      if (!['idle', 'expired', 'failed'].includes(status)) flow.auth.start();
      if (!['awaitingLink', 'requestingPin'].includes(status)) flow.auth.check();
      if (!running.includes(status)) flow.auth.cancel();
      await flow.auth.verify().catch(() => {});
      expect(flow.auth.getSnapshot()).toBe(view);
      expect(flow.views).toHaveLength(seen);
    },
  );

  it('is a new object after each change, and the old ones stay as they were', async () => {
    const flow = createFlow();
    const first = flow.auth.getSnapshot();
    await signIn(flow);
    const all = [first, ...flow.views];
    expect(new Set(all).size).toBe(all.length);
    expect(first).toEqual({ status: 'idle' });
    expect(all.at(-1)).toBe(flow.auth.getSnapshot());
  });
});

describe('start', () => {
  it('twice is one flow', async () => {
    const { auth, emulator, time } = createFlow();
    auth.start();
    auth.start();
    await time.advance(500);
    auth.start();
    await time.advance(1500);
    expect(count(emulator, 'getPin')).toBe(1);
    expect(count(emulator, 'getToken')).toBe(2);
  });

  it('twice is one flow even while the stores are being read', async () => {
    const { auth, emulator, time } = createFlow({ store: createStore() });
    auth.start();
    auth.start();
    await time.advance(500);
    expect(count(emulator, 'getPin')).toBe(1);
  });

  it('does nothing while a token is held: a second PIN would kill it', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    flow.auth.start();
    await flow.time.advance(hourMs);
    expect(count(flow.emulator, 'getPin')).toBe(1);
    expect(tokenIn(flow.auth)).toBe(token);
  });

  it.each(['expired', 'failed', 'awaitingLink', 'fetchingToken', 'requestingPin, backing off'])(
    'begins again after %s',
    async (name) => {
      const flow = createArrival();
      await arrivals.find(([one]) => one === name)?.[2](flow);
      flow.auth.cancel();
      await flow.time.advance(0);
      const before = count(flow.emulator, 'getPin');
      const token = await signIn(flow);
      expect(count(flow.emulator, 'getPin')).toBe(before + 1);
      expect(flow.auth.getSnapshot()).toEqual({
        status: 'authenticated',
        clientIdentifier: 'tv',
        token: expect.objectContaining({}),
      });
      expect(tokenIn(flow.auth)).toBe(token);
    },
  );

  it('begins again after a sign-out', async () => {
    const flow = createFlow();
    const first = await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(await signIn(flow)).not.toBe(first);
  });
});

describe('cancel', () => {
  it.each(arrivals)('while %s ends what runs and aborts what is out', async (_name, status, arrive) => {
    const flow = createArrival();
    await arrive(flow);
    const before = flow.auth.getSnapshot();
    flow.auth.cancel();
    await flow.time.advance(0);
    const reason = status === 'signingOut' ? 'signedOut' : 'cancelled';
    expect(flow.auth.getSnapshot()).toEqual(running.includes(status) ? { status: 'idle', reason } : before);
    expect(flow.emulator.pending).toBe(0);
    expect(flow.time.timers).toBe(0);
    const asked = flow.emulator.requests.length;
    await flow.time.advance(hourMs);
    expect(flow.emulator.requests).toHaveLength(asked);
  });

  it('takes back a start that waits for the stores', async () => {
    const { auth, emulator, time } = createFlow({ store: createStore() });
    auth.start();
    auth.cancel();
    await time.advance(hourMs);
    expect(emulator.requests).toEqual([]);
    expect(auth.getSnapshot().status).toBe('idle');
  });
});

describe('dispose', () => {
  it.each(arrivals)(
    'while %s leaves no timer, no request and no view after it',
    async (_name, _status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      const before = flow.auth.getSnapshot();
      const seen = flow.views.length;
      flow.auth.dispose();
      await flow.time.advance(0);
      expect(flow.emulator.pending).toBe(0);
      expect(flow.time.timers).toBe(0);
      const asked = flow.emulator.requests.length;
      await flow.time.advance(hourMs);
      flow.auth.start();
      flow.auth.check();
      flow.auth.cancel();
      flow.auth.signOut();
      flow.auth.dispose();
      await flow.time.advance(hourMs);
      expect(flow.emulator.requests).toHaveLength(asked);
      expect(flow.views).toHaveLength(seen);
      expect(flow.auth.getSnapshot()).toBe(before);
    },
  );

  it('aborts a verification that is out', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'hang' }, { operation: 'getUser' });
    const verification = flow.auth.verify();
    await flow.time.advance(100);
    flow.auth.dispose();
    expect(await verification).toMatchObject({ status: 'unknown' });
    expect([flow.emulator.pending, flow.time.timers]).toEqual([0, 0]);
  });

  it('takes back a start that waits for the stores', async () => {
    const { auth, emulator, time } = createFlow({ store: createStore() });
    auth.start();
    auth.dispose();
    await time.advance(hourMs);
    expect(emulator.requests).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('tells each subscriber of the end once, and late ones at once', () => {
    const { auth } = createFlow();
    let ends = 0;
    const unsubscribe = auth.subscribe(
      () => {},
      () => {
        ends += 1;
      },
    );
    auth.subscribe(
      () => {},
      () => {
        ends += 10;
      },
    );
    unsubscribe();
    auth.dispose();
    auth.dispose();
    expect(ends).toBe(10);
    auth.subscribe(
      () => {},
      () => {
        ends += 100;
      },
    );
    expect(ends).toBe(110);
  });
});

describe('the end of an engine', () => {
  it('is told to subscribers when the actor itself is stopped', () => {
    const { auth } = createFlow();
    let ends = 0;
    auth.subscribe(
      () => {},
      () => {
        ends += 1;
      },
    );
    auth.actor.stop();
    auth.dispose();
    expect(ends).toBe(1);
  });

  it('leaves a flow that was running without a timer or a request when the actor itself is stopped', async () => {
    const { auth, time, emulator } = createFlow();
    auth.start();
    await time.advance(1500);
    auth.actor.stop();
    expect([time.timers, emulator.pending]).toEqual([0, 0]);
  });

  it('waits, for those who want to know, for what is being written', async () => {
    const world = createWorld();
    const slow = createStore();
    const { setItem } = slow;
    slow.setItem = (key, value) =>
      new Promise<void>((resolve) => {
        world.time.clock.setTimeout(() => resolve(setItem(key, value) as undefined), 50);
      });
    const { auth, time, emulator } = createFlow({ credentials: slow }, world);
    auth.start();
    await time.advance(0);
    emulator.link(codeIn(auth));
    auth.check();
    await time.advance(0);
    const disposed = auth.dispose();
    expect(slow.written).toEqual([]);
    await time.advance(50);
    await disposed;
    expect(slow.written).toHaveLength(1);
  });
});

describe('subscribers', () => {
  it('that throw stop neither the flow nor the others, and their errors are reported', async () => {
    const flow = createFlow();
    const broken = new Error('listener broke');
    const after: string[] = [];
    flow.auth.subscribe(() => {
      throw broken;
    });
    flow.auth.subscribe(({ status }) => after.push(status));
    const uncaught = await uncaughtIn(() => signIn(flow));
    expect(after).toEqual(['requestingPin', 'awaitingLink', 'fetchingToken', 'authenticated']);
    expect(uncaught).toEqual([broken, broken, broken, broken]);
  });

  it('that throw at the end stop neither the end nor the others', async () => {
    const flow = createFlow();
    let isTold = false;
    const uncaught = await uncaughtIn(async () => {
      flow.auth.start();
      await flow.time.advance(500);
      flow.auth.subscribe(
        () => {},
        () => {
          throw new Error('end broke');
        },
      );
      flow.auth.subscribe(
        () => {},
        () => {
          isTold = true;
        },
      );
      flow.auth.dispose();
    });
    expect(uncaught).toHaveLength(1);
    expect(isTold).toBe(true);
    expect(flow.time.timers).toBe(0);
  });

  it('are not called once they have unsubscribed, not even in the same round', async () => {
    const flow = createFlow();
    const seen: string[] = [];
    const unsubscribes: (() => void)[] = [];
    flow.auth.subscribe(() => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    });
    unsubscribes.push(flow.auth.subscribe(({ status }) => seen.push(status)));
    await signIn(flow);
    expect(seen).toEqual([]);
  });

  it('may each be the same function, and are told each time they subscribed', async () => {
    const flow = createFlow();
    let calls = 0;
    const listener = () => {
      calls += 1;
    };
    const unsubscribe = flow.auth.subscribe(listener);
    flow.auth.subscribe(listener);
    flow.auth.start();
    expect(calls).toBe(2);
    unsubscribe();
    unsubscribe();
    await flow.time.advance(0);
    expect(calls).toBe(3);
  });

  it('may read the view and act on it from within', async () => {
    const flow = createFlow();
    flow.auth.subscribe((view) => {
      expect(flow.auth.getSnapshot()).toBe(view);
      if (view.status === 'awaitingLink') flow.auth.cancel();
    });
    flow.auth.start();
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
    expect(count(flow.emulator, 'getToken')).toBe(0);
  });
});

describe('renewals', () => {
  it('replace an expired PIN as often as is allowed, with a new code each', async () => {
    const { auth, emulator, time, views } = createFlow(
      { renewals: 2 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(60_000);
    expect(emulator.pins).toHaveLength(3);
    expect(new Set(views.flatMap((view) => ('code' in view ? [view.code] : []))).size).toBe(3);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(views.filter(({ status }) => status === 'expired')).toHaveLength(1);
    expect(time.timers).toBe(0);
  });

  it('are there again at the next start', async () => {
    const { auth, emulator, time } = createFlow(
      { renewals: 1 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(60_000);
    auth.start();
    await time.advance(60_000);
    expect(emulator.pins).toHaveLength(4);
  });

  it('bring a token from the second PIN', async () => {
    const flow = createFlow({ renewals: 1 }, createWorld({ lifetimeMs: { strong: 10_000 } }));
    flow.auth.start();
    await flow.time.advance(12_500);
    expect(codeIn(flow.auth)).toBe(flow.emulator.pins[1]?.code);
    await approve(flow);
  });

  it('without end still end with the limit', async () => {
    const { auth, emulator, time } = createFlow(
      { renewals: Number.POSITIVE_INFINITY, giveUpAfterMs: 95_000 },
      createWorld({ lifetimeMs: { strong: 10_000 } }),
    );
    auth.start();
    await time.advance(hourMs);
    expect(emulator.pins).toHaveLength(10);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
  });
});

describe('giveUpAfterMs', () => {
  it('ends the flow with a last read, and says why', async () => {
    const { auth, emulator, time } = createFlow({ giveUpAfterMs: 4500 });
    const startMs = time.clock.now();
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'limit' });
    expect(emulator.requests.map(({ atMs }) => atMs - startMs)).toEqual([0, 1000, 2000, 3000, 4000, 4500]);
  });

  it('ends a flow that gets no PIN', async () => {
    const { auth, emulator, time } = createFlow({ giveUpAfterMs: 5000 });
    emulator.fault({ type: 'reset' }, { times: Number.POSITIVE_INFINITY });
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'limit' });
    expect(time.timers).toBe(0);
  });

  it('counts from the start, not from the making of the engine', async () => {
    const flow = createFlow({ giveUpAfterMs: 5000 });
    await flow.time.advance(hourMs);
    await signIn(flow);
  });

  it('that is longer than the PIN lives leaves the PIN its own end', async () => {
    const { auth, time } = createFlow({ giveUpAfterMs: hourMs });
    auth.start();
    await time.advance(hourMs);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });
});

describe('the client identifier', () => {
  const made = { clientIdentifier: undefined };
  const identifiers = ({ emulator }: World) => [
    ...new Set(emulator.requests.map(({ clientIdentifier }) => clientIdentifier)),
  ];

  it('is made once and kept: two lives of an installation are one device', async () => {
    const store = createStore();
    const first = createFlow({ ...made, store });
    await signIn(first);
    first.auth.dispose();
    const second = createFlow({ ...made, store }, first);
    await signIn(second);
    expect(identifiers(first)).toEqual([expect.stringMatching(/^[a-z0-9]{24}$/)]);
    expect(second.auth.getSnapshot()).toHaveProperty('clientIdentifier', identifiers(first)[0]);
    expect(count(first.emulator, 'getPin')).toBe(2);
  });

  it('is the same for each flow of an engine without a store', async () => {
    const flow = createFlow(made);
    await signIn(flow);
    flow.auth.signOut();
    await flow.time.advance(0);
    await signIn(flow);
    expect(identifiers(flow)).toHaveLength(1);
  });

  it('differs between installations', async () => {
    const world = createWorld();
    await signIn(createFlow({ ...made, store: createStore() }, world));
    await signIn(createFlow({ ...made, store: createStore() }, world));
    expect(identifiers(world)).toHaveLength(2);
  });

  it('that is given is used, and not kept', async () => {
    const store = createStore();
    const flow = createFlow({ store });
    await signIn(flow);
    expect(identifiers(flow)).toEqual(['tv']);
    expect([...store.items.values()]).toEqual([]);
  });

  it('is read by a store that takes its time', async () => {
    const world = createWorld();
    const { clock } = world.time;
    const kept = createStore();
    const later = <T>(work: () => T) =>
      new Promise<T>((resolve) => clock.setTimeout(() => resolve(work()), 200));
    const store: KeyValueStore = {
      getItem: (key) => later(() => kept.getItem(key)),
      setItem: (key, value) => later(() => kept.setItem(key, value)),
      removeItem: (key) => later(() => kept.removeItem(key)),
    };
    const flow = createFlow({ ...made, store }, world);
    flow.auth.start();
    await flow.time.advance(1000);
    await approve(flow);
    expect(identifiers(flow)).toHaveLength(1);
    await flow.time.advance(1000);
    expect([...kept.items.values()]).toEqual(identifiers(flow));
  });
});

describe('a pending PIN', () => {
  it('is gone on with by a second engine: the same code, what is left of its time, no second POST', async () => {
    const store = createStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(60_000);
    const view = first.auth.getSnapshot();
    const code = codeIn(first.auth);
    first.auth.dispose();
    await first.time.advance(60_000);
    const second = createFlow({ store }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ ...view, status: 'awaitingLink' });
    expect(codeIn(second.auth)).toBe(code);
    await approve(second);
    expect(count(first.emulator, 'getPin')).toBe(1);
    expect([...store.items.keys()]).toEqual([]);
  });

  it('that was approved meanwhile brings the token at once', async () => {
    const store = createStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    const token = first.emulator.link(codeIn(first.auth));
    first.auth.dispose();
    const second = createFlow({ store }, first);
    await second.time.advance(0);
    expect(tokenIn(second.auth)).toBe(token);
  });

  it('is gone on with when start is called as well', async () => {
    const store = createStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    const code = codeIn(first.auth);
    first.auth.dispose();
    const second = createFlow({ store }, first);
    second.auth.start();
    await second.time.advance(500);
    expect(codeIn(second.auth)).toBe(code);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });

  it('ends when it would have ended', async () => {
    const store = createStore();
    const first = createFlow({ store });
    const startMs = first.time.clock.now();
    first.auth.start();
    await first.time.advance(hourMs / 4);
    first.auth.dispose();
    const second = createFlow({ store }, first);
    await second.time.advance(hourMs);
    expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect((first.emulator.requests.at(-1)?.atMs ?? 0) - startMs).toBe(halfAnHourMs);
    expect([...store.items.keys()]).toEqual([]);
  });

  it.each<[string, number]>([
    ['that has expired', halfAnHourMs],
    ['that expired long ago', 100 * hourMs],
  ])('%s is forgotten', async (_name, laterMs) => {
    const store = createStore();
    const first = createFlow({ store });
    first.auth.start();
    await first.time.advance(500);
    first.auth.dispose();
    expect(store.items.size).toBe(1);
    await first.time.advance(laterMs - 500);
    const second = createFlow({ store }, first);
    await second.time.advance(1000);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(store.items.size).toBe(0);
    expect(first.emulator.requests).toHaveLength(1);
  });

  it('of another client identifier is forgotten, and never asked for', async () => {
    const store = createStore();
    const first = createFlow({ store, clientIdentifier: 'old' });
    first.auth.start();
    await first.time.advance(500);
    first.auth.dispose();
    const second = createFlow({ store, clientIdentifier: 'new' }, first);
    await second.time.advance(hourMs);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(store.items.size).toBe(0);
    expect(first.emulator.requests).toHaveLength(1);
  });

  it.each<[string, (flow: Flow) => Promise<unknown>]>([
    ['cancelled', async ({ auth }) => auth.cancel()],
    ['signed in', approve],
    ['expired', ({ time }) => time.advance(hourMs)],
    [
      'failed',
      ({ emulator, time }) => {
        emulator.fault({ type: 'status', status: 400, code: 1004 });
        return time.advance(1000);
      },
    ],
  ])('is forgotten once its flow has %s', async (_name, end) => {
    const store = createStore();
    const flow = createFlow({ store });
    flow.auth.start();
    await flow.time.advance(500);
    expect(store.items.size).toBe(1);
    await end(flow);
    await flow.time.advance(0);
    expect(store.items.size).toBe(0);
  });

  it.each(['', 'null', '7', '{}', '[]', '{"pinID":7}', '{"pinID":', '{"pinID":"7","code":1}'])(
    'that cannot be made sense of is no PIN: %j',
    async (text) => {
      const store = createStore();
      const first = createFlow({ store });
      first.auth.start();
      await first.time.advance(500);
      first.auth.dispose();
      for (const key of store.items.keys()) store.items.set(key, text);
      const second = createFlow({ store }, first);
      await second.time.advance(500);
      expect(second.auth.getSnapshot().status).toBe('idle');
      await signIn(second);
    },
  );
});

describe('credentials', () => {
  it('are kept nowhere unless a store is given for them', async () => {
    const store = createStore();
    const flow = createFlow({ store, clientIdentifier: undefined });
    const token = await signIn(flow);
    expect(store.written.join()).not.toContain(token);
    flow.auth.dispose();
    const second = createFlow({ store, clientIdentifier: undefined }, flow);
    await second.time.advance(1000);
    expect(second.auth.getSnapshot().status).toBe('idle');
  });

  it('are kept in their own store only, restored, and verified once in the background', async () => {
    const [store, credentials] = [createStore(), createStore()];
    const first = createFlow({ store, credentials });
    const token = await signIn(first);
    await first.time.advance(0);
    expect(credentials.items.size).toBe(1);
    expect(store.written.join()).not.toContain(token);
    first.auth.dispose();
    const second = createFlow({ store, credentials }, first);
    await second.time.advance(hourMs);
    expect(tokenIn(second.auth)).toBe(token);
    expect(second.auth.getSnapshot()).toHaveProperty('clientIdentifier', 'tv');
    expect(second.views.map(({ status }) => status)).toEqual(['authenticated']);
    expect(count(first.emulator, 'getUser')).toBe(1);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });

  it('are restored before the verification is answered', async () => {
    const credentials = createStore();
    const first = createFlow({ credentials });
    await signIn(first);
    first.auth.dispose();
    first.emulator.fault({ type: 'hang' }, { operation: 'getUser' });
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot().status).toBe('authenticated');
    second.auth.start();
    await second.time.advance(hourMs);
    expect(count(first.emulator, 'getPin')).toBe(1);
    expect(second.auth.getSnapshot().status).toBe('authenticated');
  });

  it('that Plex refuses end in expired, and are forgotten', async () => {
    const credentials = createStore();
    const first = createFlow({ credentials });
    await signIn(first);
    first.auth.dispose();
    first.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    expect(credentials.items.size).toBe(0);
    await signIn(second);
  });

  it.each([
    '',
    'null',
    '7',
    '{}',
    '{"token":""}',
    '{"token":"","clientIdentifier":"tv"}',
    '{"token":7}',
    '{',
  ])('that cannot be made sense of are none: %j', async (text) => {
    const credentials = createStore();
    const first = createFlow({ credentials });
    await signIn(first);
    await first.time.advance(0);
    first.auth.dispose();
    for (const key of credentials.items.keys()) credentials.items.set(key, text);
    const second = createFlow({ credentials }, first);
    await second.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ status: 'idle' });
  });
});

describe('verify', () => {
  it('says whose token it is', async () => {
    const flow = createFlow();
    await signIn(flow);
    const view = flow.auth.getSnapshot();
    expect(await flow.auth.verify()).toMatchObject({ status: 'valid', user: { username: 'emulated' } });
    expect(flow.auth.getSnapshot()).toBe(view);
  });

  it.each(arrivals.filter(([, status]) => status !== 'authenticated' && status !== 'signingOut'))(
    'knows nothing and asks nothing while %s',
    async (_name, _status, arrive) => {
      const flow = createArrival();
      await arrive(flow);
      expect(await flow.auth.verify()).toEqual({ status: 'unknown' });
      expect(count(flow.emulator, 'getUser')).toBe(0);
    },
  );

  it.each<[string, Fault]>([
    ['401', { type: 'status', status: 401, code: 1001 }],
    ['422', { type: 'status', status: 422, message: 'Invalid token' }],
    ['498', { type: 'status', status: 498 }],
  ])('ends the session on %s', async (_name, fault) => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault(fault, { operation: 'getUser' });
    expect(await flow.auth.verify()).toEqual({ status: 'rejected' });
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it.each<[string, Fault]>([
    ['500', { type: 'status', status: 500 }],
    ['502 in HTML', { type: 'html', status: 502 }],
    ['503', { type: 'status', status: 503 }],
    ['403', { type: 'status', status: 403 }],
    ['404', { type: 'status', status: 404 }],
    ['400', { type: 'status', status: 400, code: 1000 }],
    ['no connection', { type: 'reset' }],
    ['no answer', { type: 'hang' }],
    ['an answer after 30 s', { type: 'slow', delayMs: 30_000 }],
    ['half an answer', { type: 'truncated' }],
    ['an answer that stalls', { type: 'stalled' }],
    ['a login wall', { type: 'html' }],
    ['the 401 of a proxy in HTML', { type: 'html', status: 401 }],
    ['XML', { type: 'xml' }],
    ['429', { type: 'rateLimited', retryAfter: 30 }],
  ])('changes nothing on %s, and forgets nothing', async (_name, fault) => {
    const credentials = createStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    const view = flow.auth.getSnapshot();
    const seen = flow.views.length;
    flow.emulator.fault(fault, { operation: 'getUser', times: 2 });
    const verification = flow.auth.verify();
    await flow.time.advance(60_000);
    expect(await verification).toMatchObject({ status: 'unknown', error: { name: 'PlexAuthError' } });
    expect(flow.auth.getSnapshot()).toBe(view);
    expect(flow.views).toHaveLength(seen);
    expect(credentials.items.size).toBe(1);
  });

  it('asks once for all who ask while the question is out, and again for those who come later', async () => {
    const flow = createFlow();
    await signIn(flow);
    const [first, second] = await Promise.all([flow.auth.verify(), flow.auth.verify()]);
    expect([first.status, second.status, count(flow.emulator, 'getUser')]).toEqual(['valid', 'valid', 1]);
    await flow.auth.verify();
    expect(count(flow.emulator, 'getUser')).toBe(2);
  });

  it('of an old token does not end the session of a new one', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'slow', delayMs: 1000 }, { operation: 'getUser' });
    const late = flow.auth.verify();
    flow.auth.signOut();
    await flow.time.advance(0);
    const token = await signIn(flow);
    await flow.time.advance(1000);
    expect(await late).toEqual({ status: 'rejected' });
    expect(tokenIn(flow.auth)).toBe(token);
  });
});

describe('signOut', () => {
  it('revokes the token, forgets it, and says so', async () => {
    const credentials = createStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    flow.auth.signOut();
    expect(flow.auth.getSnapshot()).toEqual({ status: 'signingOut' });
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(flow.emulator.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      status: 204,
      clientIdentifier: 'tv',
    });
    expect(credentials.items.size).toBe(0);
    expect(flow.time.timers).toBe(0);
  });

  it.each<[string, Fault, code: string]>([
    ['500', { type: 'status', status: 500 }, 'PLEX_HTTP'],
    ['no connection', { type: 'reset' }, 'PLEX_NETWORK'],
    ['no answer', { type: 'hang' }, 'PLEX_TIMEOUT'],
    ['429', { type: 'rateLimited', retryAfter: 3600 }, 'PLEX_RATE_LIMITED'],
  ])('forgets the token even where Plex does not revoke it: %s', async (_name, fault, code) => {
    const credentials = createStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    flow.emulator.fault(fault, { operation: 'signOut', times: 2 });
    flow.auth.signOut();
    await flow.time.advance(15_000);
    const { lastError, ...rest } = flow.auth.getSnapshot() as { lastError?: PlexAuthError };
    expect(rest).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(lastError).toMatchObject({ code });
    expect(credentials.items.size).toBe(0);
    const next = createFlow({ credentials }, flow);
    await next.time.advance(1000);
    expect(next.auth.getSnapshot()).toEqual({ status: 'idle' });
  });

  it('of a token that is no longer valid is no error', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'signOut' });
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
  });
});

describe('a store', () => {
  type Method = keyof KeyValueStore;
  const ways: [string, (error: Error) => unknown][] = [
    [
      'throws',
      (error) => {
        throw error;
      },
    ],
    ['rejects', (error) => Promise.reject(error)],
  ];

  /** A store that fails in one method, for keys that have `part` in them. */
  function createFaultyStore(method: Method, part: string, fail: (error: Error) => unknown): KeyValueStore {
    const store = createStore();
    return {
      ...store,
      [method](key: string, value: string) {
        return key.includes(part) ? fail(new Error('disk full')) : store[method](key, value);
      },
    };
  }

  describe.each(ways)('that %s', (_way, fail) => {
    it.each<[Method, part: string, what: string]>([
      ['getItem', 'pin', 'store'],
      ['setItem', 'pin', 'store'],
      ['removeItem', 'pin', 'store'],
      ['setItem', 'client-identifier', 'store'],
      ['getItem', 'credentials', 'credentials'],
      ['setItem', 'credentials', 'credentials'],
    ])('in %s of the %s does not stop the flow', async (method, part, what) => {
      const flow = createFlow({
        clientIdentifier: undefined,
        store: createStore(),
        credentials: createStore(),
        [what]: createFaultyStore(method, part, fail),
      });
      flow.auth.start();
      await flow.time.advance(2500);
      await approve(flow);
      await flow.time.advance(0);
      expect(flow.auth.getSnapshot().status).toBe('authenticated');
      const told = flow.views.flatMap((view) =>
        'lastError' in view && view.lastError ? [view.lastError] : [],
      );
      expect(told[0]).toMatchObject({ code: 'PLEX_STORE', retryable: true, cause: { name: 'Error' } });
      expect(count(flow.emulator, 'getPin')).toBe(1);
    });

    it('in removeItem of the credentials does not stop the sign-out', async () => {
      const flow = createFlow({ credentials: createFaultyStore('removeItem', 'credentials', fail) });
      await signIn(flow);
      flow.auth.signOut();
      await flow.time.advance(0);
      expect(flow.auth.getSnapshot()).toMatchObject({ status: 'idle', reason: 'signedOut' });
      const told = flow.views.map((view) => ('lastError' in view ? view.lastError?.code : undefined));
      expect(told).toContain('PLEX_STORE');
    });

    it('in reading the client identifier fails the flow: a new one would be a new device', async () => {
      const store = createFaultyStore('getItem', 'client-identifier', fail);
      const { auth, emulator, time } = createFlow({ clientIdentifier: undefined, store });
      auth.start();
      await time.advance(60_000);
      expect(auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_STORE' } });
      expect(emulator.requests).toEqual([]);
      expect(time.timers).toBe(0);
    });
  });

  const never = () => new Promise(() => {});

  it('that never answers has failed after the time of a request', async () => {
    const store = { ...createStore(), getItem: never };
    const flow = createFlow({ clientIdentifier: undefined, credentials: store, requestTimeoutMs: 3000 });
    flow.auth.start();
    await flow.time.advance(2999);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle' });
    await flow.time.advance(1000);
    expect(flow.views[0]).toMatchObject({ status: 'idle', lastError: { code: 'PLEX_STORE' } });
    await approve(flow);
  });

  it('that never tells the client identifier fails the flow', async () => {
    const store = createStore();
    const getItem = (key: string) => (key.includes('client') ? never() : store.getItem(key));
    const flow = createFlow({ clientIdentifier: undefined, store: { ...store, getItem } });
    flow.auth.start();
    await flow.time.advance(10 * 60_000);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_STORE' } });
    expect(flow.time.timers).toBe(0);
  });

  it('that never answers is waited for by nobody once the engine is disposed of', async () => {
    const { auth, time } = createFlow({ store: { ...createStore(), getItem: never } });
    await time.advance(0);
    expect(time.timers).toBe(1);
    auth.dispose();
    expect(time.timers).toBe(0);
  });

  it.each(['', 'Küche', ' tv', 'two\nlines'])(
    'that holds what no client identifier can be, %j, is given a new one',
    async (kept) => {
      const store = createStore();
      store.items.set('plex-auth-flow.client-identifier', kept);
      const flow = createFlow({ clientIdentifier: undefined, store });
      await signIn(flow);
      const [pin] = flow.emulator.pins;
      expect(pin?.clientIdentifier).toMatch(/^[a-z0-9]{24}$/);
      expect(store.items.get('plex-auth-flow.client-identifier')).toBe(pin?.clientIdentifier);
    },
  );

  it('that works again when the flow is tried again is used again', async () => {
    const kept = createStore();
    let isBroken = true;
    const store: KeyValueStore = {
      ...kept,
      getItem(key) {
        if (isBroken) throw new Error('locked');
        return kept.getItem(key);
      },
    };
    const flow = createFlow({ clientIdentifier: undefined, store });
    flow.auth.start();
    await flow.time.advance(500);
    isBroken = false;
    await flow.time.advance(2000);
    await approve(flow);
  });

  it('that puts what it was given into its error shows no token', async () => {
    const credentials: KeyValueStore = {
      ...createStore(),
      setItem: (_key, value) => Promise.reject(new Error(`cannot write ${value}`)),
    };
    const flow = createFlow({ credentials });
    const token = await signIn(flow);
    await flow.time.advance(0);
    const shown = inspect(flow.views, { depth: 20, showHidden: true }) + JSON.stringify(flow.views);
    expect(shown).toContain('PLEX_STORE');
    expect(shown).not.toContain(token);
  });

  const parsing = (): KeyValueStore => {
    const store = createStore();
    return { ...store, getItem: (key) => parsed(store.items.get(key)) };
  };
  const parsed = (text = 'null'): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  };

  it.each<[string, () => KeyValueStore]>([
    ['that gives parsed JSON back', parsing],
    ['of unstorage', () => createStorage() as KeyValueStore],
    [
      'that gives undefined for nothing',
      () => {
        const store = createStore();
        return { ...store, getItem: (key) => store.items.get(key) };
      },
    ],
    [
      'of Web Storage, whose methods need their object',
      () => {
        class WebStorage {
          readonly #items = new Map<string, string>();
          getItem(key: string) {
            return this.#items.get(key) ?? null;
          }
          setItem(key: string, value: string) {
            this.#items.set(key, value);
          }
          removeItem(key: string) {
            this.#items.delete(key);
          }
        }
        return new WebStorage();
      },
    ],
  ])('%s keeps everything from one life to the next', async (_name, create) => {
    const options = { clientIdentifier: undefined, store: create(), credentials: create() };
    const first = createFlow(options);
    first.auth.start();
    await first.time.advance(500);
    const code = codeIn(first.auth);
    first.auth.dispose();
    const second = createFlow(options, first);
    await second.time.advance(500);
    expect(codeIn(second.auth)).toBe(code);
    const token = await approve(second);
    await second.time.advance(0);
    second.auth.dispose();
    const third = createFlow(options, first);
    await third.time.advance(500);
    expect(tokenIn(third.auth)).toBe(token);
    const identifiers = first.emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
    expect(new Set(identifiers).size).toBe(1);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });
});

describe('a token whose answer is in', () => {
  /** A flow with an answer that is at the door: plex.tv has handed the token out and will not do so again. */
  async function createRace(options: Partial<PlexAuthOptions> = {}) {
    const world = createWorld({ readOnce: true });
    const doors: (() => void)[] = [];
    let isHolding = false;
    const fetch: Fetch = async (input, init) => {
      const response = await world.emulator.fetch(input, isHolding ? { ...init, signal: null } : init);
      if (isHolding) await new Promise<void>((resolve) => doors.push(resolve));
      return response;
    };
    const flow = createFlow({ fetch, ...options }, world);
    flow.auth.start();
    await flow.time.advance(500);
    const token = flow.emulator.link(codeIn(flow.auth));
    isHolding = true;
    flow.auth.check();
    await flow.time.advance(100);
    expect(doors).toHaveLength(1);
    isHolding = false;
    return { ...flow, token, answer: () => doors[0]?.() };
  }
  type Race = Awaited<ReturnType<typeof createRace>>;

  const orders: [string, (race: Race, end: () => void) => void][] = [
    [
      'just before',
      ({ answer }, end) => {
        answer();
        end();
      },
    ],
    [
      'just after',
      ({ answer }, end) => {
        end();
        answer();
      },
    ],
  ];

  it.each(orders)('%s a cancel is not dropped', async (_name, run) => {
    const credentials = createStore();
    const race = await createRace({ credentials });
    run(race, () => race.auth.cancel());
    await race.time.advance(100);
    expect(tokenIn(race.auth)).toBe(race.token);
    expect([...credentials.items.values()].join()).toContain(race.token);
    expect(race.time.timers).toBe(0);
  });

  it.each(orders)('%s a cancel and a new start is not dropped', async (_name, run) => {
    const race = await createRace();
    run(race, () => {
      race.auth.cancel();
      race.auth.start();
    });
    await race.time.advance(100);
    expect(tokenIn(race.auth)).toBe(race.token);
  });

  it.each(orders)('%s a dispose is kept for the next life', async (_name, run) => {
    const [store, credentials] = [createStore(), createStore()];
    const race = await createRace({ store, credentials });
    run(race, () => race.auth.dispose());
    await race.time.advance(100);
    expect(store.items.size).toBe(0);
    const next = createFlow({ store, credentials }, race);
    await next.time.advance(100);
    expect(tokenIn(next.auth)).toBe(race.token);
  });

  it('is there even if the cancel comes first within one turn of a listener', async () => {
    const race = await createRace();
    race.answer();
    await Promise.resolve();
    race.auth.cancel();
    await race.time.advance(100);
    expect(tokenIn(race.auth)).toBe(race.token);
  });

  it('that is "not yet" brings nobody back after a cancel', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'stale', delayMs: 300 }, { operation: 'getToken' });
    flow.auth.start();
    await flow.time.advance(1100);
    flow.auth.cancel();
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
  });
});

describe('inspect', () => {
  /** Whether a text is anywhere within reach of an object: hidden, symbolic, in maps, on functions, in names. */
  function isWithinReach(text: string, root: unknown): boolean {
    const seen = new Set<unknown>();
    const open = [root];
    for (let value = open.pop(); seen.size < 1_000_000; value = open.pop()) {
      if (typeof value === 'string' && value.includes(text)) return true;
      if (value instanceof Object && !seen.has(value)) {
        seen.add(value);
        if (value instanceof Map || value instanceof Set) for (const part of value) open.push(part);
        for (const key of Reflect.ownKeys(value))
          open.push(key, Object.getOwnPropertyDescriptor(value, key)?.value);
      }
      if (open.length === 0) return false;
    }
    throw new Error('Too much to look at');
  }

  /** The parts of an inspection event that are data, and not the chart itself. */
  function dataOf(inspected: object): object {
    const { event, snapshot } = inspected as { event?: unknown; snapshot?: Record<string, unknown> };
    const { context, value, output, error, input, status } = snapshot ?? {};
    return { event, context, value, output, error, input, status };
  }

  it('sees each event and snapshot, and never a token', async () => {
    const types = new Set<string>();
    const shown: string[] = [];
    const reachable: object[] = [];
    const flow = createFlow({
      credentials: createStore(),
      inspect: (event) => {
        types.add(event.type);
        reachable.push({ ...event });
        const data = dataOf(event);
        shown.push(JSON.stringify(data), inspect(data, { depth: 20, showHidden: true }));
      },
    });
    const token = await signIn(flow);
    expect(isWithinReach(token, reachable)).toBe(false);
    await flow.auth.verify();
    flow.auth.signOut();
    expect(isWithinReach(token, reachable)).toBe(false);
    await flow.time.advance(0);
    const again = await signIn(flow);
    for (const type of ['@xstate.actor', '@xstate.event', '@xstate.snapshot']) expect(types).toContain(type);
    const all = shown.join('\n');
    expect(all).toContain('authenticated');
    expect(all).toContain('[redacted]');
    expect(isWithinReach('[redacted]', reachable)).toBe(true);
    for (const secret of [token, again]) {
      expect(all.includes(secret)).toBe(false);
      expect(isWithinReach(secret, reachable)).toBe(false);
    }
  });

  it('may be an observer', async () => {
    const types: string[] = [];
    const flow = createFlow({ inspect: { next: ({ type }) => void types.push(type) } });
    await signIn(flow);
    expect(types).toContain('@xstate.event');
  });

  it('finds no token in the actor, its context or a persisted snapshot', async () => {
    const flow = createFlow();
    const token = await signIn(flow);
    const { actor } = flow.auth;
    const shown = [
      inspect(actor.getSnapshot().context, { depth: 20, showHidden: true }),
      inspect(actor.getPersistedSnapshot(), { depth: 20, showHidden: true }),
      JSON.stringify(actor.getPersistedSnapshot()),
      JSON.stringify(actor),
    ].join('\n');
    expect(shown).toContain('[redacted]');
    expect(shown.includes(token)).toBe(false);
    expect(isWithinReach(token, actor)).toBe(false);
  });
});

describe('the actor', () => {
  it('is the chart, for those who compose it', async () => {
    const flow = createFlow();
    await signIn(flow);
    expect(flow.auth.actor.getSnapshot().matches('authenticated')).toBe(true);
  });

  it('that something put in breaks fails by name, with nothing secret in the cause', async () => {
    const { auth, time } = createFlow({
      random: () => {
        throw Object.assign(new Error('no entropy'), { secret: 'canary' });
      },
    });
    auth.start();
    await time.advance(1000);
    const view = auth.getSnapshot();
    expect(view).toMatchObject({ status: 'failed', error: { code: 'PLEX_UNEXPECTED', retryable: false } });
    expect(view.status === 'failed' && view.error).toBeInstanceOf(PlexAuthError);
    expect(inspect(view, { depth: 20, showHidden: true })).not.toContain('canary');
    expect(time.timers).toBe(0);
  });
});

describe('while the stores are read', () => {
  const keptPin = async () => {
    const store = createStore();
    const world = createWorld();
    const before = createFlow({ store }, world);
    before.auth.start();
    await world.time.advance(1500);
    await before.auth.dispose();
    return { store, world };
  };

  it('a cancel is not lost: it ends what they bring', async () => {
    const { store, world } = await keptPin();
    const { auth, time } = createFlow({ store }, world);
    auth.start();
    auth.cancel();
    await time.advance(0);
    expect(auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
    await time.advance(5000);
    expect([auth.getSnapshot().status, time.timers]).toEqual(['idle', 0]);
  });

  it('a sign-out and a question whose token it is wait for the token', async () => {
    const credentials = createStore();
    const world = createWorld();
    const before = createFlow({ credentials }, world);
    before.auth.start();
    await world.time.advance(0);
    world.emulator.link(codeIn(before.auth));
    before.auth.check();
    await world.time.advance(0);
    await before.auth.dispose();

    const asking = createFlow({ credentials }, world);
    const answer = asking.auth.verify();
    await world.time.advance(0);
    expect(await answer).toMatchObject({ status: 'valid' });
    await asking.auth.dispose();

    const leaving = createFlow({ credentials }, world);
    leaving.auth.signOut();
    await world.time.advance(0);
    expect(leaving.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(credentials.items.size).toBe(0);
  });

  it('a token that another server gave is not taken, and not sent there', async () => {
    const credentials = createStore();
    const world = createWorld();
    const before = createFlow({ credentials }, world);
    before.auth.start();
    await world.time.advance(0);
    world.emulator.link(codeIn(before.auth));
    before.auth.check();
    await world.time.advance(0);
    await before.auth.dispose();

    const asked = world.emulator.requests.length;
    const elsewhere = createFlow({ credentials, serverURL: 'http://127.0.0.1:8080' }, world);
    await world.time.advance(0);
    expect(elsewhere.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(world.emulator.requests).toHaveLength(asked);
    expect(credentials.items.size).toBe(1);
  });
});
