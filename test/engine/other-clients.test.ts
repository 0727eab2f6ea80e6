import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPlexAuth, type KeyValueStore } from '../../src/index.ts';
import type { Fault, FaultScope } from '../../src/testing/index.ts';
import {
  codeIn,
  createFlow,
  createShortLivedWorld,
  createWorld,
  expectToken,
  halfAnHourMs,
  hourMs,
  lastErrorIn,
  link,
  startFlow,
} from '../fixture/create-flow.ts';

const always: FaultScope = { operation: 'getToken', times: Number.POSITIVE_INFINITY };

describe('how other clients break', () => {
  const store = (): KeyValueStore => {
    const items = new Map<string, string>();
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
      removeItem: (key) => void items.delete(key),
    };
  };

  it('popup closed by COOP ends the flow while the user signs in: here a closed popup is a hint, never an end', async () => {
    const flow = startFlow();
    for (let count = 0; count < 60; count++) {
      flow.auth.check();
      await flow.time.advance(500);
    }
    expect(flow.status()).toMatch(/awaitingLink|fetchingToken/);
    const token = link(flow);
    await flow.time.advance(1000);
    expectToken(flow, token);
  });

  it('token granted in the last poll, then dropped because the popup was seen closed first', async () => {
    const flow = startFlow({}, createWorld({ readOnce: true }));
    await flow.time.advance(500);
    const token = link(flow);
    flow.emulator.fault({ type: 'stale', delayMs: 400 }, { operation: 'getToken' });
    await flow.time.advance(700);
    flow.auth.check();
    await flow.time.advance(200);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000]);
  });

  it('different client identifiers for the two calls, endless 1020: one identifier for both, whatever the store does', async () => {
    let reads = 0;
    const forgetful: KeyValueStore = {
      getItem: () => `client-${++reads}`,
      setItem: () => {},
      removeItem: () => {},
    };
    const flow = startFlow({ clientIdentifier: undefined, store: forgetful });
    await flow.time.advance(5000);
    const identifiers = flow.emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
    expect(identifiers.length).toBeGreaterThan(4);
    expect(new Set(identifiers).size).toBe(1);
  });

  it('endless 1020: the first one that has no other reason ends the flow by name', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'status', status: 404, code: 1020 }, always);
    await flow.time.advance(hourMs);
    expect(flow.sent()).toEqual([1000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_CLIENT_MISMATCH' },
    });
  });

  it('emoji in the device name throws', async () => {
    const flow = startFlow({ product: 'Sofa 🛋️', device: { deviceName: 'Küche 居間 🛋️' } });
    await flow.time.advance(1500);
    const token = link(flow);
    await flow.time.advance(1000);
    expectToken(flow, token);
    expect(flow.emulator.requests[0]?.product).toBe('Sofa 🛋️');
  });

  it('XML instead of JSON, `code` undefined: a named error, and another try', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'xml' }, { operation: 'getPin' });
    flow.auth.start();
    await flow.time.advance(500);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'requestingPin',
      lastError: { code: 'PLEX_BAD_REPLY', message: expect.stringContaining('XML') },
    });
    await flow.time.advance(1000);
    expect(codeIn(flow.auth)).toMatch(/^[a-z0-9]{25}$/);
  });

  it('one network blip aborts the sign-in', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2 });
    await flow.time.advance(1000);
    expect(lastErrorIn(flow.auth)).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
    const token = link(flow);
    await flow.time.advance(1000);
    expectToken(flow, token);
  });

  it('overlapping polls from setInterval: never two out at once, however slow Plex is', async () => {
    const flow = startFlow({ polling: { intervalMs: 250 } });
    flow.emulator.fault({ type: 'slow', delayMs: 5000 }, always);
    for (let count = 0; count < 120; count++) {
      await flow.time.advance(500);
      flow.auth.check();
    }
    expect(flow.mostOut()).toBe(1);
    expect(flow.sent().length).toBeGreaterThan(10);
  });

  it.each([hourMs, -hourMs, 10 * 365 * 24 * hourMs])(
    'expiry compared with a skewed clock: plex.tv ahead by %i ms',
    async (offsetMs) => {
      const flow = createFlow();
      flow.emulator.fault({ type: 'clockOffset', offsetMs });
      flow.auth.start();
      await flow.time.advance(halfAnHourMs - 5000);
      const token = link(flow);
      flow.auth.check();
      await flow.time.advance(0);
      expectToken(flow, token);
    },
  );

  it.each<[string, Fault]>([
    ['500', { type: 'status', status: 500 }],
    ['429', { type: 'rateLimited' }],
    ['no network', { type: 'reset' }],
    ['HTML', { type: 'html' }],
  ])('any error reported as "expired": %s is told as what it is', async (_name, fault) => {
    const flow = startFlow();
    flow.emulator.fault(fault, always);
    await flow.time.advance(60_000);
    expect(flow.views.map(({ status }) => status)).not.toContain('expired');
    expect(lastErrorIn(flow.auth)).toHaveProperty('name', 'PlexAuthError');
  });

  it('polling for ever: every flow ends, whatever Plex answers', async () => {
    const faults: Fault[] = [
      { type: 'status', status: 500 },
      { type: 'reset' },
      { type: 'hang' },
      { type: 'html' },
      { type: 'rateLimited' },
      { type: 'rateLimited', retryAfter: 30 },
      { type: 'stalled' },
    ];
    for (const fault of faults) {
      const flow = startFlow({}, createShortLivedWorld(120_000));
      flow.emulator.fault(fault, always);
      await flow.time.advance(2 * hourMs);
      expect(flow.status()).toMatch(/expired|failed/);
      expect([flow.time.timers, flow.emulator.pending]).toEqual([0, 0]);
    }
  });

  it('an outage taken for an invalid token', async () => {
    const flow = startFlow();
    await flow.time.advance(500);
    const token = link(flow);
    await flow.time.advance(500);
    flow.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    expect(await flow.auth.verify()).toMatchObject({ status: 'unknown' });
    expectToken(flow, token);
  });

  it('new device in the account at each login', async () => {
    const kept = store();
    const identifiers = new Set<string | undefined>();
    for (let login = 0; login < 3; login++) {
      const flow = startFlow({ clientIdentifier: undefined, store: kept });
      await flow.time.advance(500);
      link(flow);
      await flow.time.advance(1000);
      for (const { clientIdentifier } of flow.emulator.requests) identifiers.add(clientIdentifier);
      flow.auth.dispose();
    }
    expect(identifiers.size).toBe(1);
  });

  it('token in a log: no address, no event, no view and no error shows it', async () => {
    const asked: string[] = [];
    const seen: unknown[] = [];
    const world = createFlow();
    const auth = createPlexAuth({
      product: 'Living Room',
      clientIdentifier: 'tv',
      clock: world.clock,
      credentials: store(),
      fetch: (input, init) => {
        asked.push(String(input));
        return world.emulator.fetch(input, init);
      },
      inspect: (event) => {
        if ('event' in event) seen.push(event.event);
        if ('snapshot' in event && 'context' in event.snapshot) seen.push(event.snapshot.context);
      },
    });
    auth.subscribe((view) => seen.push(view));
    auth.start();
    await world.time.advance(500);
    const view = auth.getSnapshot();
    const token = world.emulator.link('code' in view ? view.code : '');
    await world.time.advance(1000);
    world.emulator.fault({ type: 'status', status: 500, message: token }, { operation: 'getUser' });
    seen.push(await auth.verify());
    auth.signOut();
    await world.time.advance(500);
    expect(auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    const shown = `${inspect(seen, { depth: 20, showHidden: true })}${JSON.stringify(seen)}${asked.join()}`;
    expect(shown).toContain('[redacted]');
    expect(shown.includes(token)).toBe(false);
  });

  it('an emptied flow after a page reload', async () => {
    const options = { store: store() };
    const flow = startFlow(options);
    await flow.time.advance(5000);
    const code = codeIn(flow.auth);
    flow.auth.dispose();
    const after = createPlexAuth({
      product: 'Living Room',
      clientIdentifier: 'tv',
      clock: flow.clock,
      fetch: flow.emulator.fetch,
      random: () => 0,
      ...options,
    });
    await flow.time.advance(500);
    expect(after.getSnapshot()).toMatchObject({ status: 'awaitingLink', code });
    flow.emulator.link(code);
    await flow.time.advance(1000);
    expect(after.getSnapshot()).toHaveProperty('token');
    expect(flow.emulator.pins).toHaveLength(1);
  });
});
