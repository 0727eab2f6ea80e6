import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexClient, type PlexDevice, Secret } from '../../src/plex/client.ts';
import { createPlexEmulator } from '../../src/testing/index.ts';
import {
  type Asked,
  createClient,
  createClientWith,
  errorIn,
  goodPin,
  goodUser,
  json,
} from './answering-client.ts';

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
        headers: { ...held, 'content-type': 'application/x-www-form-urlencoded' },
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
  ])('sends device.%s in the header %s, at every call', async (field, header) => {
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

  it('sends the product in a header', async () => {
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
    'sends the name %j in the query, whole',
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

  it('sends the origin of the forward URL when a PIN is made, and only then', async () => {
    const { client, asked } = createClientWith({ forwardURL: 'https://app.example:8443/done?x=1#y' });
    await client.getPin();
    await client.getToken({ pinID: 7 });
    expect(asked[0]?.headers).toHaveProperty('origin', 'https://app.example:8443');
    expect(asked[1]?.headers).not.toHaveProperty('origin');
  });
});
