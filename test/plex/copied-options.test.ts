import { afterEach, describe, expect, it } from 'vitest';
import {
  createAuthURL,
  createPlexClient,
  type PlexClient,
  type PlexClientOptions,
} from '../../src/plex/client.ts';
import { createPlexWire } from '../../src/plex/plex-wire.ts';
import { copyOptions } from '../../src/require-option.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { createClientWith, errorIn, goodPin, json, refused } from './answering-client.ts';

const calls: [string, (client: PlexClient) => Promise<unknown>][] = [
  ['getPin', (client) => client.getPin()],
  ['getPin with options', (client) => client.getPin({})],
  ['getToken', (client) => client.getToken({ pinID: 7 })],
  ['getUser', (client) => client.getUser({ token: 'x' })],
  ['signOut', (client) => client.signOut({ token: 'x' })],
  ['linkPin', (client) => client.linkPin({ token: 'x', code: 'ABCD' })],
  ['ping', (client) => client.ping()],
];

/** Issue 11: options that were kept by reference, or inherited, sent a token to another host. */
describe('the options of a client', () => {
  it('are copied: a later change does nothing', async () => {
    const asked: string[] = [];
    const device = { deviceName: 'Living room' };
    const options: PlexClientOptions = {
      clientIdentifier: 'tv',
      device,
      async fetch(url, init) {
        asked.push(new URL(`${url}`).origin, new Headers(init?.headers).get('X-Plex-Device-Name') ?? '');
        return json(200, goodPin);
      },
    };
    const client = createPlexClient(options);
    options.serverURL = 'http://evil.example';
    options.allowInsecureRequests = true;
    options.fetch = () => Promise.reject(new Error('another fetch'));
    device.deviceName = 'Kitchen';
    await client.getToken({ pinID: 7 });
    expect(asked).toEqual(['https://clients.plex.tv', 'Living room']);
  });

  it('are read once, whatever a getter says later', async () => {
    let reads = 0;
    const client = createPlexClient({
      get clientIdentifier() {
        reads += 1;
        return 'tv';
      },
      fetch: async () => json(200, goodPin),
    });
    await client.getToken({ pinID: 7 });
    await client.getToken({ pinID: 7 });
    expect(reads).toBe(1);
  });

  it.each([null, 7, 'text'])('are an object: %j', (options) => {
    expect(() => createPlexClient(options as never)).toThrow('plex-auth-flow: options must be an object');
  });
});

describe('what Object.prototype was given', () => {
  const planted: Record<string, unknown> = {
    serverURL: 'https://evil.example',
    fetch: () => Promise.reject(new Error('another fetch')),
    clock: { now: () => 0 },
    signal: AbortSignal.abort('planted'),
    token: 'planted',
    code: 'EVIL',
    strong: true,
    product: 'Evil',
    device: { deviceName: 'Evil' },
    version: 'evil',
    deviceName: 'Evil',
    forwardURL: 'https://evil.example',
    authAppURL: 'https://evil.example',
    requestTimeoutMs: -1,
    onLate: 'planted',
    headers: { 'X-Evil': '1' },
    query: { evil: '1' },
    params: { evil: '1' },
    form: { evil: '1' },
    baseURL: 'https://evil.example',
    authToken: 'planted',
    errors: [{ code: 1068 }],
    qr: 'https://evil.example',
  };
  function uproot(): void {
    for (const name of Object.keys(planted)) Reflect.deleteProperty(Object.prototype, name);
  }
  afterEach(uproot);

  function plant(): void {
    for (const [name, value] of Object.entries(planted)) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
    }
  }

  it.each(calls)('is not read by %s', async (_name, call) => {
    const { clock } = createVirtualTime();
    const asked: object[] = [];
    const answer = JSON.stringify(goodPin);
    const run = async () => {
      const client = createPlexClient({
        clientIdentifier: 'tv',
        clock,
        fetch: async (url, { headers, body } = {}) => {
          asked.push({ url: `${url}`, headers: [...new Headers(headers)], body: `${body}` });
          return new Response(answer, { headers: [] });
        },
      });
      return call(client);
    };
    const expected = await run();
    plant();
    const outcome = await run();
    uproot();
    expect(outcome).toEqual(expected);
    expect(asked[1]).toEqual(asked[0]);
  });

  it('is no token and no error code in an answer that lacks them', async () => {
    const { authToken: _token, ...answer } = goodPin;
    const { client } = createClientWith(
      {},
      () => json(200, answer),
      () => refused(403, undefined),
    );
    plant();
    const reading = await client.getToken({ pinID: 7 });
    const error = await errorIn(client.getToken({ pinID: 7 }));
    uproot();
    expect(reading).toHaveProperty('status', 'pending');
    expect(error).toHaveProperty('code', 'PLEX_HTTP');
  });

  it('is in no address of a page', () => {
    const identity = { clientIdentifier: 'tv', code: 'ABCD' };
    const expected = createAuthURL(identity);
    const pin = { ...identity, pinID: 7, atMs: 0, expiresInMs: 1 };
    plant();
    const authURL = createAuthURL(identity);
    const links = createPlexWire(copyOptions({ product: 'My App' })).linksOf(pin);
    uproot();
    expect(authURL).toBe(expected);
    expect(JSON.stringify(links)).not.toMatch(/evil/i);
  });
});

it.each([
  'onRequest',
  'onRequestError',
  'onResponse',
  'onResponseError',
  'parseResponse',
  'baseURL',
  'params',
  'timeout',
])('what %s of every object says is not read on the way to Plex', async (name) => {
  const seen: unknown[] = [];
  const planted = (value: unknown) => seen.push(value);
  Object.defineProperty(Object.prototype, name, { value: planted, configurable: true });
  try {
    const urls: string[] = [];
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: async (url) => {
        urls.push(String(url));
        return Response.json({ id: 7, username: 'ada' });
      },
    });
    expect(await client.getUser({ token: 'canary' })).toMatchObject({ status: 'valid' });
    expect([urls, seen]).toEqual([['https://clients.plex.tv/api/v2/user'], []]);
  } finally {
    delete (Object.prototype as Record<string, unknown>)[name];
  }
});
