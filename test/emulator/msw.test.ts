import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { createPlexClient } from '../../src/plex/client.ts';

let plex: PlexEmulator;
const server = setupServer(
  http.all(/^https:\/\/([\w-]+\.)?plex\.tv\//, ({ request }) =>
    plex.handle(request).catch(() => HttpResponse.error()),
  ),
);
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

describe('the emulator behind MSW', () => {
  it('signs in by the platform’s own fetch, on either of Plex’s hosts', async () => {
    plex = createPlexEmulator({ people: ['ada', 'bob'] });
    for (const serverURL of [undefined, 'https://plex.tv/api/v2']) {
      const client = createPlexClient({ product: 'App', clientIdentifier: 'tv', serverURL });
      const pin = await client.getPin();
      expect(await client.getToken(pin)).toMatchObject({ status: 'pending' });
      const token = plex.approve(pin.code, { as: 'bob' });
      expect(await client.getToken(pin)).toMatchObject({ status: 'claimed' });
      expect(await client.getUser({ token })).toMatchObject({ status: 'valid', user: { username: 'bob' } });
      expect(await client.linkPin({ token, code: 'QQQQ' })).toEqual({ status: 'gone' });
      expect(await client.signOut({ token })).toEqual({ status: 'signedOut' });
    }
  });

  it('breaks the connection where Plex would', async () => {
    plex = createPlexEmulator();
    plex.fault({ type: 'reset' });
    const ping = createPlexClient({ clientIdentifier: 'tv', serverURL: 'https://plex.tv/api/v2' }).ping();
    await expect(ping).rejects.toMatchObject({ code: 'PLEX_NETWORK' });
  });
});
