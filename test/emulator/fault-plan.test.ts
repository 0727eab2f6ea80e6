import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { askPlex } from './ask-plex.ts';

const ping = (emulator: PlexEmulator) => askPlex(emulator, 'GET /api/v2/ping');

describe('a fault', () => {
  it('applies once by default, and then requests succeed again', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'status', status: 503 });
    expect([(await ping(emulator)).status, (await ping(emulator)).status]).toEqual([503, 200]);
  });

  it('applies to its operation, `times` requests, after `after` of them', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'status', status: 502 }, { operation: 'ping', times: 2, after: 1 });
    expect((await askPlex(emulator, 'POST /api/v2/pins')).status).toBe(201);
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await ping(emulator)).status);
    expect(statuses).toEqual([200, 502, 502, 200]);
  });

  it('waits behind an earlier one, and counts the requests that the earlier one takes', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'status', status: 500 });
    emulator.fault({ type: 'status', status: 501 });
    emulator.fault({ type: 'status', status: 502 }, { after: 2 });
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push((await ping(emulator)).status);
    expect(statuses).toEqual([500, 501, 502, 200]);
  });

  it('with `times: Infinity` applies until it is removed', async () => {
    const emulator = createPlexEmulator();
    const remove = emulator.fault({ type: 'status', status: 500 }, { times: Number.POSITIVE_INFINITY });
    for (let count = 0; count < 5; count++) expect((await ping(emulator)).status).toBe(500);
    remove();
    expect((await ping(emulator)).status).toBe(200);
  });

  it('does not apply to pages, preflights and unknown paths', async () => {
    const emulator = createPlexEmulator();
    emulator.fault({ type: 'reset' });
    expect((await askPlex(emulator, 'GET /auth')).status).toBe(200);
    expect((await askPlex(emulator, 'OPTIONS /api/v2/pins')).status).toBe(204);
    expect((await askPlex(emulator, 'GET /api/v2/nothing')).status).toBe(404);
    await expect(ping(emulator)).rejects.toThrow('fetch failed');
  });
});
