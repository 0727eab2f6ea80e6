/**
 * Whole flows with the inspector on, and a search for the token, the PIN's id and code and the client identifier in all
 * that its pages are sent: what is posted to a window in a browser, and each frame of the relay in Node.
 */
import { describe, expect, it, vi } from 'vitest';
import { assign, createActor, setup } from 'xstate';
import { pinAuthMachine } from '../../../machines/pin-auth.ts';
import { createPlexInspector, type PlexInspector } from '../../../src/inspect/index.ts';
import type { Fetch } from '../../../src/ports.ts';
import { Secret } from '../../../src/secret.ts';
import { joinRelay, partsOf } from '../../fixture/relay-client.ts';
import { createFakeOpener } from '../../inspect/fake-window.ts';
import { arrivals, ends, faults, operations, signIn, wholeFlow } from './flows.ts';
import { tracesOf } from './traces.ts';
import { createWatchedFlow, type WatchedFlow, type WatchedFlowOptions } from './watched-flow.ts';

vi.setConfig({ testTimeout: 60_000 });

const clientIdentifier = 'canary-client-7f3a9c51e0b2';

/** Two inspectors over one another, and all that their pages are sent. */
interface Tap {
  readonly inspect: PlexInspector['inspect'];
  readonly fetch: Fetch;
  /** Everything, once it has all been sent; a page that came late included. */
  read(): Promise<{ browser: string[]; relay: string[] }>;
}

async function createTap(inner: Fetch): Promise<Tap> {
  const opener = createFakeOpener();
  const inBrowser = createPlexInspector({
    url: 'https://inspector.example',
    window: opener.window,
    fetch: inner,
  });
  const inNode = createPlexInspector({ fetch: inBrowser.fetch });
  const [page] = opener.opened;
  const connect = () => opener.say({ type: '@statelyai.connected' }, page, 'https://inspector.example');
  const { host, key } = partsOf((await inNode.url) ?? '');
  const early = joinRelay(host, key);
  connect();
  const next = await early.nextKey();
  return {
    inspect(event) {
      inBrowser.inspect(event);
      inNode.inspect(event);
    },
    fetch: inNode.fetch,
    async read() {
      connect();
      const late = joinRelay(host, next);
      await late.nextKey();
      await Promise.all([inBrowser.stop(), inNode.stop(), early.closed, late.closed]);
      const browser = page?.received.map((received) => JSON.stringify(received)) ?? [];
      return { browser, relay: [...early.lines, ...late.lines] };
    },
  };
}

/** Runs a flow to its end, and looks for its secrets in the traffic. */
async function watch(work: (flow: WatchedFlow) => unknown, options: WatchedFlowOptions = {}) {
  let inner: Fetch = () => expect.fail();
  const tap = await createTap((input, init) => inner(input, init));
  const flow = createWatchedFlow({
    clientIdentifier,
    inspect: tap.inspect,
    ...options,
    wrapFetch(fetch) {
      inner = options.wrapFetch?.(fetch) ?? fetch;
      return tap.fetch;
    },
  });
  await work(flow);
  await flow.auth.dispose();
  await flow.time.advance(60_000);
  const traffic = await tap.read();
  const codes = flow.emulator.pins.map(({ code }) => code);
  const pinIDs = flow.emulator.pins.map(({ id }) => String(id));
  const secrets = [...flow.tokens, ...codes, ...pinIDs, clientIdentifier];
  return { flow, traffic, codes, traces: tracesIn(traffic, secrets) };
}

/** Long secrets in any encoding and in part; short codes as words of their own, since a time or a key has any four signs. */
function tracesIn(traffic: object, secrets: string[]): string[] {
  const exhibits = { ...traffic };
  return secrets.flatMap((secret) => {
    if (secret.length >= 12) return tracesOf(secret, exhibits);
    return new RegExp(`(?<![\\w-])${secret}(?![\\w-])`).test(JSON.stringify(exhibits)) ? [secret] : [];
  });
}

describe('no token, PIN’s id or code and client identifier is in what an inspector sends', () => {
  it.each([true, false])('of a flow that goes well, with a strong code: %s', async (strong) => {
    const { flow, traffic, codes, traces } = await watch(wholeFlow, { strong });
    expect([flow.tokens.length, codes.length, codes[0]?.length === 4]).toEqual([1, 2, !strong]);
    for (const frames of [traffic.browser, traffic.relay]) {
      expect(frames.length).toBeGreaterThan(50);
      const text = frames.join('\n');
      for (const seen of [
        'authenticated',
        'signingOut',
        '[redacted]',
        '200 GET /api/v2/pins/{pinID}',
        'xstate.done.actor',
      ])
        expect(text).toContain(seen);
    }
    expect(traces).toEqual([]);
  });

  describe.each(operations)('where %s goes wrong', (operation) => {
    it.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))(
      'with %s',
      async (_name, fault) => {
        const { traces } = await watch((flow) => {
          flow.emulator.fault(fault, { operation, times: 2 });
          return wholeFlow(flow);
        });
        expect(traces).toEqual([]);
      },
    );
  });

  describe.each(ends)('after %s', (_name, end) => {
    it.each(arrivals)('that came while %s', async (_status, arrive) => {
      const { traces } = await watch(async (flow) => {
        await arrive(flow);
        await end(flow);
        await flow.time.advance(30_000);
      });
      expect(traces).toEqual([]);
    });
  });

  it('of a later life that finds what was kept', async () => {
    const { flow: first } = await watch(signIn);
    const { flow, traces } = await watch(({ time }) => time.advance(30_000), { after: first });
    expect(flow.views.map(({ status }) => status)).toContain('authenticated');
    expect(traces).toEqual([]);
  });

  it.each<[string, (headers: Record<string, string>, url: string) => unknown]>([
    ['in its message', (headers) => new TypeError(`invalid header: ${headers['x-plex-token']}`)],
    ['beside it', (headers, url) => Object.assign(new Error('refused'), { request: { headers, url } })],
    ['in a cause', (headers) => new Error('x', { cause: { cause: { headers } } })],
    ['as its name', (headers) => Object.assign(new Error('x'), { name: headers['x-plex-token'] })],
    ['as a text', (headers) => JSON.stringify(headers)],
  ])('where fetch throws an error with the token %s', async (_name, toError) => {
    const wrapFetch =
      (fetch: Fetch): Fetch =>
      async (input, init) => {
        const headers = Object.fromEntries(new Headers(init?.headers));
        if (headers['x-plex-token']) throw toError(headers, String(input));
        return fetch(input, init);
      };
    expect((await watch(wholeFlow, { wrapFetch })).traces).toEqual([]);
  });
});

describe('a parent machine that invokes the chart', () => {
  const token = 'Xtok-canary-5Qz81xWvKk';
  const code = 'canarycodeofapin0123456789';
  const pin = {
    pinID: 7,
    code,
    clientIdentifier,
    atMs: 0,
    expiresInMs: 900_000,
    qrURL: `https://plex.tv/qr/${code}`,
  };

  interface Kept {
    readonly plain: string | undefined;
    readonly note: string | undefined;
    readonly list: readonly string[];
  }

  /** Keeps the revealed token, the link and the PIN as plain texts, under names that say nothing. */
  const parent = setup({
    types: { context: {} as Kept, events: {} as { type: 'GO' } },
    actors: { pinAuth: pinAuthMachine },
  }).createMachine({
    id: 'app',
    context: { plain: undefined, note: undefined, list: [] },
    invoke: {
      id: 'signIn',
      src: 'pinAuth',
      input: {},
      onSnapshot: {
        actions: assign({
          plain: ({ event }) => event.snapshot.context.credentials?.token.reveal(),
          note: ({ context, event }) =>
            event.snapshot.context.pin
              ? `https://app.example/?next=${encodeURIComponent(`/link?code=${event.snapshot.context.pin.code}`)}`
              : context.note,
          list: ({ context, event }) => [...context.list, JSON.stringify(event.snapshot.context.pin ?? null)],
        }),
      },
    },
  });

  async function run(plant = '') {
    const tap = await createTap(() => expect.fail());
    const actor = createActor(parent, { inspect: tap.inspect });
    actor.subscribe({ error: () => {} });
    actor.start();
    const signIn = actor.getSnapshot().children['signIn'];
    const send = (event: object) => signIn?.send(event as never);
    send({ type: 'RESUME', pin });
    send({ type: 'CANCEL' });
    send({ type: 'RESTORE', credentials: { token: new Secret(token), clientIdentifier } });
    const { plain, note, list } = actor.getSnapshot().context;
    expect([plain, note?.includes(code), JSON.stringify(list).includes(clientIdentifier)]).toEqual([
      token,
      true,
      true,
    ]);
    if (plant)
      tap.inspect({
        type: '@xstate.event',
        actorRef: actor,
        rootId: 'x',
        event: { type: plant },
        sourceRef: undefined,
      });
    actor.stop();
    const traffic = await tap.read();
    return { traffic, traces: tracesIn(traffic, [token, code, clientIdentifier]) };
  }

  it('and keeps the revealed token in its context as a plain text shows none of it', async () => {
    const { traffic, traces } = await run();
    for (const frames of [traffic.browser, traffic.relay]) {
      expect(frames.join('\n')).toMatch(/\\*"plain\\*":\\*"\[redacted\]/);
      expect(frames.join('\n')).toContain('"name":"signIn"');
    }
    expect(traces).toEqual([]);
  });

  it('is searched: a part of a token that is put in is found in both', async () => {
    const { traces } = await run(`a${token.slice(2, 18)}b`);
    expect(new Set(traces.map((trace) => trace.split('.')[0]))).toEqual(new Set(['browser', 'relay']));
  });
});
