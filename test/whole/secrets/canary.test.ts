/**
 * Whole flows with a known token, and a search for it in everything that they leave behind: views, errors with their
 * causes, the actor and its snapshots, inspection events and Stately's own wire, the console, errors that nobody caught,
 * addresses, headers, stores, the emulator's books. The search is tested in `traces.test.ts`, and here in each channel.
 */
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import type { KeyValueStore, PlexAuthView } from '../../../src/index.ts';
import { createPlexClient, type PlexClient } from '../../../src/plex/client.ts';
import type { Fetch } from '../../../src/ports.ts';
import { createPlexEmulator, createVirtualTime, type Fault } from '../../../src/testing/index.ts';
import { arrivals, begin, ends, faults, operations, signIn, wholeFlow } from './flows.ts';
import { tracesOf } from './traces.ts';
import {
  createMapStore,
  createWatchedFlow,
  type Outcry,
  outcryOf,
  type WatchedFlow,
  type WatchedFlowOptions,
} from './watched-flow.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Where the emulator says that the one who made a PIN is. */
const places = ['The Netherlands', 'North Brabant', 'Europe/Amsterdam', '51.5869, 4.7471'];

/** Runs a flow to its end, and looks forevery token in everything that it left. */
async function watch(
  work: (flow: WatchedFlow) => Promise<unknown>,
  options: WatchedFlowOptions = {},
): Promise<{ flow: WatchedFlow; outcry: Outcry; traces: string[] }> {
  let flow: WatchedFlow | undefined;
  const outcry = await outcryOf(async () => {
    flow = createWatchedFlow(options);
    flow.note('result', await work(flow));
    await flow.auth.dispose();
    await flow.time.advance(60_000);
  });
  if (!flow) throw new Error('No flow came to be');
  flow.note('outcry', outcry);
  return { flow, outcry, traces: flow.traces() };
}

const statusOf = ({ auth }: WatchedFlow): PlexAuthView['status'] => auth.getSnapshot().status;

const named = faults.map((fault) => [JSON.stringify(fault), fault] as const);

describe('a token shows nowhere', () => {
  it('in a flow that goes well: signed in, verified, signed out', async () => {
    const { flow, outcry, traces } = await watch(wholeFlow);
    expect(flow.views.map(({ status }) => status)).toEqual(
      expect.arrayContaining(['awaitingLink', 'authenticated', 'signingOut', 'idle']),
    );
    expect([flow.tokens.length, flow.carried]).toEqual([1, 2]);
    expect(outcry).toEqual({ console: [], printed: [], uncaught: [] });
    expect(traces).toEqual([]);
  });

  it('but in reveal and in the store that was given for it', async () => {
    const { flow, traces } = await watch(async (live) => {
      await signIn(live);
      const view = live.auth.getSnapshot();
      expect(view.status === 'authenticated' && view.token.reveal()).toBe(live.tokens[0]);
    });
    expect(tracesOf(flow.tokens[0] ?? '', { kept: flow.kept })).not.toEqual([]);
    expect(traces).toEqual([]);
  });

  describe.each(operations)('where %s goes wrong once', (operation) => {
    it.each(named)('with %s', async (_name, fault) => {
      const { flow, traces } = await watch((live) => {
        live.emulator.fault(fault, { operation });
        return wholeFlow(live);
      });
      expect(flow.emulator.requests.some((request) => request.operation === operation)).toBe(true);
      expect(traces).toEqual([]);
    });
  });

  it.each(named)('where each read after the approval goes wrong with %s', async (_name, fault) => {
    const { flow, traces } = await watch(
      async (live) => {
        await begin(live);
        live.emulator.fault(fault, { operation: 'getToken', times: Number.POSITIVE_INFINITY });
        live.link();
        await live.time.advance(240_000);
      },
      { plex: { lifetimeMs: { strong: 120_000 } } },
    );
    expect(flow.tokens.length).toBe(1);
    expect(traces).toEqual([]);
  });

  it.each(named)('where an account is asked for by the client alone and meets %s', async (_name, fault) => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch, clock: time.clock });
    const pin = await client.getPin();
    const token = emulator.link(pin.code);
    const calls: ((wire: PlexClient) => Promise<unknown>)[] = [
      (wire) => wire.getToken(pin),
      (wire) => wire.getUser({ token }),
      (wire) => wire.getServers({ token }),
      (wire) => wire.hasAccess({ token, machineIdentifier: 'attic' }),
      (wire) => wire.linkPin({ token, code: pin.code }),
      (wire) => wire.ping({ token }),
      (wire) => wire.signOut({ token }),
    ];
    const ends: unknown[] = [];
    const outcry = await outcryOf(async () => {
      for (const call of calls) {
        emulator.fault(fault);
        const end = call(client).catch((error: unknown) => error);
        await time.advance(30_000);
        ends.push(await end);
      }
    });
    expect(ends).toHaveLength(7);
    expect(tracesOf(token, { ends, outcry, client, pin })).toEqual([]);
  });
});

describe.each(ends)('after %s a token shows nowhere', (_name, end) => {
  it.each(arrivals)('that came while %s', async (status, arrive) => {
    const { flow, outcry, traces } = await watch(async (live) => {
      await arrive(live);
      expect(statusOf(live)).toBe(status);
      const result = end(live);
      await live.time.advance(30_000);
      return result;
    });
    expect(flow.tokens.length).toBe(status === 'idle' ? 0 : 1);
    expect(outcry.uncaught).toEqual([]);
    expect(traces).toEqual([]);
  });
});

describe('a stored token shows nowhere', () => {
  it.each<[string, Fault | undefined]>([
    ['is valid', undefined],
    ...faults.map((fault): [string, Fault] => [`meets ${JSON.stringify(fault)}`, fault]),
  ])('in the next life, where it %s', async (_name, fault) => {
    const { flow: first } = await watch(signIn);
    if (fault) first.emulator.fault(fault, { operation: 'getUser' });
    const { flow, traces } = await watch(({ time }) => time.advance(30_000), { after: first });
    expect(flow.views.map(({ status }) => status)).toContain('authenticated');
    expect(flow.carried).toBeGreaterThan(0);
    expect(traces).toEqual([]);
  });

  it.each(['', '{', '7', '{"token":7}', '{"clientIdentifier":"tv"}'])(
    'where what is kept has become unreadable: %j before it',
    async (junk) => {
      const { flow: first } = await watch(signIn);
      for (const [key, value] of first.kept) first.kept.set(key, junk + value);
      const { traces } = await watch(({ time }) => time.advance(1000), { after: first });
      expect(traces).toEqual([]);
    },
  );
});

/** Stores that fail in each way that is known. `shown` is what such a store puts into its error. */
type Shown = (key: string, value: string | null | undefined) => unknown;
const errorsOfStores: [string, Shown][] = [
  ['its message', (key, value) => new Error(`cannot handle ${key}=${value}`)],
  ['a cause', (_key, value) => new Error('failed', { cause: new Error(`on ${value}`) })],
  [
    'a field',
    (key, value) => Object.assign(new Error('ERR'), { command: { name: 'set', args: [key, value] } }),
  ],
  ['a text that is thrown', (_key, value) => `cannot handle ${value}`],
  ['an object that is thrown', (_key, value) => ({ value, message: `cannot handle ${value}` })],
];

const quoting = errorsOfStores.filter(([name]) => name !== 'a field');

function createFailingStore(
  items: Map<string, string>,
  method: keyof KeyValueStore,
  shown: Shown,
  isAsync: boolean,
): KeyValueStore {
  const fail = (key: string, value?: string): unknown => {
    const error = shown(key, value ?? items.get(key));
    if (isAsync) return Promise.reject(error);
    throw error;
  };
  return { ...createMapStore(items), [method]: fail };
}

describe('a token shows nowhere where the store given for it fails', () => {
  for (const isAsync of [false, true]) {
    it.each(errorsOfStores)(
      `to write and shows it in %s, ${isAsync ? 'later' : 'at once'}`,
      async (_n, shown) => {
        const credentials = createFailingStore(new Map(), 'setItem', shown, isAsync);
        const { flow, traces } = await watch(wholeFlow, { credentials });
        expect(inspect(flow.views)).toContain('PLEX_STORE');
        expect(traces).toEqual([]);
      },
    );
  }

  it('to write and shows a part of it', async () => {
    const shown: Shown = (_key, value) => new Error(`cannot write ${value?.slice(0, 24)}…`);
    const credentials = createFailingStore(new Map(), 'setItem', shown, false);
    expect((await watch(wholeFlow, { credentials })).traces).toEqual([]);
  });

  it('to write and shows it encoded', async () => {
    const shown: Shown = (_key, value) => new Error(`cannot write ${btoa(`${value}`)}`);
    const credentials = createFailingStore(new Map(), 'setItem', shown, false);
    expect((await watch(wholeFlow, { credentials })).traces).toEqual([]);
  });

  it.each(quoting)('to remove and shows it in %s', async (_name, shown) => {
    const credentials = createFailingStore(new Map(), 'removeItem', shown, false);
    const kept = new Map<string, string>();
    const failing = {
      ...credentials,
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem(key: string) {
        throw shown(key, kept.get(key));
      },
    };
    const { flow, traces } = await watch(wholeFlow, { credentials: failing });
    expect(inspect(flow.views)).toContain('PLEX_STORE');
    expect(traces).toEqual([]);
  });

  it.each(quoting)('to read and shows it in %s', async (_name, shown) => {
    const { flow: first } = await watch(signIn);
    const credentials = createFailingStore(first.kept, 'getItem', shown, false);
    const { flow, traces } = await watch(({ time }) => time.advance(1000), { after: first, credentials });
    expect(inspect(flow.views)).toContain('PLEX_STORE');
    expect(traces).toEqual([]);
  });

  it('to read because it parses itself, and the parser quotes what it read', async () => {
    const { flow: first } = await watch(signIn);
    const [[key = ''] = []] = first.kept;
    const broken = new Map([[key, `X${first.tokens[0]?.slice(1)}`]]);
    const store = createMapStore(broken);
    const credentials: KeyValueStore = { ...store, getItem: (name) => JSON.parse(`${store.getItem(name)}`) };
    const { flow, traces } = await watch(({ time }) => time.advance(1000), { after: first, credentials });
    expect(inspect(flow.views)).toContain('PLEX_STORE');
    expect(traces).toEqual([]);
  });
});

describe('a token shows nowhere where a fetch', () => {
  /** Throws once there is a token to throw, with all that it knows. */
  const throwing =
    (toError: (request: { url: string; headers: Record<string, string> }) => unknown) =>
    (fetch: Fetch): Fetch =>
    async (input, init) => {
      const headers = Object.fromEntries(new Headers(init?.headers));
      if (!headers['x-plex-token']) return fetch(input, init);
      throw toError({ url: String(input), headers });
    };
  const errors: [string, (request: { url: string; headers: Record<string, string> }) => unknown][] = [
    ['beside its message', (request) => Object.assign(new Error('refused'), { request, config: request })],
    ['in its message', ({ headers }) => new TypeError(`invalid header: ${headers['x-plex-token']}`)],
    ['in its message, as JSON', ({ headers }) => new Error(`failed with ${JSON.stringify(headers)}`)],
    ['in a cause', ({ headers }) => new Error('x', { cause: new Error(JSON.stringify(headers)) })],
    ['in a cause of a cause', ({ headers }) => new Error('x', { cause: { cause: { headers } } })],
    ['in errors', ({ headers }) => new AggregateError([new Error(JSON.stringify(headers))], 'all failed')],
    ['as a text', ({ headers }) => JSON.stringify(headers)],
    ['as an object', (request) => request],
  ];
  it.each(errors)('throws an error that holds it %s', async (_name, toError) => {
    const { flow, traces } = await watch(wholeFlow, { wrapFetch: throwing(toError) });
    expect(flow.views.map(({ status }) => status)).toContain('signingOut');
    expect(inspect(flow.auth.actor.getSnapshot())).toContain('requestingPin');
    expect(traces).toEqual([]);
  });

  it.each<[string, (token: string) => object]>([
    ['name', (token) => ({ name: token })],
    ['code', (token) => ({ code: token })],
  ])('throws an error whose %s it is', async (_name, toFields) => {
    const toError = ({ headers }: { headers: Record<string, string> }) =>
      Object.assign(new Error('x'), toFields(headers['x-plex-token'] ?? ''));
    expect((await watch(wholeFlow, { wrapFetch: throwing(toError) })).traces).toEqual([]);
  });

  it('reads the answer itself and quotes it in its error', async () => {
    const quoting =
      (fetch: Fetch): Fetch =>
      async (input, init) => {
        const answer = await fetch(input, init);
        const text = await answer.clone().text();
        if (text.includes('"authToken":"')) throw new Error(`unexpected body: ${text}`);
        return answer;
      };
    expect((await watch(wholeFlow, { wrapFetch: quoting })).traces).toEqual([]);
  });
});

describe('a token shows nowhere where a listener', () => {
  it('throws an error that quotes what it was given', async () => {
    const { outcry, traces } = await watch(async (flow) => {
      flow.auth.subscribe((view) => {
        throw Object.assign(new Error(`cannot show ${JSON.stringify(view)} ${inspect(view)}`), { view });
      });
      return wholeFlow(flow);
    });
    expect(outcry.uncaught.length).toBeGreaterThan(3);
    expect(traces).toEqual([]);
  });
});

describe("the emulator's own token", () => {
  it('shows neither in what inspect nor in what JSON makes of an emulator', () => {
    const emulator = createPlexEmulator();
    expect(tracesOf(emulator.accountToken, { shown: [inspect(emulator), JSON.stringify(emulator)] })).toEqual(
      [],
    );
  });
});

describe('an error shows neither the code nor the place of a PIN', () => {
  const errorsOf = ({ views }: WatchedFlow) =>
    views.flatMap((view) =>
      ['lastError' in view && view.lastError, 'error' in view && view.error].filter(Boolean),
    );

  describe.each(operations)('where %s goes wrong', (operation) => {
    it.each(named)('with %s', async (_name, fault) => {
      const { flow } = await watch((live) => {
        live.emulator.fault(fault, { operation, times: 2 });
        return wholeFlow(live);
      });
      const errors = errorsOf(flow);
      for (const secret of [...flow.emulator.pins.map(({ code }) => code), ...places]) {
        expect(tracesOf(secret, { errors })).toEqual([]);
      }
    });
  });

  it('where the store for it fails and quotes it', async () => {
    const store = createFailingStore(
      new Map([['plex-auth-flow.client-identifier', 'tv']]),
      'setItem',
      (_key, value) => new Error(`cannot write ${value}`),
      false,
    );
    const { flow } = await watch(wholeFlow, { store });
    const errors = errorsOf(flow);
    expect(errors).not.toEqual([]);
    for (const { code } of flow.emulator.pins) expect(tracesOf(code, { errors })).toEqual([]);
  });

  it('where an answer is broken in the middle', async () => {
    const cutting =
      (fetch: Fetch): Fetch =>
      async (input, init) => {
        const answer = await fetch(input, init);
        const text = await answer.text();
        const { status, headers } = answer;
        return new Response(status < 300 ? text.slice(0, -20) : text, { status, headers });
      };
    const { flow } = await watch(wholeFlow, { wrapFetch: cutting });
    const errors = errorsOf(flow);
    expect(errors).not.toEqual([]);
    for (const secret of [...flow.emulator.pins.map(({ code }) => code), ...places]) {
      expect(tracesOf(secret, { errors })).toEqual([]);
    }
  });
});

it('the place of a PIN is nowhere: not in views, snapshots, stores or what an inspector sees', async () => {
  const { flow } = await watch(wholeFlow);
  for (const place of places) expect(flow.tracesOf(place)).toEqual([]);
});

describe('the watch', () => {
  const plants: [string, (flow: WatchedFlow, token: string) => unknown][] = [
    ['a result', (_flow, token) => ({ deep: [{ token }] })],
    ['the console', (_flow, token) => console.warn('token', { token })],
    ['standard output', (_flow, token) => process.stdout.write(`${token}\n`)],
    ['standard error', (_flow, token) => process.stderr.write(`${token}\n`)],
    ['a rejection that nobody handles', (_flow, token) => void Promise.reject(new Error(token))],
    [
      'an exception that nobody catches',
      (_flow, token) => {
        queueMicrotask(() => {
          throw new Error(token);
        });
      },
    ],
    ['a warning', (_flow, token) => process.emitWarning(token)],
    ['a view', ({ views }, token) => views.push({ status: 'idle', reason: token as 'cancelled' })],
    ['the engine', ({ auth }, token) => Object.defineProperty(auth, 'hidden', { value: { token } })],
    ['the actor', ({ auth }, token) => Object.assign(auth.actor, { token })],
    [
      'an event that an inspector sees',
      ({ auth }, token) => auth.actor.send({ type: 'STORE_FAILED', error: new Error(token) as never }),
    ],
    ["the emulator's books", ({ emulator }, token) => Object.assign(emulator.requests[0] ?? {}, { token })],
  ];
  it.each(plants)('finds a token that was put into %s', async (_name, plant) => {
    const { flow, traces } = await watch(async (live) => {
      await signIn(live);
      return plant(live, live.tokens[0] ?? '');
    });
    expect(flow.tokens.length).toBe(1);
    expect(traces).not.toEqual([]);
  });

  it.each<[string, (url: URL, headers: Headers, token: string) => void]>([
    ['an address', (url, _headers, token) => url.searchParams.set('X-Plex-Token', token)],
    ['another header', (_url, headers, token) => headers.set('Referer', `https://x/?t=${token}`)],
    [
      'its own header, to another host',
      (url, headers, token) => {
        url.host = 'elsewhere.example';
        headers.set('X-Plex-Token', token);
      },
    ],
  ])('finds a token that was sent in %s', async (_name, change) => {
    let token = '';
    const { traces } = await watch(
      async (flow) => {
        await signIn(flow);
        token = flow.tokens[0] ?? '';
        await flow.auth.verify();
      },
      {
        wrapFetch: (fetch) => (input, init) => {
          const url = new URL(String(input));
          const headers = new Headers(init?.headers);
          if (token) change(url, headers, token);
          return fetch(url, { ...init, headers });
        },
      },
    );
    expect(traces).not.toEqual([]);
  });

  it('finds a token in the wrong store', async () => {
    const { traces } = await watch(async (flow) => {
      await signIn(flow);
      flow.note('other store', new Map([['theme', `dark ${flow.tokens[0]}`]]));
    });
    expect(traces).not.toEqual([]);
  });
});
