import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin } from './ask-plex.ts';

describe('getPin', () => {
  it('answers 201 with a strong PIN of 25 characters that lives half an hour', async () => {
    const { clock } = createVirtualTime(Date.UTC(2026, 0, 1, 0, 0, 0, 750));
    const { status, json } = await askPlex(createPlexEmulator({ clock }), 'POST /api/v2/pins?strong=true');
    expect(status).toBe(201);
    expect(json.code).toMatch(/^[a-z0-9]{25}$/);
    expect(json).toMatchObject({ expiresIn: 1800, authToken: null, newRegistration: null, trusted: false });
    expect(json).toMatchObject({ createdAt: '2026-01-01T00:00:00Z', expiresAt: '2026-01-01T00:30:00Z' });
  });

  it('answers with a short PIN of 4 characters that lives a quarter of an hour', async () => {
    const { json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins');
    expect(json.code).toMatch(/^[A-HJ-NP-Z2-9]{4}$/);
    expect(json.expiresIn).toBe(900);
  });

  it('counts ids up, starting above 2^30', async () => {
    const emulator = createPlexEmulator();
    const [first, second] = [await makePin(emulator), await makePin(emulator)];
    expect(first.id).toBeGreaterThan(2 ** 30);
    expect(second.id).toBeGreaterThan(first.id);
  });

  it('names a product "0" that sends no name', async () => {
    expect((await makePin(createPlexEmulator())).product).toBe('0');
  });

  it.each([
    ['https://plex.tv', 'https://plex.tv'],
    ['https://clients.plex.tv', 'https://plex.tv'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['https://notplex.tv', 'https://notplex.tv'],
  ])('asked at %s, has its QR picture at %s', async (host, origin) => {
    const emulator = createPlexEmulator();
    const url = `${host}/api/v2/pins.json?X-Plex-Client-Identifier=tv`;
    const { qr } = (await (await emulator.fetch(url, { method: 'POST' })).json()) as { qr: string };
    expect(qr).toMatch(new RegExp(`^${origin}/api/v2/pins/qr/[A-Z2-9]{4}$`));
    const picture = await emulator.fetch(qr);
    expect(picture.headers.get('Content-Type')).toBe('image/svg+xml');
    expect(await picture.text()).toMatch(/^<svg .*<\/svg>$/s);
  });

  const form = new FormData();
  form.set('X-Plex-Client-Identifier', 'tv');
  form.set('X-Plex-Product', 'Ünï ☃');
  form.set('strong', '1');
  const urlencoded = new URLSearchParams({
    'X-Plex-Client-Identifier': 'tv',
    'x-plex-product': 'Ünï ☃',
    strong: 'True',
  });
  it.each([
    ['the query', `?${urlencoded}`, {}],
    ['a urlencoded form', '', { body: urlencoded }],
    ['a multipart form', '', { body: form }],
    [
      'JSON',
      `?X-Plex-Product=${encodeURIComponent('Ünï ☃')}`,
      { body: '{"strong":true,"x-plex-client-identifier":"tv"}' },
    ],
  ])('takes its parameters from %s', async (place, query, init) => {
    const headers: HeadersInit = place === 'JSON' ? { 'Content-Type': 'application/json' } : {};
    const url = `https://plex.tv/api/v2/pins.json${query}`;
    const response = await createPlexEmulator().fetch(url, { method: 'POST', headers, ...init });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      clientIdentifier: 'tv',
      product: 'Ünï ☃',
      expiresIn: 1800,
    });
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/json'])(
    'refuses a body of more than 100,000 bytes, and stops reading: %s',
    async (type) => {
      let pulls = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          pulls += 1;
          controller.enqueue(new Uint8Array(30_000).fill(97));
        },
      });
      const init = { body, duplex: 'half', headers: { 'Content-Type': type } } as RequestInit;
      const { status, json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins', init);
      expect([status, json.errors]).toEqual([413, [{ message: 'Request body is too large', status: 413 }]]);
      expect(pulls).toBeLessThanOrEqual(5);
    },
  );

  it('takes a form of nearly 100,000 bytes', async () => {
    const body = new URLSearchParams({ other: 'x'.repeat(99_000), strong: 'true' });
    const { json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins', { body });
    expect(json.expiresIn).toBe(1800);
  });

  it('reads headers whose names keep their case, as those of happy-dom do', async () => {
    const request = new Request('https://plex.tv/api/v2/pins', { method: 'POST' });
    const names = { 'X-Plex-Client-Identifier': 'tv', 'X-PLEX-Product': 'Sofa', Accept: 'application/json' };
    const headers = new Headers(names);
    Object.defineProperty(headers, Symbol.iterator, { value: () => Object.entries(names).values() });
    Object.defineProperty(request, 'headers', { value: headers });
    const response = await createPlexEmulator().handle(request);
    expect(await response.json()).toMatchObject({ clientIdentifier: 'tv', product: 'Sofa' });
  });

  it('lets a header win over the query', async () => {
    const { json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins?X-Plex-Product=query', {
      headers: { 'x-pLEX-product': 'header' },
    });
    expect(json.product).toBe('header');
  });

  it.each([
    ['application/json', ''],
    ['application/json', '{"strong":'],
    ['application/json', 'null'],
    ['application/json', '[1,{"strong":true}]'],
    ['multipart/form-data', 'no boundary'],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'],
    ['application/x-www-form-urlencoded', '%%%=&&=%E0%A4%A'],
    ['text/plain', 'strong=true'],
    ['nonsense', '\u0000'],
  ])('makes a short PIN for an unusual %s body: %j', async (type, body) => {
    const headers = { 'Content-Type': type };
    const { status, json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins', { body, headers });
    expect(status).toBe(201);
    expect(json.expiresIn).toBe(900);
  });

  it('answers 400 with code 1000 without a client identifier', async () => {
    const headers = { 'X-Plex-Client-Identifier': '' };
    const { status, json } = await askPlex(createPlexEmulator(), 'POST /api/v2/pins', { headers });
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { code: 1000, message: 'X-Plex-Client-Identifier is missing', status: 400 },
    ]);
  });

  it('makes the same PINs and tokens again from the same numbers', async () => {
    const run = async () => {
      let seed = 7;
      const { clock } = createVirtualTime();
      const random = () => {
        seed = (seed * 16_807) % 2_147_483_647;
        return seed / 2_147_483_647;
      };
      const emulator = createPlexEmulator({ clock, random });
      const pins = [await makePin(emulator), await makePin(emulator)];
      return { pins, token: emulator.link(pins[0]?.code ?? ''), accountToken: emulator.accountToken };
    };
    expect(await run()).toEqual(await run());
  });

  it('never repeats a code or token, even with a constant `random`', async () => {
    const emulator = createPlexEmulator({ random: () => 0.999_999 });
    const codes = new Set<string>();
    const tokens = new Set([emulator.accountToken]);
    for (let count = 0; count < 40; count++) {
      const { json } = await askPlex(emulator, 'POST /api/v2/pins');
      codes.add(json.code);
      tokens.add(emulator.link(json.code));
    }
    expect([codes.size, tokens.size]).toEqual([40, 41]);
  });
});

describe('getToken', () => {
  it('recounts the seconds left on each read, and answers 404 with code 1020 after the last', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock, lifetimeMs: { strong: 10_000 } });
    const pin = await makePin(emulator);
    await advance(3_500);
    expect((await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json.expiresIn).toBe(6);
    await advance(6_499);
    expect((await askPlex(emulator, `GET /api/v2/pins/${pin.id}`)).json.expiresIn).toBe(0);
    await advance(1);
    const gone = await askPlex(emulator, `GET /api/v2/pins/${pin.id}`);
    expect([gone.status, gone.json.errors]).toEqual([
      404,
      [{ code: 1020, message: 'Code not found or expired', status: 404 }],
    ]);
  });

  it('answers the same for an unknown PIN and for another client’s', async () => {
    const emulator = createPlexEmulator();
    const { id } = await makePin(emulator);
    const headers = { 'X-Plex-Client-Identifier': 'other' };
    for (const asked of [
      await askPlex(emulator, `GET /api/v2/pins/${id}`, { headers }),
      await askPlex(emulator, 'GET /api/v2/pins/1'),
      await askPlex(emulator, 'GET /api/v2/pins/99999999999999999999999'),
    ]) {
      expect([asked.status, asked.json.errors[0]?.code]).toEqual([404, 1020]);
    }
  });

  it('answers 400 with code 1004 to an id that is not a number', async () => {
    const { status, json } = await askPlex(createPlexEmulator(), 'GET /api/v2/pins/undefined');
    expect([status, json.errors[0]?.code]).toEqual([400, 1004]);
  });

  it('answers 400 with code 1000 without a client identifier', async () => {
    const emulator = createPlexEmulator();
    const { id } = await makePin(emulator);
    const headers = { 'X-Plex-Client-Identifier': '' };
    const { status, json } = await askPlex(emulator, `GET /api/v2/pins/${id}`, { headers });
    expect([status, json.errors[0]?.code]).toEqual([400, 1000]);
  });
});
