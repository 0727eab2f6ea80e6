import { Readable } from 'node:stream';
import { MockAgent, fetch as undiciFetch } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createPlexClient, type Fetch, type PlexClient } from '../../src/plex/client.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { errorIn, goodPin, goodUser } from './answering-client.ts';

const whole = JSON.stringify({ ...goodPin, authToken: 'canary', qr: '€' });
const bytes = Buffer.from(whole);

function createClientOf(response: unknown): { client: PlexClient; asked: number } {
  const counter = { asked: 0 };
  const fetch = (async () => {
    counter.asked += 1;
    return response;
  }) as unknown as Fetch;
  return Object.assign(counter, { client: createPlexClient({ clientIdentifier: 'tv', fetch }) });
}

/** A stream of the platform whose parts are texts, as a mock makes it. */
function streamOf(...parts: unknown[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

const shapes: [string, (text: string) => object][] = [
  ['React Native: text() and no body', (text) => ({ text: async () => text })],
  ['React Native: an initial body', (text) => ({ _bodyInit: {}, text: async () => text })],
  ['node-fetch: a Node stream of bytes', (text) => ({ body: Readable.from([Buffer.from(text)]) })],
  ['a Node stream of texts', (text) => ({ body: Readable.from([text]), text: undefined })],
  ['a mock with json()', (text) => ({ json: async () => JSON.parse(text) })],
  ['a mock with a body that is no stream', (text) => ({ body: {}, text: async () => text })],
  ['a stream of texts', (text) => ({ body: streamOf(text) })],
];

describe('a fetch with classes of its own', () => {
  it('is given plain objects and texts', async () => {
    const inits: unknown[] = [];
    const fetch = async (_url: string, init: unknown) => {
      inits.push(init);
      return { status: 200, text: async () => whole };
    };
    const client = createPlexClient({ clientIdentifier: 'tv', fetch });
    await client.linkPin({ token: 'a-token', code: 'ABCD' });
    expect(inits).toEqual([
      expect.objectContaining({
        headers: expect.objectContaining({
          'content-type': 'application/x-www-form-urlencoded',
          'x-plex-client-identifier': 'tv',
        }),
        body: 'code=ABCD',
      }),
    ]);
    expect(Object.getPrototypeOf((inits[0] as { headers: object }).headers)).toBe(Object.prototype);
  });

  it('may be undici’s, through a proxy of its own', async () => {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    const plex = dispatcher.get('https://clients.plex.tv');
    plex
      .intercept({ path: '/api/v2/pins/7', headers: { 'x-plex-client-identifier': 'tv' } })
      .reply(200, whole);
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }),
    });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });
});

/** Issue 11: a fetch whose answers are no web streams. */
describe('an answer of a fetch that is not the platform’s', () => {
  it.each(shapes)('is read: %s', async (_name, bodyOf) => {
    const { client } = createClientOf({ status: 200, headers: new Headers(), ...bodyOf(whole) });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });

  it.each(shapes)('is read behind a byte order mark: %s', async (_name, bodyOf) => {
    const body = bodyOf(whole);
    const marked = 'json' in body ? body : bodyOf(`\uFEFF${whole}`);
    const { client } = createClientOf({ status: 200, headers: {}, ...marked });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });

  it('is read where a letter is split between two parts', async () => {
    const at = bytes.indexOf(0xe2) + 1;
    const body = Readable.from([bytes.subarray(0, at), bytes.subarray(at)]);
    const { client } = createClientOf({ status: 200, headers: {}, body });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });

  it.each(shapes)('is not read beyond 1 MB: %s', async (_name, bodyOf) => {
    const text = `{"text":"${' '.repeat(1_000_000)}"}`;
    const { client } = createClientOf({ status: 200, headers: {}, ...bodyOf(text) });
    expect(await errorIn(client.getPin())).toMatchObject({
      code: 'PLEX_BAD_REPLY',
      message: expect.stringContaining('a body over 1 MB'),
    });
  });

  it('closes a Node stream of more than 1 MB', async () => {
    const part = Buffer.alloc(100_000, ' ');
    let sent = 0;
    const body = new Readable({
      read() {
        sent += part.length;
        this.push(part);
      },
    });
    const { client } = createClientOf({ status: 200, body });
    expect(await errorIn(client.getPin())).toHaveProperty('code', 'PLEX_BAD_REPLY');
    expect(body.destroyed).toBe(true);
    expect(sent).toBeLessThan(2_000_000);
  });

  it('counts where a Node stream breaks behind the last byte', async () => {
    const body = Readable.from(
      (async function* () {
        yield bytes;
        throw new Error('Premature close');
      })(),
    );
    const { client } = createClientOf({ status: 200, body });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });

  it('needs no body for a sign-out', async () => {
    const { client } = createClientOf({ status: 204 });
    expect(await client.signOut({ token: 'x' })).toEqual({ status: 'signedOut' });
  });

  it.each<[string, unknown, string]>([
    ['no response', undefined, 'a status'],
    ['no status', { ok: true, text: async () => whole }, 'a status'],
    ['no body', { status: 200 }, 'a stream as its body, text() or json()'],
    ['an unreadable body', { status: 200, body: {} }, 'a stream as its body, text() or json()'],
  ])('is refused with what it lacks: %s', async (_name, response, missing) => {
    const asking = createClientOf(response);
    expect(await errorIn(asking.client.getPin())).toMatchObject({
      code: 'PLEX_UNEXPECTED',
      message: `The fetch in use returned a response without ${missing}`,
      retryable: false,
    });
    expect(asking.asked).toBe(1);
  });
});

describe('headers that are not the platform’s', () => {
  const odd = { 'Retry-After': '7', 'CONTENT-TYPE': 'text/html' };
  it.each<[string, unknown]>([
    ['a plain object in odd case', odd],
    ['a Map in odd case', new Map(Object.entries(odd))],
    ['a list', Object.entries(odd)],
    ['a value between spaces', { 'retry-after': ' 7 ' }],
    ['lists of values', { 'retry-after': ['7'], 'content-type': ['text/html'] }],
    ['only get', { get: (name: string) => new Headers(odd).get(name) }],
    [
      'another class',
      {
        get: () => null,
        *[Symbol.iterator]() {
          yield* Object.entries(odd);
        },
      },
    ],
  ])('are read: %s', async (_name, headers) => {
    const { client } = createClientOf({ status: 429, headers, text: async () => 'Too many' });
    expect(await errorIn(client.getPin())).toMatchObject({ retryAfterMs: 7000, retryable: true });
  });

  it.each([undefined, null, 7])('may be missing: %s', async (headers) => {
    const { client } = createClientOf({ status: 200, headers, text: async () => whole });
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'claimed');
  });
});

describe('a fetch that ignores aborts and never settles', () => {
  const calls: [string, (client: PlexClient, signal?: AbortSignal) => Promise<unknown>][] = [
    ['getPin', (client, signal) => client.getPin({ signal })],
    ['getToken', (client, signal) => client.getToken({ pinID: 7, signal, onLate() {} })],
    ['getUser', (client, signal) => client.getUser({ token: 'x', signal })],
    ['signOut', (client, signal) => client.signOut({ token: 'x', signal })],
    ['linkPin', (client, signal) => client.linkPin({ token: 'x', code: 'ABCD', signal })],
    ['ping', (client, signal) => client.ping({ signal })],
  ];
  const answers: [string, () => Promise<unknown>][] = [
    ['no response', () => new Promise(() => {})],
    ['no end of a stream', async () => ({ status: 200, body: new ReadableStream() })],
    ['no end of a Node stream', async () => ({ status: 200, body: new Readable({ read() {} }) })],
  ];

  describe.each(answers)('and gives %s', (_answer, answer) => {
    it.each(calls)('leaves %s at an abort', async (_name, call) => {
      const time = createVirtualTime();
      const fetch = answer as Fetch;
      const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch });
      const abort = new AbortController();
      const outcome = call(client, abort.signal).catch((error: unknown) => error);
      await time.advance(100);
      abort.abort('enough');
      expect(await outcome).toBe('enough');
      expect(time.timers).toBe(0);
    });

    it.each(calls)('leaves %s at the time limit', async (_name, call) => {
      const time = createVirtualTime();
      const fetch = answer as Fetch;
      const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch });
      const outcome = errorIn(call(client));
      await time.advance(15_000);
      expect(await outcome).toHaveProperty('code', 'PLEX_TIMEOUT');
    });
  });

  it('leaves a body that is never decoded a second after an abort, and no timer', async () => {
    const time = createVirtualTime();
    const fetch = (async () => ({ status: 200, text: () => new Promise(() => {}) })) as unknown as Fetch;
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch });
    const abort = new AbortController();
    const outcome = client.getToken({ pinID: 7, signal: abort.signal }).catch((error: unknown) => error);
    await time.advance(100);
    abort.abort('enough');
    await time.advance(1000);
    expect(await outcome).toBe('enough');
    expect(time.timers).toBe(0);
  });

  it('keeps a token that React Native is still decoding when the caller aborts', async () => {
    const abort = new AbortController();
    const text = () => new Promise((resolve) => setTimeout(resolve, 20, whole));
    const { client } = createClientOf({ status: 200, text });
    const reading = client.getToken({ pinID: 7, signal: abort.signal });
    setTimeout(() => abort.abort(), 5);
    expect(await reading).toHaveProperty('status', 'claimed');
  });
});

describe('a platform without what the client needs', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each(['fetch', 'Headers', 'AbortController'])('is named at the first call: %s', async (name) => {
    vi.stubGlobal(name, undefined);
    const client = createPlexClient({ clientIdentifier: 'tv' });
    expect(await errorIn(client.ping())).toMatchObject({
      code: 'PLEX_UNEXPECTED',
      message: expect.stringContaining(`This platform has no ${name}`),
      retryable: false,
    });
  });

  it('does not need a fetch of its own where one is given', async () => {
    vi.stubGlobal('fetch', undefined);
    const { client } = createClientOf({ status: 200, json: async () => goodUser });
    expect(await client.getUser({ token: 'x' })).toHaveProperty('status', 'valid');
  });
});
