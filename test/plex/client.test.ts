import { getEventListeners } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/plex-emulator.ts';
import {
  createPlexClient,
  PlexAuthError,
  type PlexCallOptions,
  type PlexClient,
  type PlexClientOptions,
  type PlexDevice,
  Secret,
} from '../../src/plex/client.ts';
import type { Fetch } from '../../src/ports.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';

interface Asked {
  method: string;
  origin: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
  redirect: RequestRedirect;
}

type Answer = (asked: Asked, signal: AbortSignal | null | undefined) => Response | Promise<Response>;

/** A fetch that writes down what it is asked. The last answer serves for all that follow. */
function createRecorder(...answers: Answer[]): { fetch: Fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    async fetch(input, init = {}) {
      const { signal, ...rest } = init;
      const request = new Request(input, rest);
      const { origin, pathname, searchParams } = new URL(request.url);
      const one: Asked = {
        method: request.method,
        origin,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        redirect: request.redirect,
      };
      asked.push(one);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? (() => json(200, goodPin));
      return answer(one, signal);
    },
  };
}

/** One good reply, as plex-wire.md shows it. */
const goodPin = {
  id: 308667304,
  code: '7RQZ',
  product: '0',
  trusted: false,
  qr: 'https://plex.tv/api/v2/pins/qr/7RQZ',
  clientIdentifier: 'tv',
  location: { code: 'NL', city: 'Breda', postal_code: '4814', coordinates: '51.5869, 4.7471' },
  expiresIn: 876,
  createdAt: '2024-07-16T17:03:05Z',
  expiresAt: '2024-07-16T17:18:05Z',
  authToken: null,
  newRegistration: null,
};
const goodUser = { id: 1, uuid: '6c1f', username: 'ada', title: 'Ada', email: 'ada@example.com' };

function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return text(status, JSON.stringify(body), 'application/json; charset=utf-8', headers);
}

function text(status: number, body: string, type: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { 'Content-Type': type, ...headers } });
}

function refused(status: number, code: number | undefined, headers: Record<string, string> = {}): Response {
  const error = { ...(code !== undefined && { code }), message: 'No', status };
  return json(status, { errors: [error] }, headers);
}

const page = '<!DOCTYPE html><html><body>Log in to the hotel</body></html>';
const without = <T extends object>(value: T, field: string): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));

/** A client `tv` whose every request gets these answers. */
function createClient(...answers: Answer[]): { client: PlexClient; asked: Asked[] } {
  return createClientWith({}, ...answers);
}

function createClientWith(
  options: PlexClientOptions,
  ...answers: Answer[]
): { client: PlexClient; asked: Asked[] } {
  const { fetch, asked } = createRecorder(...answers);
  return { client: createPlexClient({ clientIdentifier: 'tv', fetch, ...options }), asked };
}

async function errorIn(work: Promise<unknown>): Promise<PlexAuthError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof PlexAuthError) return outcome;
  throw new Error(`No PlexAuthError, but ${inspect(outcome)}`);
}

const getPin = (client: PlexClient, call: PlexCallOptions = {}) => client.getPin(call);
const getToken = (client: PlexClient, call: PlexCallOptions = {}) => client.getToken({ pinID: 7, ...call });
const unreachable: Answer = () => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('no route'), { code: 'ENETUNREACH' }),
  });
};

describe('what is sent', () => {
  it('asks for a strong PIN with one POST and nothing but what is needed', async () => {
    const { client, asked } = createClient(() => json(201, goodPin));
    await client.getPin({ strong: true });
    expect(asked).toEqual([
      {
        method: 'POST',
        origin: 'https://clients.plex.tv',
        path: '/api/v2/pins',
        query: { strong: 'true' },
        headers: { accept: 'application/json', 'x-plex-client-identifier': 'tv' },
        body: '',
        redirect: 'manual',
      },
    ]);
  });

  it('says strong in the query only when it is true', async () => {
    const { client, asked } = createClient(() => json(201, goodPin));
    await client.getPin({ strong: true });
    await client.getPin({ strong: false });
    await client.getPin({ strong: undefined });
    await client.getPin();
    expect(asked.map(({ query }) => query)).toEqual([{ strong: 'true' }, {}, {}, {}]);
  });

  it('reads a PIN with one GET of its id', async () => {
    const { client, asked } = createClient();
    await client.getToken({ pinID: 308667304 });
    expect(asked).toEqual([
      {
        method: 'GET',
        origin: 'https://clients.plex.tv',
        path: '/api/v2/pins/308667304',
        query: {},
        headers: { accept: 'application/json', 'x-plex-client-identifier': 'tv' },
        body: '',
        redirect: 'manual',
      },
    ]);
  });

  const held = { accept: 'application/json', 'x-plex-client-identifier': 'tv', 'x-plex-token': 'canary' };
  it.each<[string, (client: PlexClient, token: string | Secret) => Promise<unknown>, Partial<Asked>]>([
    ['getUser', (client, token) => client.getUser({ token }), { method: 'GET', path: '/api/v2/user' }],
    [
      'signOut',
      (client, token) => client.signOut({ token }),
      { method: 'DELETE', path: '/api/v2/users/signout' },
    ],
    ['ping', (client, token) => client.ping({ token }), { method: 'GET', path: '/api/v2/ping' }],
    [
      'linkPin',
      (client, token) => client.linkPin({ token, code: 'A B&C' }),
      {
        method: 'PUT',
        path: '/api/v2/pins/link',
        body: 'code=A+B%26C',
        headers: { ...held, 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      },
    ],
  ])(
    'sends %s with the token in a header, and follows no redirect with it',
    async (_name, call, expected) => {
      const { client, asked } = createClient(() => json(200, goodUser));
      await call(client, 'canary');
      await call(client, new Secret('canary'));
      const one = {
        origin: 'https://clients.plex.tv',
        query: {},
        headers: held,
        body: '',
        redirect: 'manual',
      };
      expect(asked).toEqual([
        { ...one, ...expected },
        { ...one, ...expected },
      ]);
    },
  );

  it('pings without a token where there is none', async () => {
    const { client, asked } = createClient(() => json(200, { pong: true }));
    await client.ping();
    expect(asked[0]?.headers).not.toHaveProperty('x-plex-token');
  });

  it('takes a redirect of a request that carries a token for no answer', async () => {
    const { client, asked } = createClient(() => Response.redirect('https://elsewhere.example/user'));
    const fault = await errorIn(client.getUser({ token: 'canary' }));
    expect(fault).toMatchObject({ code: 'PLEX_HTTP', status: 302 });
    expect(asked).toHaveLength(1);
  });

  it.each<[keyof PlexDevice, string]>([
    ['version', 'x-plex-version'],
    ['platform', 'x-plex-platform'],
    ['platformVersion', 'x-plex-platform-version'],
    ['device', 'x-plex-device'],
    ['deviceName', 'x-plex-device-name'],
    ['model', 'x-plex-model'],
    ['language', 'x-plex-language'],
    ['screenResolution', 'x-plex-device-screen-resolution'],
  ])('tells device.%s in the header %s, at every call', async (field, header) => {
    const { client, asked } = createClientWith({ device: { [field]: 'Some value 1.0' } });
    await client.getPin();
    await client.getToken({ pinID: 7 });
    for (const { headers, query } of asked) {
      expect(headers).toEqual({
        accept: 'application/json',
        'x-plex-client-identifier': 'tv',
        [header]: 'Some value 1.0',
      });
      expect(Object.keys(query)).not.toContain(header);
    }
  });

  it('tells the product in a header', async () => {
    const { client, asked } = createClientWith({ product: 'Living Room' });
    await client.getPin();
    expect(asked[0]?.headers).toHaveProperty('x-plex-product', 'Living Room');
  });

  it('keeps what only the consent page knows off the wire', async () => {
    const { client, asked } = createClientWith({ device: { layout: 'desktop', environment: 'bundled' } });
    await client.getPin();
    expect(asked[0]?.headers).toEqual({ accept: 'application/json', 'x-plex-client-identifier': 'tv' });
    expect(asked[0]?.query).toEqual({});
  });

  it.each(['Wohnzimmer-Küche', 'Гостиная', '居間', 'Sofa 🛋️', ' padded ', 'two\nlines', 'a&b=c#d?é'])(
    'tells the name %j by the query, whole',
    async (name) => {
      const { client, asked } = createClientWith({ product: name, device: { deviceName: name } });
      await client.getPin();
      await client.getToken({ pinID: 7 });
      for (const { query, headers } of asked) {
        expect(query).toMatchObject({ 'X-Plex-Product': name, 'X-Plex-Device-Name': name });
        expect(headers).toEqual({ accept: 'application/json', 'x-plex-client-identifier': 'tv' });
      }
    },
  );

  it('makes plex.tv see an emoji as it is', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', product: 'Sofa 🛋️', fetch: emulator.fetch });
    await client.getPin();
    expect(emulator.requests[0]).toMatchObject({ product: 'Sofa 🛋️', clientIdentifier: 'tv' });
  });

  it('names the client of the call before that of the client, and says which made the PIN', async () => {
    const { client, asked } = createClient(() => json(201, goodPin));
    expect(await client.getPin()).toHaveProperty('clientIdentifier', 'tv');
    expect(await client.getPin({ clientIdentifier: 'tablet' })).toHaveProperty('clientIdentifier', 'tablet');
    await client.getToken({ pinID: 7, clientIdentifier: 'tablet' });
    const identifiers = asked.map(({ headers }) => headers['x-plex-client-identifier']);
    expect(identifiers).toEqual(['tv', 'tablet', 'tablet']);
  });

  it('tells the origin of the forward URL when a PIN is made, and only then', async () => {
    const { client, asked } = createClientWith({ forwardURL: 'https://app.example:8443/done?x=1#y' });
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked[0]?.headers).toHaveProperty('origin', 'https://app.example:8443');
    expect(asked[1]?.headers).not.toHaveProperty('origin');
  });
});

describe('where it is sent', () => {
  const rooted: [string, string][] = [
    ['https://pins.example', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/', 'https://pins.example/api/v2/pins'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/api/v2/pins'],
    ['https://pins.example/api/v2', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/api/v2/', 'https://pins.example/api/v2/pins'],
    ['https://pins.example/plex/proxy', 'https://pins.example/plex/proxy/pins'],
  ];

  it.each(rooted)('finds the API of %s at %s, per client', async (serverURL, address) => {
    const { client, asked } = createClientWith({ serverURL }, () => json(201, goodPin));
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([address, `${address}/7`]);
  });

  it.each(rooted)('finds the API of %s at %s, per call', async (serverURL, address) => {
    const { client, asked } = createClientWith({ serverURL: 'https://other.example' }, () =>
      json(201, goodPin),
    );
    await client.getPin({ serverURL });
    await client.getToken({ pinID: 7, serverURL });
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([
      address,
      `${address}/7`,
      'https://other.example/api/v2/pins/7',
    ]);
  });

  /** Serves `/pins` at its root, and a page for every other path. */
  const rootServer: Answer = ({ path }) =>
    path.startsWith('/pins') ? json(201, goodPin) : text(404, page, 'text/html');

  it('finds a server that serves the API at its root, and remembers it', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, rootServer);
    expect(await client.getPin()).toHaveProperty('pinID', goodPin.id);
    await client.getToken({ pinID: 7 });
    await client.getToken({ pinID: 8 });
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins', '/pins', '/pins/7', '/pins/8']);
  });

  it.each<[string, Answer]>([
    ['an empty 404', () => new Response(null, { status: 404 })],
    ['a 404 of another API', () => json(404, { error: 'not found' })],
  ])('finds the root behind %s as well', async (_name, notFound) => {
    const answer: Answer = (asked, signal) =>
      asked.path.startsWith('/api') ? notFound(asked, signal) : json(201, goodPin);
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, answer);
    await client.getPin();
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins', '/pins']);
  });

  it('takes a 404 in the words of Plex for an answer', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, () =>
      refused(404, 1020),
    );
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
    expect(asked.map(({ path }) => path)).toEqual(['/api/v2/pins/7']);
  });

  it('looks nowhere else where the server URL has a path', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example/v2' }, () =>
      text(404, page, 'text/html'),
    );
    await errorIn(client.getPin());
    expect(asked.map(({ path }) => path)).toEqual(['/v2/pins']);
  });

  const oneHostDown: Answer = (asked, signal) =>
    asked.origin === 'https://clients.plex.tv' ? unreachable(asked, signal) : json(201, goodPin);

  it('falls back from clients.plex.tv to plex.tv when there is no answer at all, and stays there', async () => {
    const { client, asked } = createClient(oneHostDown);
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked.map(({ origin, path }) => origin + path)).toEqual([
      'https://clients.plex.tv/api/v2/pins',
      'https://plex.tv/api/v2/pins',
      'https://plex.tv/api/v2/pins/7',
    ]);
  });

  it('goes back when plex.tv fails in its turn', async () => {
    let down = 'https://clients.plex.tv';
    const { client, asked } = createClient((one, signal) =>
      one.origin === down ? unreachable(one, signal) : json(201, goodPin),
    );
    await client.getPin();
    down = 'https://plex.tv';
    await client.getPin();
    const hosts = asked.map(({ origin }) => origin);
    expect(hosts.slice(2)).toEqual(['https://plex.tv', 'https://clients.plex.tv']);
  });

  it('asks each host once where neither can be reached', async () => {
    const { client, asked } = createClient(unreachable);
    expect(await errorIn(client.getPin())).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
    expect(asked.map(({ origin }) => origin)).toEqual(['https://clients.plex.tv', 'https://plex.tv']);
  });

  it.each([400, 401, 403, 404, 422, 429, 500, 502, 503, 504])(
    'does not fall back on status %i',
    async (status) => {
      const { client, asked } = createClient(() => refused(status, undefined));
      await errorIn(client.getPin());
      await errorIn(client.getPin());
      expect(asked.map(({ origin }) => origin)).toEqual([
        'https://clients.plex.tv',
        'https://clients.plex.tv',
      ]);
    },
  );

  it.each<[string, Answer]>([
    ['HTML', () => text(200, page, 'text/html')],
    ['no JSON', () => text(200, 'x', 'application/json')],
    ['half an answer', () => new Response(broken('{"id":3'), { status: 201 })],
  ])('does not fall back on %s', async (_name, answer) => {
    const { client, asked } = createClient(answer);
    await errorIn(client.getPin());
    await errorIn(client.getPin());
    expect(asked.map(({ origin }) => origin)).toEqual(['https://clients.plex.tv', 'https://clients.plex.tv']);
  });

  it('never asks plex.tv in place of a server of the user', async () => {
    const { client, asked } = createClientWith({ serverURL: 'https://pins.example' }, unreachable);
    await errorIn(client.getPin());
    expect(asked.map(({ origin }) => origin)).toEqual(['https://pins.example']);
  });
});

/** A body that breaks off after `start`. */
function broken(start: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
    pull: (controller) =>
      controller.error(
        new TypeError('terminated', {
          cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
        }),
      ),
  });
}

/** A body that stops after `start` and never ends. */
function stalled(start: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(start)) });
}

describe('how long it takes', () => {
  const forever: Answer = () => new Promise(() => {});

  it.each<[string, Answer]>([
    ['a fetch that ignores its signal', forever],
    ['a body that stalls', () => new Response(stalled('{"id":3'), { status: 201 })],
  ])('gives up %s at the time limit', async (_name, answer) => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const { client } = createClientWith({ clock, requestTimeoutMs: 2000 }, answer);
    const fault = errorIn(client.getPin());
    let isOver = false;
    void fault.then(() => {
      isOver = true;
    });
    await advance(1999);
    expect(isOver).toBe(false);
    await advance(1);
    expect(isOver).toBe(true);
    expect(await fault).toMatchObject({ code: 'PLEX_TIMEOUT', retryable: true, atMs: startMs + 2000 });
    expect((await fault).message).toContain('2000 ms');
  });

  it.each(['hang', 'stalled'] as const)('aborts what is out at the time limit: %s', async (type) => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
    const fault = errorIn(client.getPin());
    await time.advance(15_000);
    expect(await fault).toHaveProperty('code', 'PLEX_TIMEOUT');
    expect(emulator.pending).toBe(0);
    expect(time.timers).toBe(0);
  });

  it('gives 15 seconds unless told otherwise, and leaves no timer behind an answer', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, forever, () => json(201, goodPin));
    const fault = errorIn(client.getPin());
    await time.advance(15_000);
    expect(await fault).toHaveProperty('code', 'PLEX_TIMEOUT');
    await client.getPin();
    expect(time.timers).toBe(0);
  });

  it('says when an answer came and how long it took', async () => {
    const { clock, advance } = createVirtualTime();
    const startMs = clock.now();
    const emulator = createPlexEmulator({ clock });
    const client = createPlexClient({ clientIdentifier: 'tv', clock, fetch: emulator.fetch });
    const { pinID } = await client.getPin();
    emulator.fault({ type: 'slow', delayMs: 700 });
    const reading = client.getToken({ pinID });
    await advance(700);
    expect(await reading).toEqual({
      status: 'pending',
      atMs: startMs + 700,
      tookMs: 700,
      expiresInMs: 899_000,
    });
  });
});

describe('an abort', () => {
  it.each<[string, (client: PlexClient, signal: AbortSignal) => Promise<unknown>]>([
    ['getPin', (client, signal) => client.getPin({ signal })],
    ['getToken', (client, signal) => client.getToken({ pinID: 7, signal })],
    ['getUser', (client, signal) => client.getUser({ token: 'x', signal })],
    ['signOut', (client, signal) => client.signOut({ token: 'x', signal })],
    ['linkPin', (client, signal) => client.linkPin({ token: 'x', code: 'ABCD', signal })],
    ['ping', (client, signal) => client.ping({ signal })],
  ])('rejects %s with the reason of the signal, and leaves nothing behind', async (_name, call) => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type: 'hang' });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
    const abort = new AbortController();
    const outcome = call(client, abort.signal).catch((error: unknown) => error);
    await time.advance(100);
    expect(emulator.pending).toBe(1);
    const reason = { why: 'the page was closed' };
    abort.abort(reason);
    expect(await outcome).toBe(reason);
    expect(emulator.pending).toBe(0);
    expect(time.timers).toBe(0);
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    expect(emulator.requests).toHaveLength(1);
  });

  it('breaks a body that is being read', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type: 'stalled' });
    const client = createPlexClient({ clientIdentifier: 'tv', clock: time.clock, fetch: emulator.fetch });
    const abort = new AbortController();
    const outcome = client.getPin({ signal: abort.signal }).catch((error: unknown) => error);
    await time.advance(100);
    abort.abort('enough');
    expect(await outcome).toBe('enough');
    expect(time.timers).toBe(0);
  });

  it('asks nothing with a signal that is aborted already', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    await expect(client.getPin({ signal: AbortSignal.abort('too late') })).rejects.toBe('too late');
    expect(emulator.requests).toEqual([]);
  });

  it('leaves no listener on a signal whose request was answered or failed', async () => {
    const { signal } = new AbortController();
    const { client } = createClient(
      () => json(201, goodPin),
      () => refused(500, undefined),
      unreachable,
    );
    await client.getPin({ signal });
    await errorIn(client.getPin({ signal }));
    await errorIn(client.getPin({ signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that comes when the answer is in does not drop the token', async () => {
    const abort = new AbortController();
    const { client } = createClient(() => {
      queueMicrotask(() => abort.abort());
      return json(200, { ...goodPin, authToken: 'canary' });
    });
    const reading = await client.getToken({ pinID: 7, signal: abort.signal });
    expect(reading).toHaveProperty('status', 'claimed');
  });
});

describe('a PIN', () => {
  it('is read from one good reply', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, () => json(201, goodPin));
    expect(await client.getPin()).toEqual({
      pinID: 308667304,
      code: '7RQZ',
      clientIdentifier: 'tv',
      atMs: time.clock.now(),
      expiresInMs: 876_000,
      qrURL: 'https://plex.tv/api/v2/pins/qr/7RQZ',
    });
    expect(await client.getToken({ pinID: 308667304 })).toEqual({
      status: 'pending',
      atMs: time.clock.now(),
      tookMs: 0,
      expiresInMs: 876_000,
    });
  });

  const wrong: [field: string, value: unknown][] = [
    ['id', undefined],
    ['id', null],
    ['id', '308667304'],
    ['id', 0],
    ['id', -1],
    ['id', 1.5],
    ['id', 2 ** 53],
    ['code', undefined],
    ['code', null],
    ['code', ''],
    ['code', 4711],
    ['expiresIn', undefined],
    ['expiresIn', null],
    ['expiresIn', '876'],
    ['expiresIn', -1],
    ['authToken', 4711],
    ['authToken', true],
    ['authToken', { token: 'canary-value' }],
    ['clientIdentifier', 4711],
    ['clientIdentifier', { canary: 'canary-value' }],
  ];

  describe.each<[string, (client: PlexClient) => Promise<unknown>]>([
    ['getPin', getPin],
    ['getToken', getToken],
  ])('in the answer to %s', (operation, call) => {
    it.each(wrong)('is refused where only %s is %j', async (field, value) => {
      const { client } = createClient(() => json(200, { ...goodPin, [field]: value }));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', status: 200, retryable: true });
      expect(fault.message).toMatch(new RegExp(`${operation}.*\\b${field}\\b`));
      expect(inspect(fault)).not.toContain('canary-value');
      if (value) expect(fault.message).not.toContain(String(value));
    });

    it.each<[string, unknown]>([
      ['an array', [goodPin]],
      ['null', null],
      ['a text', 'pin'],
      ['a number', 7],
      ['an empty object', {}],
    ])('is refused where the answer is %s', async (_name, body) => {
      const { client } = createClient(() => json(200, body));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
    });

    it.each<[string, object]>([
      ['a postal code that is a number', { location: { ...goodPin.location, postal_code: 4814 } }],
      ['newRegistration true', { newRegistration: true }],
      ['newRegistration false', { newRegistration: false }],
      [
        'times with milliseconds',
        { createdAt: '2024-07-16T17:03:05.123Z', expiresAt: '2024-07-16T17:18:05.123Z' },
      ],
      ['times that are numbers', { createdAt: 1, expiresAt: 2 }],
      ['a product that is a number', { product: 0 }],
      ['trusted as a number', { trusted: 0 }],
      ['a location that is null', { location: null }],
      ['a QR address that is null', { qr: null }],
      ['fields that nobody knows', { jwk: { kty: 'OKP' }, next: [1] }],
    ])('is taken with %s', async (_name, more) => {
      const { client } = createClient(() => json(200, { ...goodPin, ...more }));
      await expect(call(client)).resolves.toBeTypeOf('object');
    });

    it.each([
      'location',
      'product',
      'trusted',
      'qr',
      'createdAt',
      'expiresAt',
      'newRegistration',
      'authToken',
    ])('is taken without %s', async (field) => {
      const { client } = createClient(() => json(200, without(goodPin, field)));
      await expect(call(client)).resolves.toBeTypeOf('object');
    });

    it.each<[kind: string, answer: () => Response]>([
      [
        'XML',
        () => text(200, '<?xml version="1.0"?><pin id="3" code="7RQZ" authToken=""/>', 'application/xml'),
      ],
      ['XML', () => text(200, '<pin id="3" code="7RQZ"/>', 'application/json')],
      ['HTML', () => text(200, page, 'text/html')],
      ['HTML', () => text(200, page, 'application/json')],
      ['nothing', () => new Response(null, { status: 200 })],
      ['nothing', () => new Response(null, { status: 204 })],
      ['no JSON', () => text(200, '{"id":308667304,"code":"7R', 'application/json')],
      ['no JSON', () => text(200, 'OK', 'text/plain')],
    ])('is refused as %s', async (kind, answer) => {
      const { client } = createClient(answer);
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
      expect(fault.message).toContain(operation);
      expect(fault.message).toContain(kind);
      expect(fault.message).not.toContain('7R');
    });

    it('is a network fault where the connection breaks half-way', async () => {
      const { client } = createClient(() => new Response(broken('{"id":3'), { status: 200 }));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_NETWORK', retryable: true, status: 200 });
      expect(fault.cause).toMatchObject({ code: 'UND_ERR_SOCKET' });
    });

    it('is not read beyond a million characters', async () => {
      let sent = 0;
      let isCancelled = false;
      const chunk = new TextEncoder().encode(' '.repeat(100_000));
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += chunk.length;
          controller.enqueue(chunk);
        },
        cancel() {
          isCancelled = true;
        },
      });
      const { client } = createClient(
        () => new Response(body, { headers: { 'Content-Type': 'application/json' } }),
      );
      expect(await errorIn(call(client))).toMatchObject({
        code: 'PLEX_BAD_REPLY',
        message: expect.stringContaining('with over 1 MB'),
        retryable: true,
      });
      expect(isCancelled).toBe(true);
      expect(sent).toBeLessThan(2_000_000);
    });
  });

  it('has no QR address where Plex gave none that can be opened', async () => {
    for (const qr of [undefined, null, '', 7, 'javascript:alert(1)', '/qr/7RQZ']) {
      const { client } = createClient(() => json(201, { ...goodPin, qr }));
      expect((await client.getPin()).qrURL).toBeUndefined();
    }
  });

  it('never lives longer than a day', async () => {
    const { client } = createClient(() => json(201, { ...goodPin, expiresIn: 1e12 }));
    expect(await client.getPin()).toHaveProperty('expiresInMs', 86_400_000);
  });

  it.each([
    ['null', { ...goodPin, authToken: null }],
    ['missing', without(goodPin, 'authToken')],
    ['empty', { ...goodPin, authToken: '' }],
  ])('is pending where authToken is %s', async (_name, body) => {
    const { client } = createClient(() => json(200, body));
    expect(await client.getToken({ pinID: 7 })).toMatchObject({ status: 'pending', expiresInMs: 876_000 });
  });

  it('is claimed where authToken is there, as a secret', async () => {
    const { client } = createClient(() => json(200, { ...goodPin, authToken: 'canary', expiresIn: 0 }));
    const reading = await client.getToken({ pinID: 7 });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    expect(reading.token.reveal()).toBe('canary');
    expect(`${inspect(reading, { depth: 20, showHidden: true })}${JSON.stringify(reading)}`).not.toContain(
      'canary',
    );
  });
});

describe('an error status', () => {
  type Row = [status: number, plexCode: number | undefined, code: string, retryable: boolean];
  const rows: Row[] = [
    [400, 1000, 'PLEX_HTTP', false],
    [400, 1004, 'PLEX_HTTP', false],
    [401, 1001, 'PLEX_HTTP', false],
    [403, 1068, 'PLEX_CLIENT_MISMATCH', false],
    [403, undefined, 'PLEX_HTTP', false],
    [408, undefined, 'PLEX_HTTP', true],
    [422, undefined, 'PLEX_HTTP', false],
    [425, undefined, 'PLEX_HTTP', true],
    [429, 1003, 'PLEX_RATE_LIMITED', true],
    [500, undefined, 'PLEX_HTTP', true],
    [502, undefined, 'PLEX_HTTP', true],
    [503, undefined, 'PLEX_HTTP', true],
  ];

  describe.each<[string, (client: PlexClient) => Promise<unknown>]>([
    ['getPin', getPin],
    ['getToken', getToken],
  ])('of %s', (operation, call) => {
    it.each(rows)('%i with code %s is %s, retryable: %s', async (status, plexCode, code, retryable) => {
      const { client } = createClient(() => refused(status, plexCode));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code, status, retryable });
      expect(fault.plexCode).toBe(plexCode);
      if (code !== 'PLEX_CLIENT_MISMATCH')
        expect(fault.message).toContain(`${operation} with status ${status}`);
    });

    it.each([400, 401, 403, 404, 500, 502, 503, 511])('%i as a web page may pass', async (status) => {
      const { client } = createClient(() => text(status, page, 'text/html'));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_HTTP', status, retryable: true });
    });

    it('reads the code in an envelope of XML', async () => {
      const xml = '<errors><error code="1068" message="not available" status="403"/></errors>';
      const { client } = createClient(() => text(403, xml, 'application/xml'));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_CLIENT_MISMATCH', plexCode: 1068 });
    });

    it.each<[string, unknown]>([
      ['no entry', { errors: [] }],
      ['no list', { errors: 'no' }],
      ['a null entry', { errors: [null] }],
      ['a code that is a text', { errors: [{ code: '1003' }] }],
      ['null', null],
    ])('takes an envelope with %s', async (_name, body) => {
      const { client } = createClient(() => json(500, body));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_HTTP', status: 500 });
      expect(fault.plexCode).toBeUndefined();
    });
  });

  it('404 with code 1020 is a value of getToken: the PIN is gone', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, () => refused(404, 1020));
    expect(await client.getToken({ pinID: 7 })).toMatchObject({
      status: 'gone',
      atMs: time.clock.now(),
      error: { code: 'PLEX_CLIENT_MISMATCH', status: 404, plexCode: 1020, retryable: false },
    });
  });

  it('404 without a status in its envelope means gone as well', async () => {
    const { client } = createClient(() =>
      json(404, { errors: [{ code: 1020, message: 'Code not found or expired' }] }),
    );
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
  });

  it('404 in XML means gone as well', async () => {
    const xml = '<errors><error code="1020" message="Code not found or expired" status="404"/></errors>';
    const { client } = createClient(() => text(404, xml, 'application/xml'));
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
  });

  describe('429', () => {
    const startMs = Date.UTC(2026, 0, 1);
    const date = (ms: number) => new Date(ms).toUTCString();
    it.each<[string, Record<string, string>, number | undefined]>([
      ['seconds', { 'Retry-After': '30' }, 30_000],
      ['a date', { 'Retry-After': date(startMs + 30_000) }, 30_000],
      [
        'a date, by a server an hour ahead',
        { 'Retry-After': date(startMs + 3_630_000), Date: date(startMs + 3_600_000) },
        30_000,
      ],
      [
        'a date, by a server an hour behind',
        { 'Retry-After': date(startMs - 3_570_000), Date: date(startMs - 3_600_000) },
        30_000,
      ],
      ['a date that has passed', { 'Retry-After': date(startMs - 1000) }, undefined],
      ['nonsense', { 'Retry-After': 'soon' }, undefined],
      ['nothing', { 'Retry-After': '' }, undefined],
      ['less than nothing', { 'Retry-After': '-5' }, undefined],
      ['0', { 'Retry-After': '0' }, undefined],
      ['no header', {}, undefined],
    ])('asks to wait by %s', async (_name, headers, retryAfterMs) => {
      const { clock } = createVirtualTime(startMs);
      const { client } = createClientWith({ clock }, () => refused(429, 1003, headers));
      const fault = await errorIn(client.getToken({ pinID: 7 }));
      expect(fault).toMatchObject({
        code: 'PLEX_RATE_LIMITED',
        status: 429,
        plexCode: 1003,
        retryable: true,
      });
      expect(fault.retryAfterMs).toBe(retryAfterMs);
    });

    it('of the emulator, whose clock is an hour ahead, asks to wait 30 s', async () => {
      const { clock } = createVirtualTime();
      const emulator = createPlexEmulator({ clock });
      emulator.fault({ type: 'clockOffset', offsetMs: 3_600_000 });
      emulator.fault({ type: 'rateLimited', retryAfter: new Date(clock.now() + 3_630_000) });
      const client = createPlexClient({ clientIdentifier: 'tv', clock, fetch: emulator.fetch });
      expect(await errorIn(client.getPin())).toHaveProperty('retryAfterMs', 30_000);
    });
  });

  it('503 may ask to wait, too', async () => {
    const { client } = createClient(() => refused(503, undefined, { 'Retry-After': '7' }));
    expect(await errorIn(client.getPin())).toMatchObject({
      code: 'PLEX_HTTP',
      retryAfterMs: 7000,
      retryable: true,
    });
  });
});

describe('what an error shows', () => {
  const token = 'canary-token';
  const code = 'canary-code';
  const options = { clientIdentifier: 'tv', product: 'Sofa 🛋️', device: { deviceName: 'canary-name é' } };

  /** Throws what HTTP libraries throw: an error with the request in it, headers, address and all. */
  const tellAll: Answer = (asked) => {
    const words = `request to ${asked.origin}${asked.path} failed, X-Plex-Token: ${asked.headers['x-plex-token'] ?? ''}`;
    const error = Object.assign(new TypeError(words), {
      code: 'ECONNRESET',
      config: asked,
      request: { ...asked, url: `?X-Plex-Token=${token}` },
      response: { headers: asked.headers },
    });
    throw error;
  };

  it.each<[string, Answer]>([
    ['a fetch that puts its request into what it throws', tellAll],
    [
      'a fetch that does so in the cause',
      (asked, signal) => {
        try {
          return tellAll(asked, signal);
        } catch (cause) {
          throw new TypeError('fetch failed', { cause });
        }
      },
    ],
    [
      'an envelope that repeats the request',
      () => json(400, { errors: [{ code: 1004, message: `bad ${code} ${token}`, status: 400 }] }),
    ],
    ['a page that repeats it', () => text(500, `<html>${token} ${code}</html>`, 'text/html')],
    ['JSON that repeats it', () => json(200, { id: `${token} ${code}`, code, authToken: [token] })],
    ['a text that repeats it', () => text(200, `${token} ${code}`, 'text/plain')],
    ['a body that breaks off', () => new Response(broken(`{"authToken":"${token}","code":"${code}`))],
  ])('is no secret and no query: %s', async (_name, answer) => {
    const { client } = createClientWith(options, answer);
    const faults = await Promise.all([
      errorIn(client.getPin()),
      errorIn(client.getToken({ pinID: 7 })),
      errorIn(client.getUser({ token })),
    ]);
    for (const fault of faults) {
      const shown = [
        fault.message,
        fault.stack,
        inspect(fault, { depth: 20, showHidden: true }),
        JSON.stringify(fault),
        JSON.stringify(fault.cause),
      ].join('\n');
      expect(shown).not.toContain(token);
      expect(shown).not.toContain(code);
      expect(shown).not.toContain('canary-name');
      expect(fault.message).not.toMatch(/[?&]|X-Plex/);
    }
  });

  it('keeps of a cause its name and code', async () => {
    const { client } = createClient(tellAll);
    const fault = await errorIn(client.getPin());
    expect(Object.keys(fault.cause as object).sort()).toEqual(['code', 'name']);
    expect(fault.cause).toMatchObject({ name: 'TypeError', code: 'ECONNRESET' });
  });

  it.each<[string, unknown]>([
    ['a text', 'boom'],
    ['nothing', undefined],
    ['null', null],
    ['an object', { boom: true }],
  ])('has a name even where the fetch throws %s', async (_name, thrown) => {
    const { client } = createClient(() => {
      throw thrown;
    });
    expect(await errorIn(client.getPin())).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
  });

  it('is no token that no header can carry', async () => {
    const { client, asked } = createClient();
    const outcome = await client.getUser({ token: 'canary\ntoken' }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(Error);
    expect(inspect(outcome, { depth: 20, showHidden: true })).not.toContain('canary');
    expect(asked).toEqual([]);
  });
});

describe('getUser', () => {
  const ask = (answer: Answer) => createClient(answer).client.getUser({ token: 'x' });

  it('reads the account of a valid token', async () => {
    const outcome = await ask(() =>
      json(200, {
        ...goodUser,
        authToken: 'canary',
        roles: [],
        subscription: { active: true, plan: 'lifetime' },
      }),
    );
    expect(outcome).toMatchObject({
      status: 'valid',
      user: { ...goodUser, subscription: { active: true, plan: 'lifetime' } },
    });
    expect(inspect(outcome, { depth: 20 })).not.toContain('canary');
  });

  it('reads an account of which Plex says next to nothing', async () => {
    const nothing = {
      username: null,
      title: null,
      email: null,
      friendlyName: null,
      thumb: null,
      subscription: null,
    };
    for (const user of [
      { id: 1, uuid: '6c1f' },
      { id: 1, uuid: '6c1f', ...nothing },
    ]) {
      const outcome = await ask(() => json(200, user));
      expect(outcome).toMatchObject({
        status: 'valid',
        user: { id: 1, uuid: '6c1f', username: '', email: '' },
      });
    }
  });

  it('reads an account whose fields have drifted, all but the id', async () => {
    const drifted = { id: '7', username: 5, thumb: false, subscription: { active: '1', plan: null } };
    expect(await ask(() => json(200, drifted))).toMatchObject({
      status: 'valid',
      user: { id: 7, username: '', thumb: '', subscription: { active: false, plan: '' } },
    });
  });

  it.each([401, 422, 498])('says that a token is rejected by %i', async (status) => {
    expect(await ask(() => refused(status, status === 401 ? 1001 : undefined))).toEqual({
      status: 'rejected',
    });
  });

  it('says so in XML as well', async () => {
    const xml =
      '<errors><error code="1001" message="User could not be authenticated" status="401"/></errors>';
    expect(await ask(() => text(401, xml, 'application/xml'))).toEqual({ status: 'rejected' });
  });

  it.each<[string, Answer, string]>([
    ['a 401 of some proxy in HTML', () => text(401, page, 'text/html'), 'PLEX_HTTP'],
    ['a 403 of some proxy', () => text(403, page, 'text/html'), 'PLEX_HTTP'],
    ['403 with code 1068', () => refused(403, 1068), 'PLEX_CLIENT_MISMATCH'],
    ['400 with code 1000', () => refused(400, 1000), 'PLEX_HTTP'],
    ['404', () => refused(404, undefined), 'PLEX_HTTP'],
    ['429', () => refused(429, 1003), 'PLEX_RATE_LIMITED'],
    ['500', () => refused(500, undefined), 'PLEX_HTTP'],
    ['503', () => refused(503, undefined), 'PLEX_HTTP'],
    ['no answer', unreachable, 'PLEX_NETWORK'],
    ['a login wall', () => text(200, page, 'text/html'), 'PLEX_BAD_REPLY'],
    ['XML', () => text(200, '<user id="1"/>', 'application/xml'), 'PLEX_BAD_REPLY'],
    ['an account without an id', () => json(200, without(goodUser, 'id')), 'PLEX_BAD_REPLY'],
  ])('says nothing about the token after %s', async (_name, answer, code) => {
    expect(await errorIn(ask(answer))).toHaveProperty('code', code);
  });
});

describe('signOut, linkPin and ping', () => {
  type Call = (client: PlexClient) => Promise<{ status: string }>;
  const signOut: Call = (client) => client.signOut({ token: 'x' });
  const linkPin: Call = (client) => client.linkPin({ token: 'x', code: 'ABCD' });
  const ping: Call = (client) => client.ping({ token: 'x' });
  const empty: Answer = () => new Response(null, { status: 204 });

  it.each<[string, string, string, Call, Answer]>([
    ['signOut', 'signedOut', '204', signOut, empty],
    ['signOut', 'rejected', '401', signOut, () => refused(401, 1001)],
    ['signOut', 'rejected', '498', signOut, () => refused(498, undefined)],
    ['linkPin', 'linked', '204', linkPin, empty],
    ['linkPin', 'gone', '404 with code 1020', linkPin, () => refused(404, 1020)],
    ['linkPin', 'rejected', '401', linkPin, () => refused(401, 1001)],
    ['ping', 'pong', '200', ping, () => json(200, { pong: true })],
    ['ping', 'rejected', '401', ping, () => refused(401, 1001)],
    ['ping', 'rejected', '422', ping, () => refused(422, undefined)],
  ])('%s answers %s after %s', async (_name, status, _answered, call, answer) => {
    expect(await call(createClient(answer).client)).toEqual({ status });
  });

  describe.each<[string, Call]>([
    ['signOut', signOut],
    ['linkPin', linkPin],
    ['ping', ping],
  ])('%s', (operation, call) => {
    it.each<[string, Answer, string]>([
      ['400', () => refused(400, 1004), 'PLEX_HTTP'],
      ['403 with code 1068', () => refused(403, 1068), 'PLEX_CLIENT_MISMATCH'],
      ['429', () => refused(429, 1003), 'PLEX_RATE_LIMITED'],
      ['500', () => refused(500, undefined), 'PLEX_HTTP'],
      ['a 401 in HTML', () => text(401, page, 'text/html'), 'PLEX_HTTP'],
      ['a 404 in HTML', () => text(404, page, 'text/html'), 'PLEX_HTTP'],
      ['no answer', unreachable, 'PLEX_NETWORK'],
    ])('throws after %s', async (_name, answer, code) => {
      const fault = await errorIn(call(createClient(answer).client));
      expect(fault).toHaveProperty('code', code);
      expect(fault.message).not.toContain('ABCD');
    });

    it('takes the page of a login wall for no answer of Plex', async () => {
      const fault = await errorIn(call(createClient(() => text(200, page, 'text/html')).client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
      expect(fault.message).toContain(operation);
    });
  });
});

describe('against the emulator', () => {
  it('walks from the PIN to the account and out again', async () => {
    const { clock } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const client = createPlexClient({
      clientIdentifier: 'tv',
      product: 'Living Room',
      clock,
      fetch: emulator.fetch,
    });
    const { pinID, code, expiresInMs } = await client.getPin({ strong: true });
    expect([code.length, expiresInMs]).toEqual([25, 1_800_000]);
    expect(await client.getToken({ pinID })).toHaveProperty('status', 'pending');
    expect(await client.linkPin({ code, token: emulator.accountToken })).toEqual({ status: 'linked' });
    const reading = await client.getToken({ pinID });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    const { token } = reading;
    expect(await client.getUser({ token })).toMatchObject({
      status: 'valid',
      user: { username: 'emulated' },
    });
    expect(await client.ping({ token })).toEqual({ status: 'pong' });
    expect(await client.signOut({ token })).toEqual({ status: 'signedOut' });
    expect(await client.getUser({ token })).toEqual({ status: 'rejected' });
    expect(await client.signOut({ token })).toEqual({ status: 'rejected' });
    expect(emulator.requests.every(({ clientIdentifier }) => clientIdentifier === 'tv')).toBe(true);
  });

  it('gets four characters for 15 minutes unless it asks for a strong code', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    expect(await client.getPin()).toMatchObject({
      code: expect.stringMatching(/^[A-Z0-9]{4}$/),
      expiresInMs: 900_000,
    });
  });

  it('finds a PIN gone that another client made', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    const { pinID } = await client.getPin();
    expect(await client.getToken({ pinID, clientIdentifier: 'tablet' })).toHaveProperty('status', 'gone');
  });

  it.each([
    ['status', { type: 'status', status: 500 }, 'PLEX_HTTP'],
    ['reset', { type: 'reset' }, 'PLEX_NETWORK'],
    ['truncated', { type: 'truncated' }, 'PLEX_NETWORK'],
    ['html', { type: 'html' }, 'PLEX_BAD_REPLY'],
    ['html 503', { type: 'html', status: 503 }, 'PLEX_HTTP'],
    ['xml', { type: 'xml' }, 'PLEX_BAD_REPLY'],
    ['rateLimited', { type: 'rateLimited', retryAfter: 5 }, 'PLEX_RATE_LIMITED'],
  ] as const)('names the fault %s', async (_name, fault, code) => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    emulator.fault(fault, { times: 2 });
    expect(await errorIn(client.getPin())).toMatchObject({ code, retryable: true });
  });
});

describe('misuse', () => {
  const bad: [option: string, options: Record<string, unknown>][] = [
    ['product', { product: '' }],
    ['product', { product: 7 }],
    ['clientIdentifier', { clientIdentifier: '' }],
    ['clientIdentifier', { clientIdentifier: 7 }],
    ['clientIdentifier', { clientIdentifier: 'Küche' }],
    ['clientIdentifier', { clientIdentifier: 'two\nlines' }],
    ['device', { device: 'tv' }],
    ['device', { device: 7 }],
    ['device.colour', { device: { colour: 'red' } }],
    ['device.deviceName', { device: { deviceName: '' } }],
    ['device.version', { device: { version: 7 } }],
    ['serverURL', { serverURL: '' }],
    ['serverURL', { serverURL: 'plex.tv' }],
    ['serverURL', { serverURL: 'ftp://plex.tv' }],
    ['serverURL', { serverURL: 'http://plex.lan:32400' }],
    ['allowInsecureRequests', { serverURL: 'http://plex.lan:32400', allowInsecureRequests: 'yes' }],
    ['serverURL', { serverURL: new URL('https://plex.tv') }],
    ['forwardURL', { forwardURL: 'app://done' }],
    ['forwardURL', { forwardURL: 'javascript:alert(1)' }],
    ['fetch', { fetch: 'fetch' }],
    ['clock', { clock: {} }],
    ['clock', { clock: { now: () => 0 } }],
    ['requestTimeoutMs', { requestTimeoutMs: 0 }],
    ['requestTimeoutMs', { requestTimeoutMs: -1 }],
    ['requestTimeoutMs', { requestTimeoutMs: Number.NaN }],
    ['requestTimeoutMs', { requestTimeoutMs: Number.POSITIVE_INFINITY }],
    ['requestTimeoutMs', { requestTimeoutMs: 2 ** 31 }],
    ['requestTimeoutMs', { requestTimeoutMs: '15000' }],
  ];

  it.each(bad)('of %s is a TypeError that names it: %j', (option, options) => {
    const make = () => createPlexClient(options as PlexClientOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(option);
  });

  it.each<[string, (client: PlexClient) => Promise<unknown>]>([
    ['serverURL', (client) => client.getPin({ serverURL: 'plex.tv' })],
    ['serverURL', (client) => client.getPin({ serverURL: 'http://plex.lan:32400' })],
    ['clientIdentifier', (client) => client.getPin({ clientIdentifier: 'Küche' })],
    ['clientIdentifier', (client) => client.getToken({ pinID: 7, clientIdentifier: '' })],
    ['pinID', (client) => client.getToken({ pinID: 0 })],
    ['pinID', (client) => client.getToken({ pinID: 1.5 })],
    ['pinID', (client) => client.getToken({ pinID: Number.NaN })],
    ['pinID', (client) => client.getToken({ pinID: '7/../8' as unknown as number })],
  ])('of %s at a call is a TypeError that names it, and asks nothing', async (option, call) => {
    const { client, asked } = createClient();
    const outcome = await call(client).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TypeError);
    expect(String(outcome)).toContain(option);
    expect(asked).toEqual([]);
  });

  it.each([
    'http://localhost:1',
    'http://emulator.localhost:1',
    'http://127.0.0.2:1',
    'http://[::1]:1',
    'https://plex.lan',
  ])('is not a server that nobody on the way can listen to: %s', async (serverURL) => {
    const { client, asked } = createClientWith({ serverURL }, () => json(201, goodPin));
    await client.getPin();
    expect(asked).toHaveLength(1);
  });

  it('is not plain http where it is asked for, at the client or at a call', async () => {
    const serverURL = 'http://plex.lan:32400';
    const options = { allowInsecureRequests: true, serverURL };
    const { client, asked } = createClientWith(options, () => json(201, goodPin));
    await client.getPin();
    await client.getPin({ serverURL: 'http://other.lan' });
    expect(asked.map(({ origin }) => origin)).toEqual([serverURL, 'http://other.lan']);
  });

  it('is a client that is never told who it is', async () => {
    const { fetch, asked } = createRecorder();
    const outcome = await createPlexClient({ fetch })
      .getPin()
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(TypeError);
    expect(String(outcome)).toContain('clientIdentifier');
    expect(asked).toEqual([]);
  });

  it('shows no value in its message', () => {
    const { message } = errorOf(() => createPlexClient({ serverURL: 'ftp://user:canary@plex.tv' }));
    expect(message).toContain('serverURL');
    expect(message).not.toContain('canary');
  });
});

function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown');
}

describe('a token in an answer that drifted', () => {
  it.each([
    ['without a life', { expiresIn: undefined }],
    ['with a life that is over', { expiresIn: -1 }],
    ['with no code', { code: null }],
    ['with a client identifier that is a number', { clientIdentifier: 7 }],
  ])('is taken all the same: %s', async (_name, drift) => {
    const answer = {
      id: 7,
      code: 'abcd',
      expiresIn: 800,
      clientIdentifier: 'tv',
      authToken: 'a-token',
      ...drift,
    };
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: async () => Response.json(answer) });
    expect(await client.getToken({ pinID: 7 })).toMatchObject({ status: 'claimed' });
  });
});

describe('a 404 that is not Plex speaking', () => {
  it.each(['404 page not found', '', '<html>Not found</html>'])('passes: %j', async (body) => {
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: async () => new Response(body, { status: 404 }),
    });
    await expect(client.getToken({ pinID: 7 })).rejects.toMatchObject({ code: 'PLEX_HTTP', retryable: true });
  });
});

describe('what a call needs', () => {
  const client = createPlexClient({
    clientIdentifier: 'tv',
    fetch: async () => new Response(null, { status: 204 }),
  });

  it.each([
    ['code', () => client.linkPin({ code: '', token: 'a-token' })],
    ['token', () => client.linkPin({ code: '7RQZ', token: '' })],
    ['token', () => client.getUser({ token: 'two\nlines' })],
    ['token', () => client.signOut({ token: undefined as unknown as string })],
  ])('is named where it is missing: %s', async (name, call) => {
    await expect(call()).rejects.toThrow(new RegExp(`TypeError|${name} must be`));
    await expect(call()).rejects.toBeInstanceOf(TypeError);
  });
});
