/** What a redirect carries, and where to. The same over real sockets: `process/redirects.test.ts`. */
import { describe, expect, it } from 'vitest';
import { PlexAuthError } from '../../../src/index.ts';
import { createPlexClient, type PlexClient } from '../../../src/plex/client.ts';
import { createRedirectingFetch, type Seen } from './redirecting-fetch.ts';
import { tracesOf } from './traces.ts';

const token = 'tok-canary-5Qz81xWv';
const clientIdentifier = 'client-canary-77aa';
const code = 'code-canary-9k2m4p';
const first = 'https://clients.plex.tv';

/** Every operation that sends a token. */
const withToken: [string, (client: PlexClient) => Promise<unknown>][] = [
  ['getUser', (client) => client.getUser({ token })],
  ['getServers', (client) => client.getServers({ token })],
  ['hasAccess', (client) => client.hasAccess({ token, machineIdentifier: 'attic' })],
  ['signOut', (client) => client.signOut({ token })],
  ['linkPin', (client) => client.linkPin({ token, code })],
  ['ping', (client) => client.ping({ token })],
];
/** Those whose answer is what matters: a code that the user will approve, and the token itself. */
const withoutToken: [string, (client: PlexClient) => Promise<unknown>][] = [
  ['getPin', (client) => client.getPin({ strong: true })],
  ['getToken', (client) => client.getToken({ pinID: 7 })],
  ['ping', (client) => client.ping()],
];
const statuses = [301, 302, 303, 307, 308];
const locations: [string, string][] = [
  ['another host', 'https://elsewhere.example/api/v2/user'],
  ['another host, without a scheme', '//elsewhere.example/user'],
  ['a host that begins alike', 'https://clients.plex.tv.elsewhere.example/user'],
  ['the same host on plain http', 'http://clients.plex.tv/api/v2/user'],
  ['the same host on another port', 'https://clients.plex.tv:8443/api/v2/user'],
  ['another host, the token in the address as a template', 'https://elsewhere.example/?t={X-Plex-Token}'],
];

/** Anything that would do as an answer to any operation: what a thief would say. */
const thiefsAnswer = {
  id: 7,
  code: 'thiefs-code',
  expiresIn: 900,
  authToken: 'thiefs-token-for-you',
  username: 'thief',
  pong: true,
};

/** The first server redirects, the next one answers as the test wants. */
function createWorld(status: number, location: string) {
  const { fetch, seen } = createRedirectingFetch(({ origin, address }: Seen) =>
    origin === first && !address.includes('moved')
      ? new Response(null, { status, headers: { Location: location } })
      : Response.json(thiefsAnswer),
  );
  return { client: createPlexClient({ product: 'Canary', clientIdentifier, fetch }), seen };
}

describe.each(withToken)('%s, which sends a token,', (_operation, call) => {
  describe.each(locations)('redirected to %s', (_where, location) => {
    it.each(statuses)('with %d, asks nobody else and fails by name', async (status) => {
      const { client, seen } = createWorld(status, location);
      const error = await call(client).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PlexAuthError);
      expect(error).toMatchObject({ code: 'PLEX_HTTP', status, retryable: true });
      expect(seen.map(({ origin }) => origin)).toEqual([first]);
      expect(tracesOf(token, { error, addresses: seen.map(({ address }) => address) })).toEqual([]);
      expect(`${(error as Error).message}`).not.toContain('elsewhere');
    });
  });

  it.each(statuses)('redirected within the host with %d, follows neither', async (status) => {
    const { client, seen } = createWorld(status, '/api/v2/moved');
    await expect(call(client)).rejects.toMatchObject({ code: 'PLEX_HTTP', status });
    expect(seen).toHaveLength(1);
  });

  it('as a browser hides it (an opaque redirect), fails by name too', async () => {
    const opaque = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    const client = createPlexClient({ clientIdentifier, fetch: async () => opaque });
    await expect(call(client)).rejects.toMatchObject({ name: 'PlexAuthError', retryable: true });
  });
});

describe.each(withoutToken)('%s, which sends no token,', (_operation, call) => {
  describe.each(locations)('redirected to %s', (_where, location) => {
    it.each(statuses)('with %d, tells nobody else who asks, and believes nobody else', async (status) => {
      const { client, seen } = createWorld(status, location);
      const error = await call(client).catch((thrown: unknown) => thrown);
      expect(seen.map(({ origin }) => origin)).toEqual([first]);
      expect(error).toMatchObject({ name: 'PlexAuthError', retryable: true });
    });
  });
});

describe('the fetch of these tests', () => {
  it.each(statuses)(
    'carries every header but Authorization to another host when it follows %d',
    async (status) => {
      const { fetch, seen } = createRedirectingFetch(({ origin }) =>
        origin === first
          ? new Response(null, { status, headers: { Location: 'https://elsewhere.example/' } })
          : new Response('there'),
      );
      const headers = { 'X-Plex-Token': token, Authorization: 'Bearer x' };
      await fetch(first, { method: 'DELETE', headers });
      expect(seen[1]?.headers.get('X-Plex-Token')).toBe(token);
      expect(seen[1]?.headers.get('Authorization')).toBeNull();
    },
  );
});
