import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexClient, type PlexClientOptions } from '../../src/plex/client.ts';
import { createClient, createClientWith, createRecorder, goodPin, json } from './answering-client.ts';

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
