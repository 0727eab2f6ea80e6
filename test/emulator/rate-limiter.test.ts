import { describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import { askPlex } from './ask-plex.ts';

const ping = (emulator: PlexEmulator, init?: RequestInit) => askPlex(emulator, 'GET /api/v2/ping', init);

describe('the rate limit', () => {
  it('holds for each client identifier in a sliding window', async () => {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock, rateLimit: { requests: 2, perMs: 10_000 } });
    const other = { headers: { 'X-Plex-Client-Identifier': 'other' } };
    expect((await ping(emulator)).status).toBe(200);
    await advance(4_500);
    expect((await ping(emulator)).status).toBe(200);
    const refused = await ping(emulator);
    expect([refused.status, refused.json.errors[0]?.code]).toEqual([429, 1003]);
    expect(refused.headers.get('Retry-After')).toBe('6');
    expect((await ping(emulator, other)).status).toBe(200);
    await advance(5_500);
    expect((await ping(emulator)).status).toBe(200);
    expect((await ping(emulator)).status).toBe(429);
  });

  it('sends the given Retry-After', async () => {
    const emulator = createPlexEmulator({ rateLimit: { requests: 1, perMs: 10_000, retryAfterMs: 90_000 } });
    await ping(emulator);
    expect((await ping(emulator)).headers.get('Retry-After')).toBe('90');
  });
});
