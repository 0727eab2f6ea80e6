import { describe, expect, it } from 'vitest';
import { createPlexClient, type PlexClient } from '../../src/plex/client.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import {
  createClient,
  createClientWith,
  errorIn,
  getPin,
  getToken,
  json,
  page,
  refused,
  text,
} from './answering-client.ts';

describe('an error status', () => {
  type Row = [status: number, plexCode: number | undefined, code: string, retryable: boolean];
  const rows: Row[] = [
    [400, 1000, 'PLEX_HTTP', false],
    [400, 1004, 'PLEX_HTTP', false],
    [401, 1001, 'PLEX_HTTP', false],
    [403, 1068, 'PLEX_CLIENT_MISMATCH', false],
    [403, undefined, 'PLEX_HTTP', false],
    [408, undefined, 'PLEX_HTTP', true],
    [422, undefined, 'PLEX_HTTP', false],
    [425, undefined, 'PLEX_HTTP', true],
    [429, 1003, 'PLEX_RATE_LIMITED', true],
    [500, undefined, 'PLEX_HTTP', true],
    [502, undefined, 'PLEX_HTTP', true],
    [503, undefined, 'PLEX_HTTP', true],
  ];

  describe.each<[string, (client: PlexClient) => Promise<unknown>]>([
    ['getPin', getPin],
    ['getToken', getToken],
  ])('of %s', (operation, call) => {
    it.each(rows)('%i with code %s is %s, retryable: %s', async (status, plexCode, code, retryable) => {
      const { client } = createClient(() => refused(status, plexCode));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code, status, retryable });
      expect(fault.plexCode).toBe(plexCode);
      if (code !== 'PLEX_CLIENT_MISMATCH')
        expect(fault.message).toContain(`${operation} with status ${status}`);
    });

    it.each([400, 401, 403, 404, 500, 502, 503, 511])('%i as a web page may pass', async (status) => {
      const { client } = createClient(() => text(status, page, 'text/html'));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_HTTP', status, retryable: true });
    });

    it('reads the code in an envelope of XML', async () => {
      const xml = '<errors><error code="1068" message="not available" status="403"/></errors>';
      const { client } = createClient(() => text(403, xml, 'application/xml'));
      expect(await errorIn(call(client))).toMatchObject({ code: 'PLEX_CLIENT_MISMATCH', plexCode: 1068 });
    });

    it.each<[string, unknown]>([
      ['no entry', { errors: [] }],
      ['no list', { errors: 'no' }],
      ['a null entry', { errors: [null] }],
      ['a code that is a text', { errors: [{ code: '1003' }] }],
      ['null', null],
    ])('takes an envelope with %s', async (_name, body) => {
      const { client } = createClient(() => json(500, body));
      const fault = await errorIn(call(client));
      expect(fault).toMatchObject({ code: 'PLEX_HTTP', status: 500 });
      expect(fault.plexCode).toBeUndefined();
    });
  });

  it('404 with code 1020 is a value of getToken: the PIN is gone', async () => {
    const time = createVirtualTime();
    const { client } = createClientWith({ clock: time.clock }, () => refused(404, 1020));
    expect(await client.getToken({ pinID: 7 })).toMatchObject({
      status: 'gone',
      atMs: time.clock.now(),
      error: { code: 'PLEX_CLIENT_MISMATCH', status: 404, plexCode: 1020, retryable: false },
    });
  });

  it('404 without a status in its envelope means gone as well', async () => {
    const { client } = createClient(() =>
      json(404, { errors: [{ code: 1020, message: 'Code not found or expired' }] }),
    );
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
  });

  it('404 in XML means gone as well', async () => {
    const xml = '<errors><error code="1020" message="Code not found or expired" status="404"/></errors>';
    const { client } = createClient(() => text(404, xml, 'application/xml'));
    expect(await client.getToken({ pinID: 7 })).toHaveProperty('status', 'gone');
  });

  describe('429', () => {
    const startMs = Date.UTC(2026, 0, 1);
    const date = (ms: number) => new Date(ms).toUTCString();
    it.each<[string, Record<string, string>, number | undefined]>([
      ['seconds', { 'Retry-After': '30' }, 30_000],
      ['a date', { 'Retry-After': date(startMs + 30_000) }, 30_000],
      [
        'a date, by a server an hour ahead',
        { 'Retry-After': date(startMs + 3_630_000), Date: date(startMs + 3_600_000) },
        30_000,
      ],
      [
        'a date, by a server an hour behind',
        { 'Retry-After': date(startMs - 3_570_000), Date: date(startMs - 3_600_000) },
        30_000,
      ],
      ['a date that has passed', { 'Retry-After': date(startMs - 1000) }, undefined],
      ['seconds and a space', { 'Retry-After': '7 ' }, 7000],
      ['seconds after a space', { 'Retry-After': ' 7' }, 7000],
      ['seconds with a sign', { 'Retry-After': '+7' }, 7000],
      ['a fraction', { 'Retry-After': '7.5' }, 7500],
      ['a fraction without a whole', { 'Retry-After': '.5' }, 500],
      ['two values', { 'Retry-After': '7, 7' }, 7000],
      ['the longest of several', { 'Retry-After': '0,7,30, soon' }, 30_000],
      ['two dates', { 'Retry-After': `${date(startMs + 7000)}, ${date(startMs + 9000)}` }, 9000],
      ['a date and a space', { 'Retry-After': `${date(startMs + 7000)} ` }, 7000],
      ['an older kind of date', { 'Retry-After': 'Thursday, 01-Jan-26 00:00:07 GMT' }, 7000],
      ['seconds and a date', { 'Retry-After': `7, ${date(startMs + 9000)}` }, 9000],
      ['digits without end', { 'Retry-After': '9'.repeat(400) }, undefined],
      ['a header that is too long', { 'Retry-After': `7${' '.repeat(200)},${' '.repeat(200)}7` }, undefined],
      ['many digits and a letter', { 'Retry-After': `${'9'.repeat(40_000)}x` }, undefined],
      ['a number that is no time', { 'Retry-After': '0x10' }, undefined],
      ['nonsense', { 'Retry-After': 'soon' }, undefined],
      ['nothing', { 'Retry-After': '' }, undefined],
      ['less than nothing', { 'Retry-After': '-5' }, undefined],
      ['0', { 'Retry-After': '0' }, undefined],
      ['no header', {}, undefined],
    ])('asks to wait by %s', async (_name, headers, retryAfterMs) => {
      const { clock } = createVirtualTime(startMs);
      const { client } = createClientWith({ clock }, () => refused(429, 1003, headers));
      const fault = await errorIn(client.getToken({ pinID: 7 }));
      expect(fault).toMatchObject({
        code: 'PLEX_RATE_LIMITED',
        status: 429,
        plexCode: 1003,
        retryable: true,
      });
      expect(fault.retryAfterMs).toBe(retryAfterMs);
    });

    it('of the emulator, whose clock is an hour ahead, asks to wait 30 s', async () => {
      const { clock } = createVirtualTime();
      const emulator = createPlexEmulator({ clock });
      emulator.fault({ type: 'clockOffset', offsetMs: 3_600_000 });
      emulator.fault({ type: 'rateLimited', retryAfter: new Date(clock.now() + 3_630_000) });
      const client = createPlexClient({ clientIdentifier: 'tv', clock, fetch: emulator.fetch });
      expect(await errorIn(client.getPin())).toHaveProperty('retryAfterMs', 30_000);
    });
  });

  it('503 may ask to wait, too', async () => {
    const { client } = createClient(() => refused(503, undefined, { 'Retry-After': '7' }));
    expect(await errorIn(client.getPin())).toMatchObject({
      code: 'PLEX_HTTP',
      retryAfterMs: 7000,
      retryable: true,
    });
  });
});

describe('a 404 that is not Plex speaking', () => {
  it.each(['404 page not found', '', '<html>Not found</html>'])('passes: %j', async (body) => {
    const client = createPlexClient({
      clientIdentifier: 'tv',
      fetch: async () => new Response(body, { status: 404 }),
    });
    await expect(client.getToken({ pinID: 7 })).rejects.toMatchObject({ code: 'PLEX_HTTP', retryable: true });
  });
});
