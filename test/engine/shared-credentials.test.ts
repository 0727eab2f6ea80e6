import { describe, expect, it } from 'vitest';
import {
  type Fetch,
  type PlexAuthOptions,
  type PlexAuthView,
  signIn as signInOnce,
} from '../../src/index.ts';
import {
  codeIn,
  count,
  createFlow,
  createWorld,
  type Flow,
  hourMs,
  link,
  signIn,
  tokenIn,
  type World,
} from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

/** Two engines of one installation: two processes, or two tabs with plain storage. */
function createTwo(options: Partial<PlexAuthOptions> = {}, world?: World) {
  const store = createRecordingStore();
  const credentials = createRecordingStore();
  const first = createFlow({ store, credentials, ...options }, world);
  const open = () => ({ ...createFlow({ store, credentials, ...options }, first), credentials });
  return { first, open, credentials };
}

const storedToken = ({ items }: { items: Map<string, string> }) =>
  JSON.parse(items.get('plex-auth-flow.credentials') ?? '{}').token;

/** The second engine signs out and in again: the first one's token is dead. */
async function replaceToken(second: Flow): Promise<string> {
  await second.time.advance(0);
  second.auth.signOut();
  await second.time.advance(0);
  return signIn(second);
}

describe('a newer token, stored by another engine, stays', () => {
  it('where the old one is found to be dead', async () => {
    const { first, open, credentials } = createTwo();
    await signIn(first);
    const newer = await replaceToken(open());
    expect(await first.auth.verify()).toEqual({ status: 'rejected' });
    await first.time.advance(0);
    expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    expect(storedToken(credentials)).toBe(newer);
  });

  it('where the old one is signed out', async () => {
    const { first, open, credentials } = createTwo();
    await signIn(first);
    const newer = await replaceToken(open());
    first.auth.signOut();
    await first.time.advance(0);
    expect(storedToken(credentials)).toBe(newer);
  });

  it('where the token of the older sign-in arrives later', async () => {
    const { first, open, credentials } = createTwo({ store: undefined });
    first.auth.start();
    await first.time.advance(0);
    link(first);
    const second = open();
    second.auth.start();
    await first.time.advance(900);
    first.emulator.fault({ type: 'slow', delayMs: 3000 }, { operation: 'getToken', times: 1 });
    const newer = link(second);
    await first.time.advance(200);
    expect([first.status(), tokenIn(second.auth)]).toEqual(['fetchingToken', newer]);
    await first.time.advance(3000);
    expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    expect(storedToken(credentials)).toBe(newer);
  });

  it('and is what signIn brings where Plex refuses its own', async () => {
    const { first, open } = createTwo({ store: undefined });
    const { time, emulator } = first;
    const second = open();
    const codes: string[] = [];
    const result = signInOnce({
      product: 'x',
      clientIdentifier: 'tv',
      credentials: second.credentials,
      fetch: emulator.fetch,
      clock: time.clock,
      random: () => 0,
      onView: (view) => view.status === 'awaitingLink' && codes.push(view.code),
    });
    await time.advance(0);
    emulator.link(codes[0] ?? '');
    second.auth.start();
    await time.advance(900);
    emulator.fault({ type: 'slow', delayMs: 3000 }, { operation: 'getToken', times: 1 });
    const newer = link(second);
    await time.advance(5000);
    expect((await result).token.reveal()).toBe(newer);
  });

  it('unless it is older than one that arrives after its time limit', async () => {
    const world = createWorld({ readOnce: true });
    const options = { store: undefined, requestTimeoutMs: 600, fetch: withLateTokens(world, 2000) };
    const { first, open, credentials } = createTwo(options, world);
    first.auth.start();
    const second = open();
    second.auth.start();
    await first.time.advance(0);
    link(second);
    await first.time.advance(3200);
    const newer = link(first);
    await first.time.advance(10_000);
    expect([tokenIn(first.auth), storedToken(credentials)]).toEqual([newer, newer]);
  });

  it('unless it is older than the one that arrives', async () => {
    const { first, open, credentials } = createTwo({ store: undefined });
    first.auth.start();
    const second = open();
    second.auth.start();
    await first.time.advance(0);
    link(second);
    await first.time.advance(1500);
    const newer = link(first);
    await first.time.advance(1500);
    expect([tokenIn(first.auth), storedToken(credentials)]).toEqual([newer, newer]);
  });

  it('and the next start takes it, instead of a second PIN that would kill it', async () => {
    const { first, open } = createTwo();
    await signIn(first);
    const newer = await replaceToken(open());
    await first.auth.verify();
    const pins = count(first.emulator, 'getPin');
    first.auth.start();
    await first.time.advance(0);
    expect(tokenIn(first.auth)).toBe(newer);
    expect(count(first.emulator, 'getPin')).toBe(pins);
  });
});

it('a newer PIN, stored by another process, is not removed by a cancel', async () => {
  const { first, open } = createTwo();
  first.auth.start();
  await first.time.advance(500);
  const second = open();
  await second.time.advance(0);
  second.auth.cancel();
  second.auth.start();
  await second.time.advance(500);
  const code = codeIn(second.auth);
  expect(code).not.toBe(codeIn(first.auth));
  first.auth.cancel();
  await first.time.advance(0);
  const third = open();
  await third.time.advance(1500);
  expect(codeIn(third.auth)).toBe(code);
});

it('a token that another process stored while this one was idle is taken at the start, and verified', async () => {
  const { first, open } = createTwo();
  await first.time.advance(hourMs);
  const token = await signIn(open());
  first.auth.start();
  await first.time.advance(0);
  expect(tokenIn(first.auth)).toBe(token);
  expect(count(first.emulator, 'getPin')).toBe(1);
  expect(count(first.emulator, 'getUser')).toBe(1);
});

it('a token from the store ends the reads that go on in the background', async () => {
  const { first, open, credentials } = createTwo({ requestTimeoutMs: 1000 });
  await first.time.advance(0);
  first.auth.start();
  first.emulator.fault({ type: 'hang' }, { operation: 'getToken' });
  await first.time.advance(2500);
  first.auth.cancel();
  await first.time.advance(0);
  expect(first.time.timers).toBe(1);
  const token = await signIn(open());
  expect(storedToken(credentials)).toBe(token);
  first.auth.start();
  await first.time.advance(0);
  expect(tokenIn(first.auth)).toBe(token);
  expect(first.time.timers).toBe(0);
});

it('a token whose removal failed is not taken again', async () => {
  const credentials = { ...createRecordingStore(), removeItem: () => Promise.reject(new Error('locked')) };
  const flow = createFlow({ credentials });
  await signIn(flow);
  flow.auth.signOut();
  await flow.time.advance(0);
  flow.auth.start();
  await flow.time.advance(500);
  expect(flow.status()).toBe('awaitingLink');
});

describe('where Plex gives a token only once, the engine that comes too late', () => {
  it('takes what the other one stored', async () => {
    const world = createWorld({ readOnce: true });
    const { first, open } = createTwo({}, world);
    first.auth.start();
    await first.time.advance(1500);
    const second = open();
    await second.time.advance(700);
    expect(codeIn(second.auth)).toBe(codeIn(first.auth));
    const token = link(first);
    await first.time.advance(5000);
    expect([tokenIn(first.auth), tokenIn(second.auth)]).toEqual([token, token]);
    expect(count(first.emulator, 'getPin')).toBe(1);
  });

  it('looks again a little later, since the other one may still be writing', async () => {
    const world = createWorld({ readOnce: true });
    const credentials = createRecordingStore();
    const slow = {
      ...credentials,
      setItem: (key: string, value: string) =>
        new Promise<void>((resolve) => {
          world.time.clock.setTimeout(() => resolve(credentials.setItem(key, value) as undefined), 800);
        }),
    };
    const { first, open } = createTwo({ credentials: slow }, world);
    first.auth.start();
    await first.time.advance(1500);
    const second = open();
    await second.time.advance(700);
    const token = link(first);
    await first.time.advance(5000);
    expect([tokenIn(first.auth), tokenIn(second.auth)]).toEqual([token, token]);
  });
});

describe('a stored PIN that is of no use any more', () => {
  const pin = { pinID: 42, code: 'abc', clientIdentifier: 'tv', atMs: 0, expiresInMs: 600_000 };
  const atMs = createWorld().time.clock.now();
  const rows: Record<string, unknown> = {
    'was read by a run that died': { ...pin, atMs },
    'is of a clock that was ahead': { ...pin, atMs: atMs + 3e11 },
    'has half an id': { ...pin, atMs, pinID: 1.5 },
    'has an id of another provider': { ...pin, atMs, pinID: '../user' },
    'has a code of another provider': { ...pin, atMs, code: 'ABC D' },
    'has no client identifier': { ...pin, atMs, clientIdentifier: '' },
    'has a code that would steer a terminal': { ...pin, atMs, code: '\u001b[2J' },
    'has a life without end': { ...pin, atMs, expiresInMs: '1e999' },
    'is a list': [pin],
  };

  it.each(Object.entries(rows))('because it %s is left aside by signIn', async (_name, stored) => {
    const { time, emulator } = createWorld();
    const store = createRecordingStore();
    store.items.set('plex-auth-flow.pin', JSON.stringify(stored));
    const views: PlexAuthView[] = [];
    const result = signInOnce({
      product: 'x',
      clientIdentifier: 'tv',
      store,
      fetch: emulator.fetch,
      clock: time.clock,
      onView: (view) => views.push(view),
    });
    await time.advance(500);
    const [made] = emulator.pins;
    const token = emulator.link(made?.code ?? '');
    await time.advance(1500);
    expect((await result).token.reveal()).toBe(token);
    expect(views.map(({ status }) => status)).not.toContain('failed');
  });

  it('lives no longer than a day, whatever it says', async () => {
    const { time, emulator } = createWorld();
    const store = createRecordingStore();
    store.items.set(
      'plex-auth-flow.pin',
      JSON.stringify({ ...pin, atMs: time.clock.now(), expiresInMs: 1e300 }),
    );
    emulator.fault({ type: 'reset' }, { times: Infinity });
    const polling = { intervalMs: 600_000, maxIntervalMs: 600_000, maxBackoffMs: 600_000 };
    const { auth } = createFlow({ store, polling }, { time, emulator });
    await time.advance(25 * hourMs);
    expect(auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('is of another installation is not resumed, although the identifier is kept in the store too', async () => {
    const { time, emulator } = createWorld();
    const store = createRecordingStore();
    store.items.set('plex-auth-flow.client-identifier', 'own');
    store.items.set('plex-auth-flow.pin', JSON.stringify({ ...pin, atMs: time.clock.now() }));
    const { auth } = createFlow({ store, clientIdentifier: undefined }, { time, emulator });
    await time.advance(5000);
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(store.items.has('plex-auth-flow.pin')).toBe(false);
    expect(count(emulator, 'getToken')).toBe(0);
  });

  it('ends as expired where nobody asked to sign in: nothing starts by itself', async () => {
    const { time, emulator } = createWorld();
    const store = createRecordingStore();
    store.items.set('plex-auth-flow.pin', JSON.stringify({ ...pin, atMs: time.clock.now() }));
    const { auth } = createFlow({ store }, { time, emulator });
    await time.advance(5000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(count(emulator, 'getPin')).toBe(0);
  });
});

it.each([
  ['a control character', '\u001b]0;owned\u0007'],
  ['a line break', 'a\nb'],
  ['nothing', ''],
  ['a number', 5],
])('a stored token of %s is no token', async (_name, token) => {
  const credentials = createRecordingStore();
  credentials.items.set('plex-auth-flow.credentials', JSON.stringify({ token, clientIdentifier: 'tv' }));
  const { auth, time } = createFlow({ credentials });
  await time.advance(1000);
  expect(auth.getSnapshot()).toEqual({ status: 'idle' });
});

it.each<[unknown]>([[{}], [[]], [true], [{ toString: 'x' }]])(
  'a stored client identifier that is %j is none',
  async (stored) => {
    const store = {
      ...createRecordingStore(),
      getItem: (key: string) => (/client/.test(key) ? stored : null),
    };
    const { auth, emulator, time } = createFlow({ store, clientIdentifier: undefined });
    auth.start();
    await time.advance(500);
    expect(emulator.pins[0]?.clientIdentifier).toMatch(/^[a-z0-9]{24}$/);
  },
);

it('a token that another engine stores is taken after the wait for reads in the background', async () => {
  const world = createWorld({ readOnce: true });
  const credentials = createRecordingStore();
  const options = { store: createRecordingStore(), credentials, requestTimeoutMs: 600 };
  const first = createFlow(options, world);
  first.auth.start();
  await first.time.advance(0);
  first.emulator.fault({ type: 'hang' }, { operation: 'getToken', times: 1 });
  first.auth.check();
  await first.time.advance(700);
  const token = link(first);
  const second = createFlow({ ...options, fetch: withLateTokens(world, 2500) }, world);
  await first.time.advance(45_000);
  expect([tokenIn(first.auth), tokenIn(second.auth)]).toEqual([token, token]);
});

/** The answer to each read arrives late, after Plex has handed the token out. */
function withLateTokens({ emulator, time }: World, delayMs: number): Fetch {
  return async (input, init) => {
    const response = await emulator.fetch(input, init);
    if (/pins\/\d/.test(String(input)))
      await new Promise<void>((resolve) => time.clock.setTimeout(resolve, delayMs));
    return response;
  };
}
