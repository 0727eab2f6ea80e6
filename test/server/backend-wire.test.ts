/** What the page's end makes of the answers of its server. */
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/ports.ts';
import { type BackendWireOptions, createBackendWire } from '../../src/server/backend-wire.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';

const backendURL = 'https://app.example/auth/plex';
const client = { clientIdentifier: 'server-of-app', product: 'App' };
const user = { id: 7, uuid: 'u-7', username: 'ada' };
const whole = {
  title: '',
  email: '',
  friendlyName: '',
  thumb: '',
  subscription: { active: false, plan: '' },
};
const signal = new AbortController().signal;
const request = { clientIdentifier: 'backend', signal };
const pin = { pinID: 5, code: 'abcd', clientIdentifier: 'backend', atMs: 0, expiresInMs: 1000 };

type Answer = (request: Request) => Response | Promise<Response>;

const html = (status = 200) =>
  new Response('<!doctype html><h1>A proxy', { status, headers: { 'Content-Type': 'text/html' } });
const failed = (code: string, status: number, more: object = {}) =>
  Response.json(
    { status: 'failed', error: { code, message: 'Said', retryable: false, ...more } },
    { status },
  );

/** A wire whose server answers as told, by method and path; everything else is the emulator. */
function setWire(answers: Record<string, Answer> = {}, options: Partial<BackendWireOptions> = {}) {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock });
  const asked: Request[] = [];
  const inits: (RequestInit | undefined)[] = [];
  const all: Record<string, Answer> = {
    'GET /client': () => Response.json(client),
    'POST /attempt': () => Response.json({ status: 'pending', expiresInMs: 1000 }, { status: 201 }),
    'DELETE /attempt': () => new Response(null, { status: 204 }),
    ...answers,
  };
  const fetch: Fetch = async (input, init) => {
    const own = new Request(input, init);
    if (!own.url.startsWith(backendURL)) return emulator.fetch(input, init);
    asked.push(own);
    inits.push(init);
    const answer = all[`${own.method} ${own.url.slice(backendURL.length)}`];
    if (!answer) throw new TypeError(`no answer to ${own.method} ${own.url}`);
    return answer(own);
  };
  const wire = createBackendWire({
    backendURL,
    fetch,
    clock: time.clock,
    requestTimeoutMs: 1000,
    onUser: () => {},
    ...options,
  });
  return { time, emulator, asked, inits, wire };
}

const readingOf = (answer: Answer) => setWire({ 'GET /attempt': answer }).wire.getToken({ pin, signal });

describe('the answer to how an attempt stands', () => {
  it('is pending, for a day at the most', async () => {
    expect(await readingOf(() => Response.json({ status: 'pending', expiresInMs: 5000 }))).toMatchObject({
      status: 'pending',
      expiresInMs: 5000,
      tookMs: 0,
    });
    expect(await readingOf(() => Response.json({ status: 'pending', expiresInMs: 1e300 }))).toMatchObject({
      expiresInMs: 86_400_000,
    });
  });

  it('is a user, and no token: the engine holds a name of the page’s own making', async () => {
    const { wire } = setWire({
      'GET /attempt': () =>
        Response.json({ status: 'authenticated', user, token: 'stray', authToken: 'stray' }),
    });
    const reading = await wire.getToken({ pin, signal });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    expect(reading.token.reveal()).toBe('session-1');
    expect(wire.session.userOf(reading.token)).toEqual({ ...whole, ...user });
  });

  it.each([
    ['gone', () => Response.json({ status: 'gone' }), 'PLEX_CLIENT_MISMATCH'],
    ['no attempt', () => failed('PLEX_NO_ATTEMPT', 404), 'PLEX_NO_ATTEMPT'],
    ['no attempt, with 401', () => failed('PLEX_NO_ATTEMPT', 401), 'PLEX_NO_ATTEMPT'],
  ])('is gone where the server says %s', async (_, answer, code) => {
    expect(await readingOf(answer)).toMatchObject({ status: 'gone', error: { code } });
  });

  it.each<[string, Answer, object]>([
    [
      'no access',
      () => failed('PLEX_NO_ACCESS', 403),
      { code: 'PLEX_NO_ACCESS', status: 403, retryable: false },
    ],
    [
      'that Plex throttles',
      () => failed('PLEX_RATE_LIMITED', 503, { retryable: true, retryAfterMs: 4000 }),
      { code: 'PLEX_RATE_LIMITED', message: 'Said', retryable: true, retryAfterMs: 4000 },
    ],
    ['a failure with 200', () => failed('PLEX_NETWORK', 200, { retryable: true }), { code: 'PLEX_NETWORK' }],
    [
      'an unknown code',
      () => failed('BAD_REQUEST', 400),
      { code: 'PLEX_HTTP', status: 400, retryable: false },
    ],
    [
      'a code that is no text',
      () => failed('PLEX_NO_ACCESS', 403, { retryable: 'no' }),
      { code: 'PLEX_HTTP', status: 403, retryable: false },
    ],
    [
      'an unknown status',
      () => Response.json({ status: 'ready' }),
      { code: 'PLEX_BAD_REPLY', retryable: true },
    ],
    ['no status', () => Response.json({}), { code: 'PLEX_BAD_REPLY', retryable: true }],
    ['no time left', () => Response.json({ status: 'pending' }), { code: 'PLEX_BAD_REPLY', retryable: true }],
    [
      'a negative time',
      () => Response.json({ status: 'pending', expiresInMs: -1 }),
      { code: 'PLEX_BAD_REPLY', retryable: true },
    ],
    [
      'no user',
      () => Response.json({ status: 'authenticated' }),
      { code: 'PLEX_BAD_REPLY', retryable: true },
    ],
    [
      'a user without a number',
      () => Response.json({ status: 'authenticated', user: { id: 'x' } }),
      { code: 'PLEX_BAD_REPLY', retryable: true },
    ],
    ['a list', () => Response.json([]), { code: 'PLEX_BAD_REPLY', retryable: true }],
    ['null', () => Response.json(null), { code: 'PLEX_BAD_REPLY', retryable: true }],
    ['a page', () => html(), { code: 'PLEX_BAD_REPLY', message: 'The server answered getToken with HTML' }],
    ['a page of a gateway', () => html(502), { code: 'PLEX_HTTP', status: 502, retryable: true }],
    ['a page with 404', () => html(404), { code: 'PLEX_HTTP', status: 404, retryable: true }],
    ['nothing', () => new Response(''), { code: 'PLEX_BAD_REPLY', retryable: true }],
    [
      'no answer',
      () => Promise.reject(new TypeError('fetch failed')),
      { code: 'PLEX_NETWORK', message: 'The server did not answer', retryable: true },
    ],
  ])('is an error where the server says %s', async (_, answer, error) => {
    await expect(readingOf(answer)).rejects.toMatchObject(error);
  });

  it('that comes late is heard all the same', async () => {
    let send = (_: Response) => {};
    const { time, wire } = setWire({
      'GET /attempt': () =>
        new Promise((resolve) => {
          send = resolve;
        }),
    });
    const late: string[] = [];
    const reading = wire.getToken({ pin, signal, onLate: ({ status }) => late.push(status) });
    const outcome = reading.catch(({ code }: { code: string }) => code);
    await time.advance(1000);
    expect(await outcome).toBe('PLEX_TIMEOUT');
    send(Response.json({ status: 'authenticated', user }));
    await time.advance(0);
    expect(late).toEqual(['claimed']);
  });

  it('is asked for without a cache, a redirect and other sites’ cookies', async () => {
    const { asked, inits, wire } = setWire({
      'GET /attempt': () => Response.json({ status: 'pending', expiresInMs: 1 }),
    });
    await wire.getToken({ pin, signal });
    await wire.getToken({ pin, signal, isHinted: true });
    expect(inits[0]).toMatchObject({ cache: 'no-store', redirect: 'manual' });
    expect(['same-origin', undefined]).toContain(inits[0]?.credentials);
    expect(asked.map(({ headers }) => headers.get('Plex-Auth-Hint'))).toEqual([null, '1']);
    expect(asked.map(({ headers }) => [...headers.keys()].filter((name) => /plex/.test(name)))).toEqual([
      [],
      ['plex-auth-hint'],
    ]);
    expect(asked.map(({ url }) => url)).toEqual([`${backendURL}/attempt`, `${backendURL}/attempt`]);
  });
});

describe('a PIN', () => {
  it('is made at Plex and handed over in a header, with its life', async () => {
    const { emulator, asked, wire } = setWire();
    const made = await wire.getPin(request);
    const handed = asked[1]?.headers.get('Plex-Auth-Pin') ?? '';
    expect(handed).toMatch(/^[\w-]+$/);
    expect(JSON.parse(Buffer.from(handed, 'base64url').toString())).toEqual({
      pinID: emulator.pins[0]?.id,
      code: emulator.pins[0]?.code,
      expiresInMs: 1_800_000,
    });
    expect(made).toMatchObject({
      clientIdentifier: 'backend',
      linkURL: expect.stringContaining('plex.tv/link'),
    });
    expect(made.authURL).toContain('clientID=server-of-app');
    expect(made.authURL).not.toContain('forwardUrl');
  });

  it('is handed over again until the server takes it, and the next one is another', async () => {
    let isDown = true;
    const { time, emulator, asked, wire } = setWire({
      'POST /attempt': () => (isDown ? html(503) : Response.json({ status: 'pending', expiresInMs: 1 })),
    });
    await expect(wire.getPin(request)).rejects.toMatchObject({ code: 'PLEX_HTTP', retryable: true });
    await time.advance(60_000);
    isDown = false;
    expect(await wire.getPin(request)).toMatchObject({ expiresInMs: 1_740_000, atMs: time.clock.now() });
    expect(emulator.pins).toHaveLength(1);
    await wire.getPin(request);
    expect(emulator.pins).toHaveLength(2);
    expect(asked.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('is another one where half its life is gone before the server takes it', async () => {
    const { time, emulator, wire } = setWire({ 'POST /attempt': () => html(503) });
    await wire.getPin(request).catch(() => {});
    await time.advance(900_000);
    await wire.getPin(request).catch(() => {});
    expect(emulator.pins).toHaveLength(2);
  });

  it('is handed over once the end of the last attempt has been', async () => {
    let end = (_: Response) => {};
    const { asked, wire } = setWire({
      'DELETE /attempt': () =>
        new Promise((resolve) => {
          end = resolve;
        }),
    });
    void wire.cancelAttempt();
    const made = wire.getPin(request);
    await new Promise(setImmediate);
    expect(asked.map(({ method }) => method)).toEqual(['DELETE', 'GET']);
    end(html(500));
    await made;
    expect(asked.map(({ method }) => method)).toEqual(['DELETE', 'GET', 'POST']);
  });

  it('is asked for with what the server is by then, where Plex knew the last one no more', async () => {
    let identifier = 'old';
    const { emulator, wire } = setWire({
      'GET /client': () => Response.json({ ...client, clientIdentifier: identifier }),
      'GET /attempt': () => Response.json({ status: 'gone' }),
    });
    await wire.getPin(request);
    identifier = 'new';
    await wire.getPin(request);
    await wire.getToken({ pin, signal });
    await wire.getPin(request);
    expect(emulator.pins.map(({ clientIdentifier }) => clientIdentifier)).toEqual(['old', 'old', 'new']);
  });

  it.each([
    ['no object', null],
    ['no client identifier', { product: 'App' }],
    ['a client identifier for no header', { ...client, clientIdentifier: 'Küche' }],
    ['no product', { ...client, product: 5 }],
    ['an empty product', { ...client, product: '' }],
    ['a device that is none', { ...client, device: 'tv' }],
    ['a device field that is no text', { ...client, device: { model: 5 } }],
    ['a length that is none', { ...client, strong: 'yes' }],
    ['a server for anybody to listen to', { ...client, serverURL: 'http://plex.example' }],
    ['a page that is none', { ...client, authAppURL: 'javascript:alert(1)' }],
  ])('is not made where the server describes %s', async (_, description) => {
    const { emulator, wire } = setWire({ 'GET /client': () => Response.json(description) });
    await expect(wire.getPin(request)).rejects.toMatchObject({ code: 'PLEX_BAD_REPLY' });
    expect(emulator.requests).toEqual([]);
  });
});

describe('the session', () => {
  const answerOf = async (answer: Answer) => {
    const { wire } = setWire({
      'GET /attempt': () => Response.json({ status: 'authenticated', user }),
      'GET /session': answer,
    });
    const reading = await wire.getToken({ pin, signal });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    wire.session.outdate();
    return wire.getUser({ token: reading.token, clientIdentifier: 'backend', signal });
  };

  it.each<[string, Answer, object]>([
    ['the same user', () => Response.json({ user }), { status: 'valid', user: { ...whole, ...user } }],
    ['nobody', () => Response.json({ user: null }), { status: 'rejected' }],
    ['somebody else', () => Response.json({ user: { ...user, id: 8 } }), { status: 'rejected' }],
    [
      'that it does not say',
      () => new Response(null, { status: 204 }),
      { status: 'valid', user: { ...whole, ...user } },
    ],
    [
      'that it has no such address',
      () => failed('NOT_FOUND', 404),
      { status: 'valid', user: { ...whole, ...user } },
    ],
  ])('is asked about: the server says %s', async (_, answer, verification) => {
    expect(await answerOf(answer)).toEqual(verification);
  });

  it.each<[string, Answer]>([
    ['a page with 404', () => html(404)],
    ['a page with 401', () => html(401)],
    ['an error', () => failed('PLEX_UNEXPECTED', 500)],
    ['no user', () => Response.json({})],
    ['a list', () => Response.json([])],
    ['no answer', () => Promise.reject(new TypeError('fetch failed'))],
  ])('stays where the server says %s', async (_, answer) => {
    await expect(answerOf(answer)).rejects.toMatchObject({ name: 'PlexAuthError' });
  });

  it('that has begun counts, whatever an answer from before says', async () => {
    let answer = (_: Response) => {};
    const { wire } = setWire({
      'GET /attempt': () => Response.json({ status: 'authenticated', user }),
      'GET /session': () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const found = wire.session.find();
    await new Promise(setImmediate);
    const reading = await wire.getToken({ pin, signal });
    answer(Response.json({ user: null }));
    expect((await found)?.reveal()).toBe(reading.status === 'claimed' && reading.token.reveal());
  });

  it('is not looked for while it is being ended', async () => {
    let end = (_: Response) => {};
    const { asked, wire } = setWire({
      'POST /sign-out': () =>
        new Promise((resolve) => {
          end = resolve;
        }),
      'GET /session': () => Response.json({ user }),
    });
    const token = await wire.session.find();
    if (!token) throw new Error('nobody');
    const over = wire.signOut({ token, clientIdentifier: 'backend', signal });
    wire.session.outdate();
    expect(await wire.session.find()).toBeUndefined();
    end(Response.json({ status: 'signedOut' }));
    await over;
    expect(asked.map(({ method }) => method)).toEqual(['GET', 'POST']);
    wire.session.outdate();
    expect((await wire.session.find())?.reveal()).not.toBe(token.reveal());
  });

  it.each<[string, Answer, string]>([
    ['an error', () => failed('PLEX_UNEXPECTED', 500), 'PLEX_UNEXPECTED'],
    ['that it has no sign-out', () => failed('NOT_FOUND', 404), 'PLEX_HTTP'],
    ['a page', () => html(), 'PLEX_BAD_REPLY'],
  ])('may not be ended: the server says %s', async (_, answer, code) => {
    const { wire } = setWire({
      'POST /sign-out': answer,
      'GET /session': () => Response.json({ user }),
    });
    const token = await wire.session.find();
    if (!token) throw new Error('nobody');
    await expect(wire.signOut({ token, clientIdentifier: 'backend', signal })).rejects.toMatchObject({
      code,
    });
  });
});
