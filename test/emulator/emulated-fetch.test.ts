import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin } from './ask-plex.ts';

const ping = 'https://plex.tv/api/v2/ping';

describe('fetch', () => {
  it('takes a string, a URL and a Request', async () => {
    const { fetch } = createPlexEmulator();
    for (const input of [ping, new URL(ping), new Request(ping)])
      expect((await fetch(input)).status).toBe(200);
  });

  it('rejects what no fetch takes', async () => {
    const { fetch } = createPlexEmulator();
    await expect(fetch('/relative')).rejects.toThrow(TypeError);
    await expect(fetch(ping, { method: 'GET', body: 'x' })).rejects.toThrow(TypeError);
    await expect(fetch(ping, { headers: { 'X-Plex-Product': 'Living 🛋' } })).rejects.toThrow(TypeError);
  });

  it('asks nothing with a signal that is aborted already', async () => {
    const emulator = createPlexEmulator();
    const signal = AbortSignal.abort('too late');
    await expect(emulator.fetch(ping, { signal })).rejects.toBe('too late');
    await expect(emulator.fetch(new Request(ping, { signal }))).rejects.toBe('too late');
    expect(emulator.requests).toEqual([]);
  });

  it('breaks a body that is not read yet when the client aborts', async () => {
    const abort = new AbortController();
    const response = await createPlexEmulator().fetch(ping, { signal: abort.signal });
    abort.abort(new Error('gave up'));
    await expect(response.text()).rejects.toThrow('gave up');
  });

  it('answers many requests at once', async () => {
    const emulator = createPlexEmulator();
    const pins = await Promise.all(Array.from({ length: 50 }, () => makePin(emulator)));
    expect(new Set(pins.map(({ id }) => id)).size).toBe(50);
    expect(emulator.pending).toBe(0);
  });
});

describe('the books', () => {
  it('note everything that is asked, in order and without a token', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const headers = { Origin: 'https://app.example', 'X-Plex-Product': 'Living Room' };
    const pin = await makePin(emulator, { headers });
    await advance(1_000);
    const token = emulator.link(pin.code);
    await askPlex(emulator, `GET /api/v2/pins/${pin.id}.json?deviceJWT=secret`);
    await askPlex(emulator, `GET /api/v2/user?X-Plex-Token=${token}`);
    await askPlex(emulator, 'GET /nothing');
    const [atMs, client] = [Date.UTC(2026, 0, 1), { clientIdentifier: 'tv' }];
    expect(emulator.requests).toEqual([
      {
        atMs,
        method: 'POST',
        path: '/api/v2/pins',
        operation: 'getPin',
        ...client,
        product: 'Living Room',
        origin: 'https://app.example',
        status: 201,
      },
      {
        atMs: atMs + 1_000,
        method: 'GET',
        path: `/api/v2/pins/${pin.id}.json`,
        operation: 'getToken',
        ...client,
        status: 200,
      },
      {
        atMs: atMs + 1_000,
        method: 'GET',
        path: '/api/v2/user',
        operation: 'getUser',
        ...client,
        status: 200,
      },
      { atMs: atMs + 1_000, method: 'GET', path: '/nothing', status: 404 },
    ]);
    expect(JSON.stringify([emulator.requests, emulator.pins])).not.toContain(token);
  });

  it('count a request as pending until it is answered', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    emulator.fault({ type: 'slow', delayMs: 500 });
    const asked = askPlex(emulator, 'GET /api/v2/ping');
    expect(emulator.pending).toBe(1);
    expect(emulator.requests[0]).not.toHaveProperty('status');
    await advance(500);
    await asked;
    expect(emulator.pending).toBe(0);
  });
});

describe('the options', () => {
  it.each([
    ['clock', { clock: { now: () => 0 } }],
    ['random', { random: 4 }],
    ['lifetimeMs.strong', { lifetimeMs: { strong: 0 } }],
    ['lifetimeMs.short', { lifetimeMs: { short: Number.NaN } }],
    ['approveAfterMs', { approveAfterMs: -1 }],
    ['readOnce', { readOnce: 'yes' }],
    ['tokenLagMs', { tokenLagMs: Number.POSITIVE_INFINITY }],
    ['rateLimit.requests', { rateLimit: { requests: 0, perMs: 1 } }],
    ['rateLimit.perMs', { rateLimit: { requests: 1, perMs: 0 } }],
    ['rateLimit.retryAfterMs', { rateLimit: { requests: 1, perMs: 1, retryAfterMs: -1 } }],
    ['user', { user: 'ada' }],
    ['idBase', { idBase: 1.5 }],
    ['openerPolicy', { openerPolicy: 'open' }],
  ])('refuse a bad %s at once, by name', (name, options) => {
    expect(() => createPlexEmulator(options as object)).toThrow(TypeError);
    expect(() => createPlexEmulator(options as object)).toThrow(`createPlexEmulator: ${name} must be`);
  });
});
