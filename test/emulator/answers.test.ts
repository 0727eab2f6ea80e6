import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin } from './ask-plex.ts';

describe('the format', () => {
  it.each([
    ['application/json', '', 'application/json'],
    ['application/json, text/plain, */*', '', 'application/xml'],
    ['application/json; charset=utf-8', '', 'application/xml'],
    ['*/*', '', 'application/xml'],
    ['', '', 'application/xml'],
    ['*/*', '.json', 'application/json'],
    ['application/json', '.xml', 'application/xml'],
  ])('for Accept "%s" and suffix "%s" is %s, errors included', async (accept, suffix, type) => {
    const emulator = createPlexEmulator();
    const token = emulator.accountToken;
    const headers = { Accept: accept, 'X-Plex-Token': token };
    for (const [call, status] of [
      [`POST /api/v2/pins${suffix}`, 201],
      [`GET /api/v2/pins/1${suffix}`, 404],
      [`GET /api/v2/user${suffix}`, 200],
      [`GET /users/account${suffix}`, 200],
      [`GET /api/v2/ping${suffix}`, 200],
      [`GET /api/v2/resources${suffix}`, 200],
      [`GET /api/v2/shared_servers/owned/accepted${suffix}`, 200],
      [`GET /api/v2/home/users${suffix}`, 200],
      [`GET /devices${suffix}`, 200],
      [`GET /api/v2/pins/info${suffix}?code=QQQQ`, 404],
      [`GET /api/v2/friends${suffix}`, 410],
    ] as const) {
      const asked = await askPlex(emulator, call, { headers });
      expect([call, asked.status, asked.headers.get('Content-Type')]).toEqual([
        call,
        status,
        `${type}; charset=utf-8`,
      ]);
    }
  });

  it('XML has scalars as attributes, null as an empty one, and lists as child elements', async () => {
    const { clock } = createVirtualTime();
    const emulator = createPlexEmulator({
      clock,
      random: () => 0,
      user: { username: 'me & "you"', roles: ['plexpass', '<'] },
    });
    const headers = { Accept: '*/*', 'X-Plex-Token': emulator.accountToken, 'X-Plex-Product': 'A <b> & "c"' };
    const pin = await askPlex(emulator, 'POST /api/v2/pins', { headers });
    expect(pin.text).toContain(
      '<pin id="1073741825" code="AAAA" product="A &lt;b&gt; &amp; &quot;c&quot;" trusted="0" ' +
        'qr="https://plex.tv/api/v2/pins/qr/AAAA" clientIdentifier="tv" expiresIn="900" createdAt="2026-01-01T00:00:00Z" ' +
        'expiresAt="2026-01-01T00:15:00Z" authToken="" newRegistration=""><location code="NL"',
    );
    const gone = await askPlex(emulator, 'GET /api/v2/pins/1', { headers });
    expect(gone.text).toContain(
      '<errors><error code="1020" message="Code not found or expired" status="404"/></errors>',
    );
    const user = await askPlex(emulator, 'GET /api/v2/user', { headers });
    expect(user.text).toContain('username="me &amp; &quot;you&quot;"');
    expect(user.text).toContain(`authToken="${emulator.accountToken}"`);
    expect(user.text).toContain('<subscription active="1"');
    expect(user.text).toContain('<features><feature id="webhooks"/>');
    expect(user.text).toContain('<roles><role id="plexpass"/><role id="&lt;"/></roles>');
    expect(user.text).toContain('<services></services>');
    expect((await askPlex(emulator, 'GET /api/v2/ping', { headers })).text).toContain('<pong>true</pong>');
  });
});

describe('every answer', () => {
  it('can be read by any web page, errors included, and carries the date', async () => {
    const { clock } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const headers = { Origin: 'https://app.example' };
    for (const call of [
      'POST /api/v2/pins',
      'GET /api/v2/pins/1',
      'GET /api/v2/user',
      'GET /users/account',
      'GET /api/v2/nothing',
    ]) {
      const asked = await askPlex(emulator, call, { headers });
      expect(asked.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(asked.headers.get('Date')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    }
    expect((await askPlex(emulator, 'GET /auth')).headers.get('Access-Control-Allow-Origin')).toBe(null);
  });

  it('exposes Retry-After to pages only with exposesRetryAfter', async () => {
    for (const exposesRetryAfter of [false, true]) {
      const limited = createPlexEmulator({ exposesRetryAfter, rateLimit: { requests: 1, perMs: 60_000 } });
      const ask = () =>
        askPlex(limited, 'POST /api/v2/pins', { headers: { 'X-Plex-Client-Identifier': 'page' } });
      await ask();
      const { status, headers } = await ask();
      expect([status, headers.get('Retry-After')]).toEqual([429, '60']);
      const exposed = headers.get('Access-Control-Expose-Headers');
      expect(exposed).toBe(exposesRetryAfter ? 'Retry-After' : null);
    }
  });

  it('to a preflight allows exactly what it asks for', async () => {
    const headers = {
      Origin: 'https://app.example',
      'Access-Control-Request-Method': 'DELETE',
      'Access-Control-Request-Headers': 'x-plex-token,x-anything',
    };
    const asked = await askPlex(createPlexEmulator(), 'OPTIONS /api/v2/users/signout', { headers });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('Access-Control-Allow-Methods')).toBe('DELETE');
    expect(asked.headers.get('Access-Control-Allow-Headers')).toBe('x-plex-token,x-anything');
  });

  it('on an unknown path or method of the API is a 404 in the envelope', async () => {
    for (const call of ['GET /api/v2/nothing', 'GET /api/v3', 'GET /api/v2/pins', 'DELETE /api/v2/user']) {
      const { status, json } = await askPlex(createPlexEmulator(), call);
      expect([call, status, json]).toEqual([call, 404, { errors: [{ message: 'Not found', status: 404 }] }]);
    }
    const { text } = await askPlex(createPlexEmulator(), 'GET /api/v2/nothing', {
      headers: { Accept: '*/*' },
    });
    expect(text).toContain('<errors><error message="Not found" status="404"/></errors>');
  });

  it('on any other unknown path is a 404 page', async () => {
    for (const call of ['GET /nothing', 'GET /apis', 'POST /', 'DELETE /users/account']) {
      const { status, headers } = await askPlex(createPlexEmulator(), call);
      expect([status, headers.get('Content-Type')]).toEqual([404, 'text/html; charset=utf-8']);
    }
  });

  it.each([
    'GET /api/v2/friends',
    'DELETE /api/v2/friends/7',
    'GET /api/friends',
    'GET /api/friends/7.xml',
    'GET /api/invites/requested',
    'PUT /api/invites/requested/7',
  ])('to %s, which plex.tv has taken out, is a 410', async (call) => {
    const emulator = createPlexEmulator();
    const headers = { 'X-Plex-Token': emulator.accountToken };
    for (const init of [{}, { headers }]) expect((await askPlex(emulator, call, init)).status).toBe(410);
    expect(emulator.requests[0]).toMatchObject({ operation: 'gone', status: 410 });
  });

  it('to too many requests says that the limit is exceeded', async () => {
    const emulator = createPlexEmulator({ rateLimit: { requests: 1, perMs: 1000 } });
    await askPlex(emulator, 'GET /api/v2/ping');
    const { status, json } = await askPlex(emulator, 'GET /api/v2/ping');
    expect([status, json]).toEqual([
      429,
      { errors: [{ code: 1003, message: 'API rate limit exceeded', status: 429 }] },
    ]);
  });
});

describe('getUser', () => {
  it('returns the user with the token of the request, sent as a header or in the query', async () => {
    const emulator = createPlexEmulator({ user: { username: 'ada', home: true } });
    const token = emulator.link((await makePin(emulator)).code);
    const byHeader = await askPlex(emulator, 'GET /api/v2/user', { headers: { 'X-Plex-Token': token } });
    const byQuery = await askPlex(emulator, `GET /api/v2/user?X-Plex-Token=${token}`);
    expect(byHeader.json).toMatchObject({
      username: 'ada',
      home: true,
      authToken: token,
      subscription: { active: true },
    });
    expect(byQuery.json).toEqual(byHeader.json);
  });

  it('answers 400 without a client identifier, and 401 to a bad token', async () => {
    const emulator = createPlexEmulator();
    for (const call of ['GET /api/v2/user', 'GET /api/v2/resources']) {
      const nobody = await askPlex(emulator, call, { headers: { 'X-Plex-Client-Identifier': '' } });
      expect([nobody.status, nobody.json.errors[0]?.code]).toEqual([400, 1000]);
      const stranger = await askPlex(emulator, call, { headers: { 'X-Plex-Token': 'wrong' } });
      expect([stranger.status, stranger.json.errors[0]?.code]).toEqual([401, 1001]);
    }
  });

  it('returns the same user under the old path, wrapped, and needs no client identifier', async () => {
    const emulator = createPlexEmulator();
    const headers = { 'X-Plex-Token': emulator.accountToken, 'X-Plex-Client-Identifier': '' };
    const { json } = await askPlex(emulator, 'GET /users/account.json', { headers });
    expect(json).toMatchObject({ user: { username: 'emulated', authToken: emulator.accountToken } });
  });
});

describe('resources and ping', () => {
  it('list one owned server with its connections', async () => {
    const emulator = createPlexEmulator();
    const headers = { 'X-Plex-Token': emulator.accountToken };
    const { json } = await askPlex(emulator, 'GET /api/v2/resources?includeHttps=1', { headers });
    expect(json).toMatchObject([
      { owned: true, provides: 'server', connections: [{ local: true }, { local: false }] },
    ]);
  });

  it('answer {"pong":true}', async () => {
    expect((await askPlex(createPlexEmulator(), 'GET /api/v2/ping')).text).toBe('{"pong":true}');
  });
});
