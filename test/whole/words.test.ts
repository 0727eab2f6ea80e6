/** The library's error messages: each names the field and the rule, never a value. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/index.ts';
import { createPlexClient, type PlexClient } from '../../src/plex/client.ts';

const pin = { id: 7, code: 'ABCD', expiresIn: 900, authToken: null };
const token = new Secret('a-token');

function answering(body: unknown, init: ResponseInit = {}): PlexClient {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return createPlexClient({ clientIdentifier: 'tv', fetch: async () => new Response(text, init) });
}

async function toPlexAuthError(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => value,
    ({ code, message }) => `${code}: ${message}`,
  );
}

describe('of an answer', () => {
  const invalid = 'PLEX_BAD_REPLY: Plex sent an invalid answer to getPin:';
  const rows: [unknown, string][] = [
    [[], `${invalid} id is missing`],
    ['"text"', `${invalid} the answer must be an object`],
    [{ ...pin, id: undefined }, `${invalid} id is missing`],
    [{ ...pin, id: 0 }, `${invalid} id must be a positive integer`],
    [{ ...pin, id: '7' }, `${invalid} id must be a positive integer`],
    [{ ...pin, code: ' ABCD' }, `${invalid} code must be 1 to 128 characters of printable ASCII`],
    [{ ...pin, code: 'ABCD ' }, `${invalid} code must be 1 to 128 characters of printable ASCII`],
    [{ ...pin, code: 'A'.repeat(129) }, `${invalid} code must be 1 to 128 characters of printable ASCII`],
    [{ ...pin, clientIdentifier: 7 }, `${invalid} clientIdentifier must be a text or null`],
    [{ ...pin, expiresIn: -1 }, `${invalid} expiresIn must be 0 or more`],
    [{ ...pin, authToken: 'ü' }, `${invalid} authToken must be null or fit into a header`],
    ['', 'PLEX_BAD_REPLY: Plex answered getPin with an empty body instead of JSON'],
    ['{', 'PLEX_BAD_REPLY: Plex answered getPin with invalid text instead of JSON'],
    ['<a/>', 'PLEX_BAD_REPLY: Plex answered getPin with XML instead of JSON'],
    [' \n<html>', 'PLEX_BAD_REPLY: Plex answered getPin with HTML'],
    ['x'.repeat(1_000_001), 'PLEX_BAD_REPLY: Plex answered getPin with a body over 1 MB'],
    ['x'.repeat(1_000_000), 'PLEX_BAD_REPLY: Plex answered getPin with invalid text instead of JSON'],
  ];
  it.each(rows)('%.60j: %s', async (body, words) => {
    expect(await toPlexAuthError(answering(body).getPin())).toBe(words);
  });

  it.each([
    [{ status: 300 }, {}, 'PLEX_HTTP: Plex answered getPin with status 300'],
    [
      { status: 400 },
      { errors: [{ code: 1000 }] },
      'PLEX_HTTP: Plex answered getPin with status 400, code 1000',
    ],
    [{ status: 429 }, {}, 'PLEX_RATE_LIMITED: Plex answered getPin with status 429'],
    [
      { status: 400 },
      { errors: [{ code: 1068 }] },
      'PLEX_CLIENT_MISMATCH: Plex has no such PIN or token for this client identifier: use the identifier that created it',
    ],
  ])('%j: %j: %s', async (init, body, words) => {
    expect(await toPlexAuthError(answering(body, init).getPin())).toBe(words);
  });

  it('299, which is a success: nothing', async () => {
    expect(await answering(pin, { status: 299 }).getPin()).toMatchObject({ pinID: 7, code: 'ABCD' });
  });

  it.each([
    [{ id: 7 }, { id: 7, username: '', subscription: { active: false, plan: '' } }],
    [
      { id: '7', username: 5, subscription: { active: 1, plan: 2 } },
      { id: 7, username: '', subscription: { active: false, plan: '' } },
    ],
    [
      { id: 7, subscription: { active: true, plan: 'year' } },
      { subscription: { active: true, plan: 'year' } },
    ],
  ])('%j, an account: %j', async (body, user) => {
    expect(await answering(body).getUser({ token })).toMatchObject({ status: 'valid', user });
  });

  it.each([{ id: 0 }, { id: -1 }, { id: '' }, { id: true }, { id: 1.5 }, { id: 'seven' }])(
    '%j, no account',
    async (body) => {
      const words = 'PLEX_BAD_REPLY: Plex sent an invalid answer to getUser: id must be a positive integer';
      expect(await toPlexAuthError(answering(body).getUser({ token }))).toBe(words);
    },
  );

  it.each([
    ['<error a="1" code="1020">', 1020],
    ['<error code="1020"/>', 1020],
    ['<errors code="1020"/>', undefined],
  ])('%s, in Plex’s words or not', async (body, plexCode) => {
    const error = await answering(body, { status: 500 })
      .getPin()
      .catch((error) => error);
    expect(error.plexCode).toBe(plexCode);
  });

  it.each([
    ['2', 2000],
    ['1.5', 1500],
    ['1.25', 1250],
    ['0', undefined],
    ['5s', undefined],
    ['in 5', undefined],
    ['1.x', undefined],
    ['9'.repeat(400), undefined],
  ])('Retry-After: %.20s', async (value, retryAfterMs) => {
    const client = answering('', { status: 429, headers: { 'Retry-After': value } });
    expect((await client.getPin().catch((error) => error)).retryAfterMs).toBe(retryAfterMs);
  });
});

describe('of a connection', () => {
  const clientOf = (fetch: () => Promise<Response>) => createPlexClient({ clientIdentifier: 'tv', fetch });

  it('that was never there', async () => {
    const client = clientOf(async () => Promise.reject(new TypeError('fetch failed')));
    expect(await toPlexAuthError(client.getPin())).toBe('PLEX_NETWORK: Plex did not answer');
  });

  it('that broke', async () => {
    const broken = () => new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    const client = clientOf(async () => new Response(broken()));
    expect(await toPlexAuthError(client.getPin())).toBe('PLEX_NETWORK: The answer of Plex broke off');
  });

  it('whose bytes come one by one: nothing', async () => {
    const bytes = new TextEncoder().encode(JSON.stringify({ ...pin, code: 'ABCD', qr: 'https://plex.tv/é' }));
    const slow = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    expect((await clientOf(async () => new Response(slow)).getPin()).qrURL).toBe('https://plex.tv/%C3%A9');
  });
});
