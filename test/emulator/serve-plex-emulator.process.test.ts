import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/index.ts';

let served: ServedPlexEmulator;
afterEach(() => served.close());

const headers = { Accept: 'application/json', 'X-Plex-Client-Identifier': 'tv' };

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(served.url + path, { ...init, headers: { ...headers, ...init.headers } });
}

/** What arrives on the bare socket until it closes. */
function readSocket(request: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => socket.write(request));
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
}

const bareGet = (path: string) =>
  `GET ${path} HTTP/1.1\r\nHost: ${new URL(served.url).host}\r\nConnection: close\r\n\r\n`;

describe('the served emulator', () => {
  it('takes a whole sign-in over the network, on 127.0.0.1', async () => {
    served = await servePlexEmulator();
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const made = await ask('/api/v2/pins?strong=true', { method: 'POST' });
    const pin = (await made.json()) as { id: number; code: string; qr: string };
    expect([made.status, pin.qr]).toEqual([201, `${served.url}/api/v2/pins/qr/${pin.code}`]);
    const body = new URLSearchParams({ code: pin.code });
    const asUser = { 'X-Plex-Token': served.emulator.accountToken };
    expect((await ask('/api/v2/pins/link', { method: 'PUT', body, headers: asUser })).status).toBe(204);
    const { authToken } = (await (await ask(`/api/v2/pins/${pin.id}`)).json()) as { authToken: string };
    const user = await ask('/api/v2/user', { headers: { 'X-Plex-Token': authToken } });
    expect([user.status, user.headers.has('Date')]).toEqual([200, true]);
    expect(
      (await ask('/api/v2/users/signout', { method: 'DELETE', headers: { 'X-Plex-Token': authToken } }))
        .status,
    ).toBe(204);
  });

  it('answers a preflight', async () => {
    served = await servePlexEmulator();
    const preflight = { Origin: 'https://app.example', 'Access-Control-Request-Headers': 'x-plex-product' };
    const { status, headers: allowed } = await ask('/api/v2/pins', { method: 'OPTIONS', headers: preflight });
    expect([status, allowed.get('Access-Control-Allow-Origin')]).toEqual([204, '*']);
    expect(allowed.get('Access-Control-Allow-Headers')).toBe('x-plex-product');
  });

  it('answers many at once', async () => {
    served = await servePlexEmulator();
    const asked = Array.from({ length: 40 }, () => ask('/api/v2/pins', { method: 'POST' }));
    const pins = await Promise.all(asked.map(async (made) => (await made).json() as Promise<{ id: number }>));
    expect(new Set(pins.map(({ id }) => id)).size).toBe(40);
  });

  it('drops the connection on a reset, and answers the next one', async () => {
    served = await servePlexEmulator();
    served.emulator.fault({ type: 'reset' });
    expect(await readSocket(bareGet('/api/v2/ping'))).toBe('');
    served.emulator.fault({ type: 'reset' });
    await expect(ask('/api/v2/ping', { method: 'GET' })).rejects.toThrow('fetch failed');
    expect((await ask('/api/v2/ping')).status).toBe(200);
    expect(served.emulator.pending).toBe(0);
  });

  it('sends status, headers and half the body when truncated, then drops the connection', async () => {
    served = await servePlexEmulator();
    served.emulator.fault({ type: 'truncated' }, { times: 2 });
    const text = await readSocket(bareGet('/api/v2/ping.json'));
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(text).toContain('\r\n{"pong\r\n');
    expect(text).not.toContain('true');
    const response = await ask('/api/v2/ping');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('sends half the body when stalled, and lets the client give up', async () => {
    served = await servePlexEmulator();
    served.emulator.fault({ type: 'stalled' });
    const abort = new AbortController();
    const response = await ask('/api/v2/ping', { signal: abort.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"pong');
    abort.abort(new Error('gave up'));
    await expect(reader.read()).rejects.toThrow('gave up');
  });

  it('ends a hanging request when its client disconnects', async () => {
    served = await servePlexEmulator();
    served.emulator.fault({ type: 'hang' });
    const abort = new AbortController();
    const asked = ask('/api/v2/ping', { signal: abort.signal });
    await expect.poll(() => served.emulator.pending).toBe(1);
    abort.abort(new Error('gave up'));
    await expect(asked).rejects.toThrow('gave up');
    await expect.poll(() => served.emulator.pending).toBe(0);
  });

  it('ends hanging and idle connections at once when it closes, even twice', async () => {
    served = await servePlexEmulator();
    await ask('/api/v2/ping');
    served.emulator.fault({ type: 'hang' });
    const asked = ask('/api/v2/ping').catch((error: Error) => error.message);
    await expect.poll(() => served.emulator.pending).toBe(1);
    await served.close();
    expect(await asked).toBe('fetch failed');
    await expect.poll(() => served.emulator.pending).toBe(0);
    await served.close();
  });

  /** Asks with a form as its body, which `fetch` refuses for a GET. */
  async function askWithForm(method: string, path: string, form: string) {
    const sent = request(served.url + path, { method, agent: false });
    sent.setHeader('Accept', 'application/json');
    sent.setHeader('Content-Type', 'application/x-www-form-urlencoded');
    sent.setHeader('Content-Length', form.length);
    sent.end(form);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    for await (const part of response) text += part;
    return { status: response.statusCode, json: text && JSON.parse(text) };
  }

  it('takes the form of a GET, after the query', async () => {
    served = await servePlexEmulator();
    const made = await ask('/api/v2/pins', { method: 'POST' });
    const { id } = (await made.json()) as { id: number };
    const read = await askWithForm('GET', `/api/v2/pins/${id}`, 'X-Plex-Client-Identifier=tv');
    expect([read.status, read.json.id]).toEqual([200, id]);
    const other = `/api/v2/pins/${id}?x-plex-client-identifier=other`;
    expect((await askWithForm('GET', other, 'X-Plex-Client-Identifier=tv')).status).toBe(404);
    const large = `X-Plex-Client-Identifier=tv&x=${'x'.repeat(200_000)}`;
    expect((await askWithForm('GET', `/api/v2/pins/${id}`, large)).status).toBe(413);
    expect(served.emulator.requests.every(({ path }) => !path.includes('?'))).toBe(true);
  });

  it('stops reading a body that is too large', async () => {
    served = await servePlexEmulator();
    const sent = request(`${served.url}/api/v2/pins`, { method: 'POST', headers, agent: false });
    sent.setHeader('Content-Type', 'application/x-www-form-urlencoded');
    const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
    const closed = new Promise((resolve) => sent.once('close', resolve));
    sent.on('error', () => {});
    let written = 0;
    const pour = () => {
      while (!sent.destroyed && written < 500) {
        written += 1;
        if (!sent.write('a'.repeat(1_000_000))) return;
      }
    };
    sent.on('drain', pour);
    pour();
    const response = await answered;
    response.on('error', () => {}).resume();
    expect(response.statusCode).toBe(413);
    await closed;
    expect(written).toBeLessThan(200);
    expect((await ask('/api/v2/ping')).status).toBe(200);
  });

  it('survives malformed requests', async () => {
    served = await servePlexEmulator();
    expect(await readSocket('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await readSocket('GET /api/v2/pins/%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1\.1 4/);
    expect(await readSocket('GET //evil/../api HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 4/,
    );
    const cut =
      'POST /api/v2/pins HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';
    const socket = connect(Number(new URL(served.url).port), '127.0.0.1', () => {
      socket.write(cut, () => socket.destroy());
    });
    await expect.poll(() => socket.destroyed).toBe(true);
    expect((await ask('/api/v2/ping')).status).toBe(200);
    await expect.poll(() => served.emulator.pending).toBe(0);
  });

  it('refuses a port out of range, and one that is taken', async () => {
    served = await servePlexEmulator();
    await expect(servePlexEmulator({ port: 70_000 })).rejects.toThrow(
      new TypeError('plex-auth-flow: port must be an integer from 0 to 65535'),
    );
    await expect(servePlexEmulator({ port: Number(new URL(served.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});
