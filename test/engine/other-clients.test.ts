import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { KeyValueStore } from '../../src/index.ts';
import { createMemoryStore, type DriveMove, type Fault } from '../../src/testing/index.ts';
import { codeIn, halfAnHourMs, hourMs, tokenIn } from '../fixture/create-flow.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

describe('how other clients break', () => {
  it('popup closed by COOP ends the flow while the user signs in: here a closed popup is a hint, never an end', async () => {
    const checks = Array.from({ length: 60 }, (_, index): DriveMove => ({ atMs: index * 500, app: 'check' }));
    const flow = await driveFlow({
      script: [
        ...checks,
        { atMs: 30_000, test: ({ view }) => expect(view.status).toMatch(/awaitingLink|fetchingToken/) },
        { atMs: 30_000, user: 'approve' },
      ],
      start: true,
      untilMs: 31_000,
    });
    expectTokenOf(flow);
  });

  it('token granted in the last poll, then dropped because the popup was seen closed first', async () => {
    const flow = await driveFlow({
      emulatorOptions: { readOnce: true },
      script: [
        { atMs: 500, user: 'approve' },
        { atMs: 500, network: { type: 'stale', delayMs: 400 }, operation: 'getToken', times: 1 },
        { atMs: 1200, app: 'check' },
      ],
      untilMs: 1400,
    });
    expectTokenOf(flow);
    expect(flow.drive.askedAtMs('getToken')).toEqual([1000]);
  });

  it('different client identifiers for the two calls, endless 1020: one identifier for both, whatever the store does', async () => {
    let reads = 0;
    const store: KeyValueStore = {
      getItem: () => `client-${++reads}`,
      setItem: () => {},
      removeItem: () => {},
    };
    const { drive } = await driveFlow({ options: { clientIdentifier: undefined, store }, untilMs: 5000 });
    const identifiers = drive.emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
    expect(identifiers.length).toBeGreaterThan(4);
    expect(new Set(identifiers).size).toBe(1);
  });

  it('endless 1020: the first one that has no other reason ends the flow by name', async () => {
    const { drive } = await driveFlow({
      script: [{ atMs: 0, network: { type: 'status', status: 404, code: 1020 }, operation: 'getToken' }],
      untilMs: hourMs,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000]);
    expect(drive.view).toMatchObject({ status: 'failed', error: { code: 'PLEX_CLIENT_MISMATCH' } });
  });

  it('emoji in the device name throws', async () => {
    const flow = await driveFlow({
      options: { product: 'Sofa 🛋️', device: { deviceName: 'Küche 居間 🛋️' } },
      script: [{ atMs: 1500, user: 'approve' }],
      untilMs: 2500,
    });
    expectTokenOf(flow);
    expect(flow.drive.emulator.requests[0]?.product).toBe('Sofa 🛋️');
  });

  it('XML instead of JSON, `code` undefined: a named error, and another try', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'xml' }, operation: 'getPin', times: 1 },
        {
          atMs: 500,
          test: ({ view }) =>
            expect(view).toMatchObject({
              status: 'requestingPin',
              lastError: { code: 'PLEX_BAD_REPLY', message: expect.stringContaining('XML') },
            }),
        },
      ],
      untilMs: 1500,
    });
    expect(drive.view).toHaveProperty('code', expect.stringMatching(/^[a-z0-9]{25}$/));
  });

  it('one network blip aborts the sign-in', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 0, network: 'down', operation: 'getToken', times: 2 },
        {
          atMs: 1001,
          test: ({ view }) =>
            expect(view).toMatchObject({ lastError: { code: 'PLEX_NETWORK', retryable: true } }),
        },
        { atMs: 1001, user: 'approve' },
      ],
      untilMs: 2001,
    });
    expectTokenOf(flow);
  });

  it('overlapping polls from setInterval: never two out at once, however slow Plex is', async () => {
    const checks = Array.from(
      { length: 120 },
      (_, index): DriveMove => ({ atMs: (index + 1) * 500, app: 'check' }),
    );
    const { drive, mostOut } = await driveFlow({
      options: { polling: { intervalMs: 250 } },
      script: [{ atMs: 0, network: { type: 'slow', delayMs: 5000 }, operation: 'getToken' }, ...checks],
      start: true,
      untilMs: 60_000,
    });
    expect(mostOut).toBe(1);
    expect(drive.askedAtMs('getToken').length).toBeGreaterThan(10);
  });

  it.each([hourMs, -hourMs, 10 * 365 * 24 * hourMs])(
    'expiry compared with a skewed clock: plex.tv ahead by %i ms',
    async (offsetMs) => {
      const atMs = halfAnHourMs - 5000;
      const flow = await driveFlow({
        script: [
          { atMs: 0, network: { type: 'clockOffset', offsetMs } },
          { atMs, user: 'approve' },
          { atMs, app: 'check' },
        ],
        start: true,
        untilMs: atMs,
      });
      expectTokenOf(flow);
    },
  );

  it.each<[string, Fault]>([
    ['500', { type: 'status', status: 500 }],
    ['429', { type: 'rateLimited' }],
    ['no network', { type: 'reset' }],
    ['HTML', { type: 'html' }],
  ])('any error reported as "expired": %s is reported as what it is', async (_name, network) => {
    const { drive } = await driveFlow({
      script: [{ atMs: 0, network, operation: 'getToken' }],
      untilMs: 60_000,
    });
    expect(drive.reachedAtMs('expired')).toBeUndefined();
    expect(drive.view).toHaveProperty('lastError.name', 'PlexAuthError');
  });

  it.each<Fault>([
    { type: 'status', status: 500 },
    { type: 'reset' },
    { type: 'hang' },
    { type: 'html' },
    { type: 'rateLimited' },
    { type: 'rateLimited', retryAfter: 30 },
    { type: 'stalled' },
  ])('polling for ever: every flow ends, whatever Plex answers: %j', async (network) => {
    const { drive, left } = await driveFlow({
      emulatorOptions: { lifetimeMs: { strong: 120_000 } },
      script: [{ atMs: 0, network, operation: 'getToken' }],
      untilMs: 2 * hourMs,
    });
    expect(drive.view.status).toMatch(/expired|failed/);
    expect(left).toEqual({ timers: 0, pending: 0 });
  });

  it('an outage taken for an invalid token', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 500, user: 'approve' },
        { atMs: 1001, network: { type: 'status', status: 503 }, operation: 'getUser', times: 1 },
        {
          atMs: 1001,
          test: async ({ auth }) => expect(await auth.verify()).toMatchObject({ status: 'unknown' }),
        },
      ],
      untilMs: 1002,
    });
    expectTokenOf(flow);
  });

  it('new device in the account at each login', async () => {
    const options = { clientIdentifier: undefined, store: createMemoryStore() };
    const identifiers = new Set<string | undefined>();
    for (let login = 0; login < 3; login++) {
      const { drive } = await driveFlow({ options, script: [{ atMs: 500, user: 'approve' }], untilMs: 1500 });
      for (const { clientIdentifier } of drive.emulator.requests) identifiers.add(clientIdentifier);
    }
    expect(identifiers.size).toBe(1);
  });

  it('token in a log: no address, no event, no view and no error shows it', async () => {
    const seen: unknown[] = [];
    const asked: string[] = [];
    const { drive, tokens } = await driveFlow({
      options: { credentials: createMemoryStore() },
      inspector: ({ fetch }) => ({
        fetch: (input, init) => {
          asked.push(String(input));
          return fetch(input, init);
        },
        inspect: (event) => {
          if ('event' in event) seen.push(event.event);
          if ('snapshot' in event && 'context' in event.snapshot) seen.push(event.snapshot.context);
        },
      }),
      script: [
        { atMs: 500, user: 'approve' },
        {
          atMs: 1500,
          async test({ auth, emulator }) {
            const message = tokenIn(auth);
            emulator.fault({ type: 'status', status: 500, message }, { operation: 'getUser' });
            seen.push(await auth.verify());
            auth.signOut();
          },
        },
      ],
      untilMs: 2000,
    });
    expect(drive.view).toEqual({ status: 'idle', reason: 'signedOut' });
    seen.push(...drive.timeline);
    const shown = `${inspect(seen, { depth: 20, showHidden: true })}${JSON.stringify(seen)}${asked.join()}`;
    expect(shown).toContain('[redacted]');
    expect(asked.length).toBeGreaterThan(3);
    expect(tokens).toHaveLength(1);
    expect(shown.includes(tokens[0] ?? '')).toBe(false);
  });

  it('an emptied flow after a page reload', async () => {
    let code = '';
    const flow = await driveFlow({
      options: { store: createMemoryStore() },
      script: [
        {
          atMs: 5000,
          test: ({ auth }) => {
            code = codeIn(auth);
          },
        },
        { atMs: 5000, app: 'reload' },
        {
          atMs: 5500,
          test: ({ view }) => expect(view).toMatchObject({ status: 'awaitingLink', code }),
        },
        { atMs: 5500, user: 'approve' },
      ],
      untilMs: 6500,
    });
    expectTokenOf(flow);
    expect(flow.drive.emulator.pins).toHaveLength(1);
  });
});
