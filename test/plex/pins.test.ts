import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexClient } from '../../src/plex/client.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import {
  broken,
  createClient,
  createClientWith,
  errorIn,
  getPin,
  getToken,
  goodPin,
  json,
  page,
  text,
  without,
} from './answering-client.ts';

describe('a PIN', () => {
  it('is read from one good reply', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, () => json(201, goodPin));
    expect(await client.getPin()).toEqual({
      pinID: 308667304,
      code: '7RQZ',
      clientIdentifier: 'tv',
      atMs: time.clock.now(),
      expiresInMs: 876_000,
      qrURL: 'https://plex.tv/api/v2/pins/qr/7RQZ',
    });
    expect(await client.getToken({ pinID: 308667304 })).toEqual({
      status: 'pending',
      atMs: time.clock.now(),
      tookMs: 0,
      expiresInMs: 876_000,
    });
  });

  const wrong: [field: string, value: unknown][] = [
    ['id', undefined],
    ['id', null],
    ['id', '308667304'],
    ['id', 0],
    ['id', -1],
    ['id', 1.5],
    ['id', 2 ** 53],
    ['code', undefined],
    ['code', null],
    ['code', ''],
    ['code', 4711],
    ['expiresIn', undefined],
    ['expiresIn', null],
    ['expiresIn', '876'],
    ['expiresIn', -1],
    ['authToken', 4711],
    ['authToken', true],
    ['authToken', { token: 'canary-value' }],
    ['clientIdentifier', 4711],
    ['clientIdentifier', { canary: 'canary-value' }],
  ];

  describe.each<[string, (client: PlexClient) => Promise<unknown>]>([
    ['getPin', getPin],
    ['getToken', getToken],
  ])('in the answer to %s', (operation, call) => {
    it.each(wrong)('is refused where only %s is %j', async (field, value) => {
      const { client } = createClient(() => json(200, { ...goodPin, [field]: value }));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', status: 200, retryable: true });
      expect(fault.message).toMatch(new RegExp(`${operation}.*\\b${field}\\b`));
      expect(inspect(fault)).not.toContain('canary-value');
      if (value) expect(fault.message).not.toContain(String(value));
    });

    it.each<[string, unknown]>([
      ['an array', [goodPin]],
      ['null', null],
      ['a text', 'pin'],
      ['a number', 7],
      ['an empty object', {}],
    ])('is refused where the answer is %s', async (_name, body) => {
      const { client } = createClient(() => json(200, body));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
    });

    it.each<[string, object]>([
      ['a postal code that is a number', { location: { ...goodPin.location, postal_code: 4814 } }],
      ['newRegistration true', { newRegistration: true }],
      ['newRegistration false', { newRegistration: false }],
      [
        'times with milliseconds',
        { createdAt: '2024-07-16T17:03:05.123Z', expiresAt: '2024-07-16T17:18:05.123Z' },
      ],
      ['times that are numbers', { createdAt: 1, expiresAt: 2 }],
      ['a product that is a number', { product: 0 }],
      ['trusted as a number', { trusted: 0 }],
      ['a location that is null', { location: null }],
      ['a QR address that is null', { qr: null }],
      ['fields that nobody knows', { jwk: { kty: 'OKP' }, next: [1] }],
    ])('is taken with %s', async (_name, more) => {
      const { client } = createClient(() => json(200, { ...goodPin, ...more }));
      await expect(call(client)).resolves.toBeTypeOf('object');
    });

    it.each([
      'location',
      'product',
      'trusted',
      'qr',
      'createdAt',
      'expiresAt',
      'newRegistration',
      'authToken',
    ])('is taken without %s', async (field) => {
      const { client } = createClient(() => json(200, without(goodPin, field)));
      await expect(call(client)).resolves.toBeTypeOf('object');
    });

    it.each<[kind: string, answer: () => Response]>([
      [
        'XML',
        () => text(200, '<?xml version="1.0"?><pin id="3" code="7RQZ" authToken=""/>', 'application/xml'),
      ],
      ['XML', () => text(200, '<pin id="3" code="7RQZ"/>', 'application/json')],
      ['HTML', () => text(200, page, 'text/html')],
      ['HTML', () => text(200, page, 'application/json')],
      ['an empty body', () => new Response(null, { status: 200 })],
      ['an empty body', () => new Response(null, { status: 204 })],
      ['invalid text', () => text(200, '{"id":308667304,"code":"7R', 'application/json')],
      ['invalid text', () => text(200, 'OK', 'text/plain')],
    ])('is refused as %s', async (kind, answer) => {
      const { client } = createClient(answer);
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_BAD_REPLY', retryable: true });
      expect(fault.message).toContain(operation);
      expect(fault.message).toContain(kind);
      expect(fault.message).not.toContain('7R');
    });

    it('is a network fault where the connection breaks half-way', async () => {
      const { client } = createClient(() => new Response(broken('{"id":3'), { status: 200 }));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_NETWORK', retryable: true, status: 200 });
      expect(fault.cause).toMatchObject({ code: 'UND_ERR_SOCKET' });
    });

    it('is not read beyond a million characters', async () => {
      let sent = 0;
      let isCancelled = false;
      const chunk = new TextEncoder().encode(' '.repeat(100_000));
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += chunk.length;
          controller.enqueue(chunk);
        },
        cancel() {
          isCancelled = true;
        },
      });
      const { client } = createClient(
        () => new Response(body, { headers: { 'Content-Type': 'application/json' } }),
      );
      expect(await errorIn(call(client))).toMatchObject({
        code: 'PLEX_BAD_REPLY',
        message: expect.stringContaining('with a body over 1 MB'),
        retryable: true,
      });
      expect(isCancelled).toBe(true);
      expect(sent).toBeLessThan(2_000_000);
    });
  });

  it('has no QR address where Plex gave none that can be opened', async () => {
    for (const qr of [undefined, null, '', 7, 'javascript:alert(1)', '/qr/7RQZ']) {
      const { client } = createClient(() => json(201, { ...goodPin, qr }));
      expect((await client.getPin()).qrURL).toBeUndefined();
    }
  });

  it('never lives longer than a day', async () => {
    const { client } = createClient(() => json(201, { ...goodPin, expiresIn: 1e12 }));
    expect(await client.getPin()).toHaveProperty('expiresInMs', 86_400_000);
  });

  it.each([
    ['null', { ...goodPin, authToken: null }],
    ['missing', without(goodPin, 'authToken')],
    ['empty', { ...goodPin, authToken: '' }],
  ])('is pending where authToken is %s', async (_name, body) => {
    const { client } = createClient(() => json(200, body));
    expect(await client.getToken({ pinID: 7 })).toMatchObject({ status: 'pending', expiresInMs: 876_000 });
  });

  it('is claimed where authToken is there, as a secret', async () => {
    const { client } = createClient(() => json(200, { ...goodPin, authToken: 'canary', expiresIn: 0 }));
    const reading = await client.getToken({ pinID: 7 });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    expect(reading.token.reveal()).toBe('canary');
    expect(`${inspect(reading, { depth: 20, showHidden: true })}${JSON.stringify(reading)}`).not.toContain(
      'canary',
    );
  });
});

describe('a token in an answer that drifted', () => {
  it.each([
    ['without a life', { expiresIn: undefined }],
    ['with a life that is over', { expiresIn: -1 }],
    ['with no code', { code: null }],
    ['with a client identifier that is a number', { clientIdentifier: 7 }],
  ])('is taken all the same: %s', async (_name, drift) => {
    const answer = {
      id: 7,
      code: 'abcd',
      expiresIn: 800,
      clientIdentifier: 'tv',
      authToken: 'a-token',
      ...drift,
    };
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: async () => Response.json(answer) });
    expect(await client.getToken({ pinID: 7 })).toMatchObject({ status: 'claimed' });
  });
});
