import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex, makePin } from './ask-plex.ts';

describe('the log', () => {
  it('has every request, in order and without a token', async () => {
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

  it('counts a request as pending until it is answered', async () => {
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
