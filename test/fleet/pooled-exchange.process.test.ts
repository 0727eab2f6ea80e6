/** Reads over real sockets: what each way of going wrong becomes, and that connections stay open. */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readFleetOptions } from '../../src/fleet/fleet-options.ts';
import { createFleetWire, type FleetWire } from '../../src/fleet/fleet-wire.ts';
import type { PinReading } from '../../src/pin.ts';

const pin = { pinID: 7, code: 'abcd', clientIdentifier: 'tv', atMs: 0, expiresInMs: 900_000 };
const pending = { id: 7, code: 'abcd', clientIdentifier: 'tv', expiresIn: 800, authToken: null };
const claimed = { ...pending, authToken: 'a-token-of-twenty-chars' };

let server: Server | undefined;
let wire: FleetWire | undefined;

afterEach(async () => {
  await wire?.close();
  server?.closeAllConnections();
  server?.close();
});

async function serve(listener: RequestListener, requestTimeoutMs = 2000): Promise<FleetWire> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const serverURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  wire = createFleetWire(
    readFleetOptions({
      product: 'Test',
      clientIdentifier: 'tv',
      serverURL,
      requestTimeoutMs,
      connections: 4,
    }),
  );
  return wire;
}

function read(by: FleetWire, onLate: (reading: PinReading) => void = () => {}): Promise<PinReading> {
  return new Promise((onReading, onError) => by.readPin(pin, { onReading, onError, onLate }));
}

async function readFrom(listener: RequestListener): Promise<PinReading> {
  return read(await serve(listener));
}

const json = { 'Content-Type': 'application/json' };

describe('a read over the pool', () => {
  it('asks for the PIN in the name of its installation', async () => {
    const asked: unknown[] = [];
    const reading = await readFrom(({ method, url, headers }, response) => {
      asked.push(method, url, headers.accept, headers['x-plex-client-identifier'], headers['x-plex-product']);
      response.writeHead(200, json).end(JSON.stringify(pending));
    });
    expect(reading).toMatchObject({ status: 'pending', expiresInMs: 800_000 });
    expect(asked).toEqual(['GET', '/api/v2/pins/7', 'application/json', 'tv', 'Test']);
  });

  it('brings the token, in parts and after a byte order mark too', async () => {
    const reading = await readFrom((_request, response) => {
      const text = `\uFEFF${JSON.stringify(claimed)}`;
      response.writeHead(200, json).write(text.slice(0, 30));
      setTimeout(() => response.end(text.slice(30)), 20);
    });
    expect(reading.status === 'claimed' && reading.token.reveal()).toBe(claimed.authToken);
  });

  it('counts what has come if it is whole, although the connection breaks', async () => {
    const reading = await readFrom((_request, response) => {
      response.writeHead(200, { ...json, 'Content-Length': '5000' }).write(JSON.stringify(claimed));
      setTimeout(() => response.destroy(), 20);
    });
    expect(reading.status).toBe('claimed');
  });

  it('hands over what comes after the time limit', async () => {
    const late: PinReading[] = [];
    const slow = await serve((_request, response) => {
      setTimeout(() => response.writeHead(200, json).end(JSON.stringify(claimed)), 300);
    }, 100);
    await expect(read(slow, (reading) => late.push(reading))).rejects.toMatchObject({
      code: 'PLEX_TIMEOUT',
    });
    await expect.poll(() => late[0]?.status).toBe('claimed');
  });

  it('leaves the connections of the next reads free, however many are never answered', async () => {
    let silent = 8;
    const closed: number[] = [];
    const stalling = await serve(({ socket }, response) => {
      if (silent-- > 0) socket.once('close', () => closed.push(silent));
      else response.writeHead(200, json).end(JSON.stringify(pending));
    }, 800);
    for (let round = 0; round < 2; round++)
      await Promise.allSettled(Array.from({ length: 4 }, () => read(stalling)));
    const readings = await Promise.all(Array.from({ length: 8 }, () => read(stalling)));
    expect(readings.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'pending'));
    // Two are still waited for.
    await expect.poll(() => closed.length).toBe(6);
  });

  it('loses no token where the process slept until all time limits had passed', async () => {
    const responses: ServerResponse[] = [];
    const sleeping = await serve((_request, response) => {
      responses.push(response);
      if (responses.length < 4) return;
      for (const one of responses) one.writeHead(200, json).end(JSON.stringify(claimed));
      for (const beganMs = Date.now(); Date.now() - beganMs < 400; );
    }, 300);
    const late: string[] = [];
    const reads = Array.from({ length: 4 }, () => read(sleeping, ({ status }) => late.push(status)));
    const readings = (await Promise.allSettled(reads)).filter(({ status }) => status === 'fulfilled');
    await expect.poll(() => readings.length + late.length).toBe(4);
  });

  it('is given up when the pool is closed, if the answer does not come within the time limit once more', async () => {
    const silent = await serve(() => {}, 200);
    await expect(read(silent)).rejects.toMatchObject({ code: 'PLEX_TIMEOUT' });
    const beganMs = performance.now();
    await silent.close();
    const tookMs = performance.now() - beganMs;
    expect(tookMs).toBeGreaterThan(150);
    expect(tookMs).toBeLessThan(2000);
  });

  it.each<[string, RequestListener, object]>([
    [
      'breaks in the middle',
      (_request, response) => {
        response.writeHead(200, { ...json, 'Content-Length': '5000' }).write('{"id":7,');
        setTimeout(() => response.destroy(), 20);
      },
      { code: 'PLEX_NETWORK', status: 200, retryable: true },
    ],
    ['is reset', (request) => request.socket.resetAndDestroy(), { code: 'PLEX_NETWORK', retryable: true }],
    [
      'is a page',
      (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Welcome</html>');
      },
      { code: 'PLEX_BAD_REPLY', retryable: true },
    ],
    [
      'has no end',
      (_request, response) => {
        response.writeHead(200, json);
        const more = () => void (response.writable && response.write('x'.repeat(100_000), more));
        more();
      },
      { code: 'PLEX_BAD_REPLY' },
    ],
    [
      'asks to wait',
      (_request, response) => {
        response.writeHead(429, { ...json, 'Retry-After': '7' }).end('{}');
      },
      { code: 'PLEX_RATE_LIMITED', retryAfterMs: 7000 },
    ],
    [
      'leads elsewhere',
      (_request, response) => {
        response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end();
      },
      { code: 'PLEX_HTTP', status: 302 },
    ],
  ])('is an error with a name where the answer %s', async (_name, listener, error) => {
    await expect(readFrom(listener)).rejects.toMatchObject(error);
  });

  it('is an error where nobody listens, and shows neither code nor token', async () => {
    const closed = await serve(() => {});
    server?.close();
    const error = await read(closed).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'PLEX_NETWORK', cause: { code: 'ECONNREFUSED' } });
    expect(JSON.stringify(error)).not.toContain('abcd');
  });

  it('uses few connections for many reads, and opens one anew that the server has closed', async () => {
    const sockets = new Set<unknown>();
    const many = await serve(({ socket }, response) => {
      sockets.add(socket);
      response.writeHead(200, json).end(JSON.stringify(pending));
    });
    for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 8 }, () => read(many)));
    // Four, and the two that there are for late reads.
    expect(sockets.size).toBeLessThanOrEqual(6);
    server?.closeAllConnections();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await read(many)).status).toBe('pending');
  });
});
