/** A server that means harm: what `serverURL` may name, and what its answers may do. */
import { describe, expect, it } from 'vitest';
import { createPlexAuth, type PlexAuthOptions } from '../../../src/index.ts';
import { createPlexClient } from '../../../src/plex/client.ts';

const identity = { product: 'Canary', clientIdentifier: 'tv' };
const answering = (answer: object) => async () => Response.json(answer);

describe('a server on plain http', () => {
  it.each([
    'http://plex.tv',
    'http://plex.lan:32400',
    'http://192.168.1.7',
    'http://0.0.0.0:8080',
    'http://[::2]:80',
    'http://128.0.0.1',
    'http://127.0.0.1.elsewhere.example',
    'http://localhost.elsewhere.example',
    'http://notlocalhost',
    'HTTP://PLEX.LAN',
  ])('is refused: %s', (serverURL) => {
    const message = /serverURL/;
    expect(() => createPlexAuth({ ...identity, serverURL })).toThrow(message);
    expect(() => createPlexClient({ ...identity, serverURL })).toThrow(message);
  });

  it('is refused at a call too, before anything is sent', async () => {
    let asked = 0;
    const client = createPlexClient({
      ...identity,
      fetch: async () => {
        asked += 1;
        return Response.json({});
      },
    });
    const call = client.getUser({ token: 'tok-canary', serverURL: 'http://plex.lan' });
    await expect(call).rejects.toThrow(TypeError);
    expect(asked).toBe(0);
  });

  it.each([
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://127.9.9.9:1',
    'http://[::1]:80',
    'https://plex.lan',
  ])('is taken where nobody is on the way: %s', (serverURL) => {
    expect(() => createPlexClient({ ...identity, serverURL })).not.toThrow();
  });

  it('is taken where it is asked for', () => {
    const options: PlexAuthOptions = {
      ...identity,
      serverURL: 'http://plex.lan',
      allowInsecureRequests: true,
    };
    expect(() => createPlexAuth(options)).not.toThrow();
  });
});

describe('the address of a server', () => {
  it.each([
    'http://user:pass@127.0.0.1',
    'https://user@plex.lan',
    'ftp://plex.lan',
    'javascript:alert(1)',
    'file:///',
  ])('is refused without a word of it: %s', (serverURL) => {
    const make = () => createPlexClient({ ...identity, serverURL });
    expect(make).toThrow(/^plex-auth-flow: serverURL must be /);
    expect(make).not.toThrow(/pass/);
  });
});

describe('an answer', () => {
  const pin = { id: 7, code: 'abcd', expiresIn: 900 };

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd'])(
    'names no picture that is no web page: %s',
    async (qr) => {
      const client = createPlexClient({ ...identity, fetch: answering({ ...pin, qr }) });
      expect((await client.getPin()).qrURL).toBeUndefined();
    },
  );

  it('brings nothing into the prototypes', async () => {
    const body =
      '{"id":7,"code":"abcd","expiresIn":900,"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}}';
    const client = createPlexClient({
      ...identity,
      fetch: async () => new Response(body, { headers: { 'Content-Type': 'application/json' } }),
    });
    const answer = await client.getPin();
    expect([Reflect.get({}, 'isAdmin'), Reflect.get(answer, 'isAdmin'), Reflect.get({}, 'x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each(['\u001B]0;owned\u0007', 'AB\u001B[2J', 'AB\r\nType it at evil.example', '\u202Edcba'])(
    'brings no code that would steer a terminal: %j',
    async (code) => {
      const client = createPlexClient({ ...identity, fetch: answering({ ...pin, code }) });
      await expect(client.getPin()).rejects.toMatchObject({ code: 'PLEX_BAD_REPLY' });
    },
  );

  it.each(['tok\u001B[2J', 'tok\r\nX-Injected: 1', ' tok'])(
    'brings no token that no header can carry: %j',
    async (authToken) => {
      const client = createPlexClient({ ...identity, fetch: answering({ ...pin, authToken }) });
      await expect(client.getToken({ pinID: 7 })).rejects.toMatchObject({ code: 'PLEX_BAD_REPLY' });
    },
  );
});
