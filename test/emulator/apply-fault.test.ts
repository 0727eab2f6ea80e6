import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin, readToken } from './ask-plex.ts';

const ping = (emulator: PlexEmulator, init?: RequestInit) => askPlex(emulator, 'GET /api/v2/ping', init);

describe('the fault', () => {
  it('status answers in the envelope, with the given code and message', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'status', status: 403, code: 1068, message: 'not available for this device' });
    const { json, headers } = await ping(emulator);
    expect(json).toEqual({ errors: [{ code: 1068, message: 'not available for this device', status: 403 }] });
    expect(headers.get('Access-Control-Allow-Origin')).toBe('*');
    emulator.fault({ type: 'status', status: 204 });
    expect(await ping(emulator)).toMatchObject({ status: 204, text: '' });
  });

  it('reset rejects as fetch does, and nothing was done', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'reset' });
    const failed = await makePin(emulator).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(TypeError);
    expect(failed).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    expect(emulator.pins).toEqual([]);
    expect(emulator.requests[0]).not.toHaveProperty('status');
    expect(emulator.pending).toBe(0);
  });

  it('hang never answers, and ends when the client aborts', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    emulator.fault({ type: 'hang' });
    const abort = new AbortController();
    const asked = ping(emulator, { signal: abort.signal }).catch((error: unknown) => error);
    await advance(3_600_000);
    expect(emulator.pending).toBe(1);
    abort.abort(new Error('gave up'));
    expect(await asked).toEqual(new Error('gave up'));
    expect(emulator.pending).toBe(0);
  });

  it('slow answers late, with what is true at that moment', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const pin = await makePin(emulator);
    emulator.fault({ type: 'slow', delayMs: 8_000 });
    const asked = readToken(emulator, pin);
    await advance(7_999);
    const token = emulator.link(pin.code);
    expect(emulator.pending).toBe(1);
    await advance(1);
    expect(await asked).toBe(token);
  });

  it('stale answers late, with what was true at the request', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const pin = await makePin(emulator);
    emulator.fault({ type: 'stale', delayMs: 8_000 });
    const asked = readToken(emulator, pin);
    await advance(4_000);
    emulator.link(pin.code);
    await advance(4_000);
    expect(await asked).toBe(null);
  });

  it('slow and stale stop waiting when the client aborts, and leave no timer behind', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    for (const type of ['slow', 'stale'] as const) {
      emulator.fault({ type, delayMs: 8_000 });
      const abort = new AbortController();
      const asked = makePin(emulator, { signal: abort.signal }).catch((error: unknown) => error);
      await time.advance(10);
      expect(time.timers).toBe(1);
      abort.abort('enough');
      expect(await asked).toBe('enough');
      expect(time.timers).toBe(0);
    }
    expect(emulator.pins).toHaveLength(1);
  });

  it('slow does nothing for a client that aborts at once', async () => {
    const time = createVirtualTime();
    const emulator = createPlexEmulator({ clock: time.clock });
    emulator.fault({ type: 'slow', delayMs: 10 });
    const abort = new AbortController();
    const asked = makePin(emulator, { signal: abort.signal }).catch((error: unknown) => error);
    abort.abort('never mind');
    expect(await asked).toBe('never mind');
    await time.advance(1_000);
    expect(emulator.pins).toEqual([]);
    expect(time.timers).toBe(0);
  });

  it('truncated leaves an answer without a body as it is', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'truncated' });
    const init = { headers: { 'X-Plex-Token': emulator.accountToken } };
    expect((await askPlex(emulator, 'DELETE /api/v2/users/signout', init)).status).toBe(204);
  });

  it('truncated keeps status and headers, and breaks the body half-way', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'truncated' });
    const response = await emulator.fetch('https://plex.tv/api/v2/ping.json');
    expect([response.status, response.headers.get('Content-Type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"pong');
    await expect(reader.read()).rejects.toThrow('terminated');
  });

  it('stalled sends half a body, then nothing until the client aborts', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    emulator.fault({ type: 'stalled' });
    const abort = new AbortController();
    const response = await emulator.fetch('https://plex.tv/api/v2/ping.json', { signal: abort.signal });
    let outcome: unknown = 'reading';
    const read = response.text().catch((error: unknown) => {
      outcome = error;
    });
    await advance(60_000);
    expect(outcome).toBe('reading');
    abort.abort();
    await read;
    expect(outcome).toMatchObject({ name: 'AbortError' });
  });

  it('html answers with a page', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'html' });
    emulator.fault({ type: 'html', status: 502 });
    for (const status of [200, 502]) {
      const asked = await ping(emulator);
      expect(asked.status).toBe(status);
      expect(asked.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
      expect(asked.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(asked.text).toMatch(/^<!doctype html>/);
    }
  });

  it('xml answers in XML although the client asks for JSON', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'xml' });
    const { status, headers, text } = await askPlex(emulator, 'POST /api/v2/pins');
    expect([status, headers.get('Content-Type')]).toEqual([201, 'application/xml; charset=utf-8']);
    expect(text).toMatch(/^<\?xml .*\?>\n<pin id="\d+"/);
  });

  it.each([
    [30, '30'],
    [new Date(Date.UTC(2026, 0, 1)), 'Thu, 01 Jan 2026 00:00:00 GMT'],
    ['soon', 'soon'],
    [undefined, null],
  ])('rateLimited with %s says Retry-After: %s', async (retryAfter, header) => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'rateLimited', ...(retryAfter === undefined ? {} : { retryAfter }) });
    const { status, headers, json } = await ping(emulator);
    expect([status, headers.get('Retry-After'), json.errors[0]?.code]).toEqual([429, header, 1003]);
  });

  it('clockOffset moves every time in an answer except the seconds left, until it is removed', async () => {
    const { clock } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const remove = emulator.fault({ type: 'clockOffset', offsetMs: -3_600_000 });
    const early = await askPlex(emulator, 'POST /api/v2/pins?strong=1');
    expect(early.headers.get('Date')).toBe('Wed, 31 Dec 2025 23:00:00 GMT');
    expect(early.json).toMatchObject({
      createdAt: '2025-12-31T23:00:00Z',
      expiresAt: '2025-12-31T23:30:00Z',
    });
    expect(early.json.expiresIn).toBe(1800);
    expect(emulator.pins[0]?.expiresAtMs).toBe(Date.UTC(2026, 0, 1, 0, 30));
    remove();
    const { headers, json } = await askPlex(emulator, `GET /api/v2/pins/${early.json.id}`);
    expect([headers.get('Date'), json.expiresAt]).toEqual([
      'Thu, 01 Jan 2026 00:00:00 GMT',
      '2026-01-01T00:30:00Z',
    ]);
  });
});
