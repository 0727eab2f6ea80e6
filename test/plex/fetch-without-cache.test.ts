import { describe, expect, it } from 'vitest';
import { createPlexClient, type Fetch, type PlexClient } from '../../src/plex/client.ts';
import { errorIn, goodPin, json } from './answering-client.ts';

function createClientOf(answer: (cache: RequestCache | undefined) => Response): {
  client: PlexClient;
  caches: (RequestCache | undefined)[];
} {
  const caches: (RequestCache | undefined)[] = [];
  const fetch: Fetch = async (_url, init) => {
    caches.push(init?.cache);
    return answer(init?.cache);
  };
  return { client: createPlexClient({ clientIdentifier: 'tv', fetch }), caches };
}

/** Issue 11: a token must not lie in a browser's cache, and a stored "not yet" must not answer for ever. */
describe('the cache of a browser', () => {
  it('is told to store nothing, by each call', async () => {
    const { client, caches } = createClientOf(() => json(200, goodPin));
    await client.getPin();
    await client.getToken({ pinID: 7 });
    await client.getUser({ token: 'x' });
    await client.signOut({ token: 'x' });
    await client.linkPin({ token: 'x', code: 'ABCD' });
    await client.ping();
    expect(caches).toEqual(Array(6).fill('no-store'));
  });

  it.each([
    "The 'cache' field on 'RequestInitializerDict' is not implemented.",
    'The cache field on RequestInitializerDict is not implemented in fetch',
    'Unsupported cache mode: no-store',
    "Invalid option 'cache'",
    "'no-store' (value of 'cache' member of RequestInit) is not a valid value for enumeration RequestCache.",
  ])('is not mentioned again to a host that refuses it: %s', async (message) => {
    const { client, caches } = createClientOf((cache) => {
      if (cache) throw new Error(message);
      return json(201, goodPin);
    });
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(caches).toEqual(['no-store', undefined, undefined]);
  });

  it('is mentioned again where the network failed as well', async () => {
    let isDown = true;
    const { client, caches } = createClientOf((cache) => {
      if (cache) throw new Error('Unsupported cache mode');
      if (isDown) throw new TypeError('fetch failed');
      return json(201, goodPin);
    });
    expect(await errorIn(client.getPin({ serverURL: 'https://pins.example/v2' }))).toHaveProperty(
      'code',
      'PLEX_NETWORK',
    );
    isDown = false;
    await client.getPin();
    expect(caches).toEqual(['no-store', undefined, 'no-store', undefined]);
  });

  it.each([
    'fetch failed',
    'The cache server did not answer',
    'DNS cache: no such host',
    'net::ERR_CACHE_MISS',
    'Cannot write to the cache',
    'A response with Cache-Control: no-store broke off',
    'RequestInit: duplex option is required when sending a body.',
  ])('is no reason to repeat a request that failed for another: %s', async (message) => {
    const { client, caches } = createClientOf(() => {
      throw new TypeError(message);
    });
    await errorIn(client.getPin({ serverURL: 'https://pins.example/v2' }));
    await errorIn(client.getPin({ serverURL: 'https://pins.example/v2' }));
    expect(caches).toEqual(['no-store', 'no-store']);
  });
});
