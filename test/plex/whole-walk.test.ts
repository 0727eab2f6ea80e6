import { describe, expect, it } from 'vitest';
import { createPlexClient } from '../../src/plex/client.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import { errorIn } from './answering-client.ts';

describe('against the emulator', () => {
  it('walks from the PIN to the account and out again', async () => {
    const { clock } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const client = createPlexClient({
      clientIdentifier: 'tv',
      product: 'Living Room',
      clock,
      fetch: emulator.fetch,
    });
    const { pinID, code, expiresInMs } = await client.getPin({ strong: true });
    expect([code.length, expiresInMs]).toEqual([25, 1_800_000]);
    expect(await client.getToken({ pinID })).toHaveProperty('status', 'pending');
    expect(await client.linkPin({ code, token: emulator.accountToken })).toEqual({ status: 'linked' });
    const reading = await client.getToken({ pinID });
    if (reading.status !== 'claimed') throw new Error(reading.status);
    const { token } = reading;
    expect(await client.getUser({ token })).toMatchObject({
      status: 'valid',
      user: { username: 'emulated' },
    });
    expect(await client.ping({ token })).toEqual({ status: 'pong' });
    expect(await client.signOut({ token })).toEqual({ status: 'signedOut' });
    expect(await client.getUser({ token })).toEqual({ status: 'rejected' });
    expect(await client.signOut({ token })).toEqual({ status: 'rejected' });
    expect(emulator.requests.every(({ clientIdentifier }) => clientIdentifier === 'tv')).toBe(true);
  });

  it('gets four characters for 15 minutes unless it asks for a strong code', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    expect(await client.getPin()).toMatchObject({
      code: expect.stringMatching(/^[A-Z0-9]{4}$/),
      expiresInMs: 900_000,
    });
  });

  it('finds a PIN gone that another client made', async () => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    const { pinID } = await client.getPin();
    expect(await client.getToken({ pinID, clientIdentifier: 'tablet' })).toHaveProperty('status', 'gone');
  });

  it.each([
    ['status', { type: 'status', status: 500 }, 'PLEX_HTTP'],
    ['reset', { type: 'reset' }, 'PLEX_NETWORK'],
    ['truncated', { type: 'truncated' }, 'PLEX_NETWORK'],
    ['html', { type: 'html' }, 'PLEX_BAD_REPLY'],
    ['html 503', { type: 'html', status: 503 }, 'PLEX_HTTP'],
    ['xml', { type: 'xml' }, 'PLEX_BAD_REPLY'],
    ['rateLimited', { type: 'rateLimited', retryAfter: 5 }, 'PLEX_RATE_LIMITED'],
  ] as const)('names the fault %s', async (_name, fault, code) => {
    const emulator = createPlexEmulator();
    const client = createPlexClient({ clientIdentifier: 'tv', fetch: emulator.fetch });
    emulator.fault(fault, { times: 2 });
    expect(await errorIn(client.getPin())).toMatchObject({ code, retryable: true });
  });
});
