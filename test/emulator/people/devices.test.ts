import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/emulator/index.ts';
import { createVirtualTime } from '../../../src/testing/virtual-time.ts';
import { askAs, signInAs } from '../ask-as.ts';
import { askPlex, makePin } from '../ask-plex.ts';

describe('the devices of an account', () => {
  it('are the clients that have signed in to it, in XML or JSON by the suffix', async () => {
    const { clock } = createVirtualTime(5_000);
    const emulator = createPlexEmulator({ clock, people: ['ada', 'bob'] });
    const token = await signInAs(emulator, 'ada');
    await signInAs(emulator, 'ada', 'phone');
    await signInAs(emulator, 'bob', 'console');
    const { text, headers } = await askAs(emulator, token, 'GET /devices.xml');
    expect(headers.get('Content-Type')).toContain('application/xml');
    expect(text).toMatch(
      /<MediaContainer publicAddress="[\d.]+"><Device [^>]*\/><Device [^>]*\/><\/MediaContainer>/,
    );
    expect(text).toContain('product="App of tv"');
    expect(text).toContain('createdAt="5"');
    expect(text).not.toContain('console');
    const { json } = await askAs(emulator, token, 'GET /devices.json');
    expect(json).toMatchObject([
      { clientIdentifier: 'tv', product: 'App of tv', token },
      { clientIdentifier: 'phone', token: '' },
    ]);
  });

  it('stay the same device when a client signs in again', async () => {
    const emulator = createPlexEmulator({ clock: createVirtualTime().clock });
    await signInAs(emulator);
    const before = (await askAs(emulator, emulator.accountToken, 'GET /devices.json')).json;
    await signInAs(emulator);
    expect((await askAs(emulator, emulator.accountToken, 'GET /devices.json')).json).toEqual(before);
  });

  it('can be removed, which revokes the token, by their own account alone', async () => {
    const emulator = createPlexEmulator({ people: ['ada', 'bob'] });
    const token = await signInAs(emulator, 'ada');
    const remove = async (asking: string, id: string) =>
      (await askAs(emulator, asking, `DELETE /devices/${id}.xml`)).status;
    expect(await remove(emulator.accountTokenOf('bob'), '1')).toBe(404);
    expect(await remove(emulator.accountToken, '2')).toBe(404);
    expect(await remove('wrong', '1')).toBe(401);
    expect((await askAs(emulator, token, 'GET /api/v2/user')).status).toBe(200);
    expect(await remove(emulator.accountToken, '1')).toBe(204);
    expect((await askAs(emulator, token, 'GET /api/v2/user')).status).toBe(401);
    expect(await remove(emulator.accountToken, '1')).toBe(404);
    expect((await askAs(emulator, emulator.accountToken, 'GET /devices.json')).json).toEqual([]);
  });
});

describe('what the consent page asks about a PIN', () => {
  it('is answered without the token, to any client that knows the code', async () => {
    const emulator = createPlexEmulator({ readOnce: true });
    const pin = await makePin(emulator);
    const token = emulator.link(pin.code);
    const call = `GET /api/v2/pins/info?code=${pin.code}&X-Plex-Product=Browser`;
    const asked = await askPlex(emulator, call, { headers: { 'X-Plex-Client-Identifier': 'browser' } });
    expect(asked.status).toBe(200);
    expect(asked.json).toMatchObject({ id: pin.id, code: pin.code, product: '0', authToken: null });
    expect(asked.text).not.toContain(token);
    expect((await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json.authToken).toBe(token);
  });

  it.each([
    ['an unknown code', '?code=QQQQ', 'tv', [404, 1020]],
    ['no code', '', 'tv', [400, 1004]],
    ['no client identifier', '?code=QQQQ', '', [400, 1000]],
  ])('is refused for %s', async (_, query, client, expected) => {
    const headers = { 'X-Plex-Client-Identifier': client };
    const { status, json } = await askPlex(createPlexEmulator(), `GET /api/v2/pins/info${query}`, {
      headers,
    });
    expect([status, json.errors[0]?.code]).toEqual(expected);
  });
});
