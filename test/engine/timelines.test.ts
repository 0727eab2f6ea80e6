import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import {
  type Clock,
  createPlexAuth,
  type Fetch,
  type KeyValueStore,
  type PlexAuth,
  type PlexAuthError,
  type PlexAuthOptions,
  type PlexAuthView,
} from '../../src/index.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type Fault,
  type FaultScope,
  type Operation,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../src/testing/index.ts';

// Half an hour is hundreds of requests, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 30_000 });

const halfAnHourMs = 1_800_000;
const hourMs = 3_600_000;

interface Flow {
  auth: PlexAuth;
  emulator: PlexEmulator;
  time: VirtualTime;
  /** The engine's clock, and how far a correction has moved it from true time. */
  clock: Clock & { shiftMs: number };
  views: PlexAuthView[];
  /** The most requests that were out at once. */
  mostOut(): number;
  /** When each request went out, in milliseconds of true time from the start. */
  sent(operation?: Operation): number[];
  /** Where the flow stands. */
  status(): PlexAuthView['status'];
}

/** The real chart, engine, client and emulator in virtual time. */
function createFlow(options: Partial<PlexAuthOptions> = {}, plex: PlexEmulatorOptions = {}): Flow {
  const time = createVirtualTime();
  const startMs = time.clock.now();
  const emulator = createPlexEmulator({ clock: time.clock, ...plex });
  const clock = {
    ...time.clock,
    shiftMs: 0,
    now() {
      return time.clock.now() + this.shiftMs;
    },
  };
  let out = 0;
  let mostOut = 0;
  const fetch: Fetch = async (input, init) => {
    out += 1;
    mostOut = Math.max(mostOut, out);
    try {
      return await emulator.fetch(input, init);
    } finally {
      out -= 1;
    }
  };
  const auth = createPlexAuth({
    product: 'Living Room',
    clientIdentifier: 'tv',
    clock,
    fetch,
    random: () => 0,
    ...options,
  });
  const views: PlexAuthView[] = [];
  auth.subscribe((view) => views.push(view));
  return {
    auth,
    emulator,
    time,
    clock,
    views,
    mostOut: () => mostOut,
    sent: (operation = 'getToken') =>
      emulator.requests
        .filter((request) => request.operation === operation)
        .map(({ atMs }) => Math.round(atMs - startMs)),
    status: () => auth.getSnapshot().status,
  };
}

function started(options?: Partial<PlexAuthOptions>, plex?: PlexEmulatorOptions): Flow {
  const flow = createFlow(options, plex);
  flow.auth.start();
  return flow;
}

/** A plex.tv whose PINs live ten seconds. */
const tenSeconds: PlexEmulatorOptions = { lifetimeMs: { strong: 10_000, short: 10_000 } };
/** One whose PINs live two minutes. */
const twoMinutes: PlexEmulatorOptions = { lifetimeMs: { strong: 120_000 } };
const always: FaultScope = { operation: 'getToken', times: Number.POSITIVE_INFINITY };

function codeIn({ auth }: Flow): string {
  const view = auth.getSnapshot();
  return 'code' in view ? view.code : '';
}

function link(flow: Flow): string {
  const token = flow.emulator.link(codeIn(flow));
  return token;
}

function expectToken({ auth, time, emulator }: Flow, token: string): void {
  const view = auth.getSnapshot();
  expect(view.status).toBe('authenticated');
  expect(view.status === 'authenticated' && view.token.reveal()).toBe(token);
  expect(view).not.toHaveProperty('lastError');
  expect([time.timers, emulator.pending]).toEqual([0, 0]);
}

function lastErrorIn({ auth }: Flow): PlexAuthError | undefined {
  const view = auth.getSnapshot();
  return 'lastError' in view ? view.lastError : undefined;
}

/** Runs something at a moment from now, before what else falls due then. */
function at({ time }: Flow, ms: number, run: () => void): void {
  time.clock.setTimeout(run, ms);
}

describe('the pace', () => {
  it('is one read a second from the PIN on', async () => {
    const flow = started();
    await flow.time.advance(3500);
    expect(flow.sent('getPin')).toEqual([0]);
    expect(flow.sent()).toEqual([1000, 2000, 3000]);
  });

  it('slows to 2 % of the wait after 50 seconds, and to 5 seconds at most', async () => {
    const flow = started();
    await flow.time.advance(300_000);
    const sent = flow.sent();
    expect(sent.slice(47, 53)).toEqual([48_000, 49_000, 50_000, 51_000, 52_020, 53_061]);
    const gaps = sent.slice(1).map((atMs, index) => atMs - (sent[index] ?? 0));
    expect(Math.max(...gaps)).toBe(5000);
    expect(gaps.slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
    expect(gaps.every((gap, index) => index === 0 || gap >= (gaps[index - 1] ?? 0) - 1)).toBe(true);
  });

  it('is what polling says', async () => {
    const flow = started({ polling: { intervalMs: 2000, maxIntervalMs: 2500 } });
    await flow.time.advance(180_000);
    const sent = flow.sent();
    expect(sent.slice(0, 3)).toEqual([2000, 4000, 6000]);
    expect((sent.at(-2) ?? 0) - (sent.at(-3) ?? 0)).toBe(2500);
  });

  it('is spread by up to a twentieth', async () => {
    const flow = started({ random: () => 0.999999 });
    await flow.time.advance(3500);
    expect(flow.sent()).toEqual([1050, 2100, 3150]);
  });

  it.each<[string, number, number[]]>([
    ['300 ms, which counts', 300, [1000, 2000, 3000]],
    ['600 ms, with half the interval to breathe', 600, [1000, 2100, 3200]],
    ['3 s, likewise', 3000, [1000, 4500, 8000]],
  ])('with answers that take %s', async (_name, delayMs, sent) => {
    const flow = started();
    flow.emulator.fault({ type: 'slow', delayMs }, always);
    await flow.time.advance(10_000);
    expect(flow.sent().slice(0, 3)).toEqual(sent);
    expect(flow.mostOut()).toBe(1);
  });

  it('waits half an hour in no time', async () => {
    const flow = started();
    await flow.time.advance(2 * hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(flow.emulator.requests.length).toBeLessThan(500);
    expect(flow.sent().at(-1)).toBe(halfAnHourMs);
    expect([flow.mostOut(), flow.time.timers]).toEqual([1, 0]);
  });
});

describe('a check', () => {
  it('at the moment of the approval brings the token at once', async () => {
    const flow = started();
    await flow.time.advance(1500);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000, 1500]);
  });

  it('while a read is out makes the next follow at once on "not yet"', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'stale', delayMs: 400 }, { operation: 'getToken' });
    await flow.time.advance(1100);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(299);
    expect(flow.sent()).toEqual([1000]);
    await flow.time.advance(1);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000, 1400]);
  });

  it('a hundred times while a read is out costs one extra read', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'stale', delayMs: 400 }, { operation: 'getToken' });
    await flow.time.advance(1100);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(2000);
    expect(flow.sent()).toEqual([1000, 1400, 2400]);
    expect(flow.mostOut()).toBe(1);
  });

  it('a hundred times between two reads costs one, and one more for those that came meanwhile', async () => {
    const flow = started();
    await flow.time.advance(1500);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(1500);
    expect(flow.sent()).toEqual([1000, 1500, 1500, 2500]);
    expect(flow.mostOut()).toBe(1);
  });

  it('is forgotten with the read that fails', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'slow', delayMs: 400 }, { operation: 'getToken' });
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2, after: 1 });
    await flow.time.advance(1500);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.status()).toBe('awaitingLink');
    expect(lastErrorIn(flow)).toHaveProperty('code', 'PLEX_NETWORK');
  });

  it('ends a back-off, in either waiting state', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'status', status: 500 });
    flow.auth.start();
    await flow.time.advance(200);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.sent('getPin')).toEqual([0, 200]);
    flow.emulator.fault({ type: 'status', status: 500 });
    await flow.time.advance(1100);
    expect(flow.sent()).toEqual([1200]);
    flow.auth.check();
    await flow.time.advance(0);
    expect(flow.sent()).toEqual([1200, 1300]);
  });
});

describe('the deadline', () => {
  it('is reached with a read at that very moment', async () => {
    const flow = started({}, { lifetimeMs: { strong: 7600 } });
    await flow.time.advance(hourMs);
    // Plex counts in whole seconds: it said 7.
    expect(flow.sent()).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('cuts the wait before it short', async () => {
    const flow = started({ polling: { intervalMs: 4000 } }, tenSeconds);
    await flow.time.advance(hourMs);
    expect(flow.sent()).toEqual([4000, 8000, 9000, 10_000]);
  });

  it.each([999, 500, 1])('lets the last read decide: approved %i ms before it', async (beforeMs) => {
    const flow = started({ polling: { intervalMs: 4000 } }, { lifetimeMs: { strong: 10_500 } });
    await flow.time.advance(10_000 - beforeMs);
    const token = link(flow);
    await flow.time.advance(beforeMs);
    expect(flow.sent()).toEqual([4000, 8000, 9000, 10_000]);
    expectToken(flow, token);
  });

  it('lets the last read decide: approved in that very moment', async () => {
    const flow = createFlow({}, { lifetimeMs: { strong: 10_500 } });
    let token = '';
    at(flow, 10_000, () => {
      token = link(flow);
    });
    flow.auth.start();
    await flow.time.advance(11_000);
    expectToken(flow, token);
  });

  it.each([4900, 3000, 2001])(
    'brings what is approved %i ms before the end of half an hour, by itself',
    async (beforeMs) => {
      const flow = started();
      await flow.time.advance(halfAnHourMs - beforeMs);
      const token = link(flow);
      await flow.time.advance(beforeMs);
      expectToken(flow, token);
    },
  );

  it('in the last second of half an hour, a check brings what a poll would miss', async () => {
    const flow = started();
    await flow.time.advance(halfAnHourMs - 1);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it('never aborts a read: one that is out across it brings the token', async () => {
    const flow = started({}, tenSeconds);
    await flow.time.advance(8500);
    const token = link(flow);
    flow.emulator.fault({ type: 'stale', delayMs: 12_000 }, { operation: 'getToken' });
    await flow.time.advance(12_000);
    expect([flow.status(), flow.emulator.pending]).toEqual(['fetchingToken', 1]);
    await flow.time.advance(1000);
    expectToken(flow, token);
    expect(flow.sent().at(-1)).toBe(9000);
  });

  it('never aborts a read: one that is out across it and says "not yet" ends the flow', async () => {
    const flow = started({}, tenSeconds);
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'stale', delayMs: 12_000 }, { operation: 'getToken' });
    await flow.time.advance(12_000);
    expect(flow.status()).toBe('fetchingToken');
    await flow.time.advance(1000);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is not reached by failing reads alone: the third past it ends the flow', async () => {
    const flow = started({}, tenSeconds);
    await flow.time.advance(9500);
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(hourMs);
    expect(flow.sent().slice(-4)).toEqual([9000, 10_000, 11_000, 13_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'expired',
      reason: 'pin',
      lastError: { code: 'PLEX_HTTP', status: 500 },
    });
    expect(flow.time.timers).toBe(0);
  });

  it('passes while reads fail, and the first that succeeds still brings the token', async () => {
    const flow = started({}, { lifetimeMs: { strong: 10_999 } });
    await flow.time.advance(9500);
    const token = link(flow);
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2 });
    await flow.time.advance(500);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it('is counted by Plex, not by the time of day that Plex tells', async () => {
    for (const offsetMs of [-hourMs, hourMs]) {
      const flow = createFlow();
      flow.emulator.fault({ type: 'clockOffset', offsetMs });
      flow.auth.start();
      await flow.time.advance(hourMs);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
      expect(flow.sent().at(-1)).toBe(halfAnHourMs);
    }
  });
});

describe('Retry-After', () => {
  it('is kept, even against a check', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 30 }, { operation: 'getToken' });
    await flow.time.advance(5000);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(25_999);
    expect(flow.sent()).toEqual([1000]);
    expect(lastErrorIn(flow)).toMatchObject({ code: 'PLEX_RATE_LIMITED', retryAfterMs: 30_000 });
    await flow.time.advance(1);
    expect(flow.sent()).toEqual([1000, 31_000]);
    expect(lastErrorIn(flow)).toBeUndefined();
  });

  it('is kept before the PIN, even against a check', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 60 }, { operation: 'getPin' });
    flow.auth.start();
    await flow.time.advance(100);
    flow.auth.check();
    await flow.time.advance(100_000);
    expect(flow.sent('getPin')).toEqual([0, 60_000]);
  });

  it('is kept past the deadline by up to a minute', async () => {
    const flow = started({}, tenSeconds);
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 61 }, { operation: 'getToken' });
    await flow.time.advance(hourMs);
    expect(flow.sent().slice(-2)).toEqual([9000, 70_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('that goes further fails the flow at once', async () => {
    const flow = started({}, tenSeconds);
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 62 }, { operation: 'getToken' });
    await flow.time.advance(500);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 62_000 },
    });
    expect(flow.time.timers).toBe(0);
  });

  it('of more than a minute before there is a PIN fails the flow at once', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 61 }, { operation: 'getPin' });
    flow.auth.start();
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it('beyond the limit of the caller fails the flow at once', async () => {
    const flow = started({ giveUpAfterMs: 10_000 });
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 10 }, { operation: 'getToken' });
    await flow.time.advance(1000);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it('that is missing, nothing or nonsense means 5 seconds', async () => {
    for (const retryAfter of [undefined, 0, 'soon', '-1']) {
      const flow = started();
      const fault = { type: 'rateLimited', ...(retryAfter !== undefined && { retryAfter }) } as const;
      flow.emulator.fault(fault, { operation: 'getToken' });
      await flow.time.advance(3000);
      flow.auth.check();
      await flow.time.advance(3500);
      expect(flow.sent()).toEqual([1000, 6000]);
    }
  });

  it('is kept by a plex.tv that really counts', async () => {
    const flow = started({}, { rateLimit: { requests: 5, perMs: 60_000 } });
    await flow.time.advance(130_000);
    expect(flow.sent().slice(0, 6)).toEqual([1000, 2000, 3000, 4000, 5000, 60_000]);
    const refused = flow.emulator.requests.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
  });
});

describe('a back-off', () => {
  it('waits 1, 2, 4, 8 and then 10 seconds', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(40_000);
    expect(flow.sent()).toEqual([1000, 2000, 4000, 8000, 16_000, 26_000, 36_000]);
  });

  it('begins anew after an answer', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 3 * 2 });
    await flow.time.advance(8500);
    expect(lastErrorIn(flow)).toBeUndefined();
    flow.emulator.fault({ type: 'status', status: 500 }, { operation: 'getToken' });
    await flow.time.advance(1500);
    expect(flow.sent().slice(-3)).toEqual([8000, 9000, 10_000]);
  });

  it('is spread by up to a quarter', async () => {
    const flow = started({ random: () => 0.999999 });
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(9000);
    expect(flow.sent()).toEqual([1050, 2300, 4800]);
  });

  it('before the PIN ends with the sixth try', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'status', status: 503 }, { times: Number.POSITIVE_INFINITY });
    flow.auth.start();
    await flow.time.advance(24_999);
    expect(flow.status()).toBe('requestingPin');
    await flow.time.advance(hourMs);
    expect(flow.sent('getPin')).toEqual([0, 1000, 3000, 7000, 15_000, 25_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_HTTP', status: 503, retryable: true },
    });
    expect(flow.time.timers).toBe(0);
  });

  it.each<[string, Fault]>([
    ['400', { type: 'status', status: 400, code: 1000 }],
    ['403 with code 1068', { type: 'status', status: 403, code: 1068 }],
    ['422', { type: 'status', status: 422 }],
  ])('is not for what asking again does not mend: %s', async (_name, fault) => {
    for (const operation of ['getPin', 'getToken'] as const) {
      const flow = createFlow();
      flow.emulator.fault(fault, { operation });
      flow.auth.start();
      await flow.time.advance(hourMs);
      expect(flow.status()).toBe('failed');
      expect(flow.sent(operation)).toHaveLength(1);
      expect(flow.time.timers).toBe(0);
    }
  });
});

describe('what Plex says of a PIN', () => {
  it('looks like waiting where the user refuses, until the PIN expires', async () => {
    const flow = started();
    await flow.time.advance(500);
    flow.emulator.deny(codeIn(flow));
    await flow.time.advance(halfAnHourMs - 1000);
    expect(flow.status()).toBe('awaitingLink');
    await flow.time.advance(500);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is a mismatch where it is 404 long before the deadline', async () => {
    const flow = started();
    await flow.time.advance(1500);
    flow.emulator.expire(flow.emulator.pins[0]?.id ?? 0);
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_CLIENT_MISMATCH', plexCode: 1020, status: 404, retryable: false },
    });
    expect(flow.sent()).toEqual([1000, 2000]);
  });

  it('is an end like any other where it is 404 within 30 seconds of the deadline', async () => {
    const flow = started();
    await flow.time.advance(halfAnHourMs - 29_000);
    flow.emulator.expire(flow.emulator.pins[0]?.id ?? 0);
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is taken as it comes where a web page stands in for 404', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'html', status: 404 }, { operation: 'getToken' });
    await flow.time.advance(1500);
    const token = link(flow);
    await flow.time.advance(1000);
    expectToken(flow, token);
  });

  it('comes late after the approval: the token is there as soon as Plex shows it', async () => {
    const flow = started({}, { tokenLagMs: 2500 });
    await flow.time.advance(1500);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(3000);
    expectToken(flow, token);
    expect(flow.sent()).toEqual([1000, 1500, 2500, 3500, 4500]);
  });

  it('may stand still: a count of 876 seconds that never falls still ends', async () => {
    const pin = { id: 7, code: 'abc', expiresIn: 876, authToken: null, qr: 'https://plex.tv/qr' };
    let reads = 0;
    const flow = started({
      fetch: async (_input, init) => {
        reads += init?.method === 'GET' ? 1 : 0;
        return Response.json(pin);
      },
    });
    await flow.time.advance(875_999);
    expect(flow.status()).toBe('awaitingLink');
    await flow.time.advance(1);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(reads).toBeLessThan(300);
    expect(flow.time.timers).toBe(0);
  });

  it.each([0, 0.4])('may leave no time at all: %d seconds make no busy loop', async (expiresIn) => {
    let asked = 0;
    const flow = started({
      fetch: async () => {
        asked += 1;
        return Response.json({ id: 7, code: 'abc', expiresIn, authToken: null, qr: 'https://plex.tv/qr' });
      },
    });
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(asked).toBe(2);
  });
});

describe('a clock that is set', () => {
  it.each([hourMs, -hourMs, 24 * hourMs, 31_000, -31_000])(
    'by %i ms between two reads neither ends the flow early nor late',
    async (jumpMs) => {
      const flow = started({}, twoMinutes);
      await flow.time.advance(1500);
      flow.clock.shiftMs = jumpMs;
      await flow.time.advance(120_000 - 10_000);
      expect(flow.status()).toMatch(/awaitingLink|fetchingToken/);
      expect(lastErrorIn(flow)).toBeUndefined();
      await flow.time.advance(20_000);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
      expect(flow.sent().length).toBeLessThan(2000);
    },
  );

  it.each([hourMs, -hourMs])('by %i ms shows the deadline by the new time', async (jumpMs) => {
    const flow = started({}, twoMinutes);
    await flow.time.advance(1500);
    flow.clock.shiftMs = jumpMs;
    await flow.time.advance(5000);
    const view = flow.auth.getSnapshot();
    const leftMs = 'expiresAtMs' in view ? view.expiresAtMs - flow.clock.now() : 0;
    expect(Math.abs(leftMs - (120_000 - 6500))).toBeLessThanOrEqual(2000);
  });

  it.each([hourMs, -hourMs])('by %i ms between two reads still brings the token', async (jumpMs) => {
    const flow = started({}, twoMinutes);
    await flow.time.advance(1500);
    flow.clock.shiftMs = jumpMs;
    const token = link(flow);
    await flow.time.advance(500);
    expectToken(flow, token);
  });

  it.each([hourMs, -hourMs])('by %i ms between each two reads never ends the flow early', async (jumpMs) => {
    const flow = started({}, twoMinutes);
    for (let seconds = 1; seconds < 60; seconds++) {
      await flow.time.advance(1000);
      flow.clock.shiftMs += jumpMs;
    }
    await flow.time.advance(10_000);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it.each([hourMs, -hourMs])(
    'by %i ms before the last read does not blame the client identifier',
    async (jumpMs) => {
      const flow = started({}, twoMinutes);
      await flow.time.advance(120_000 - 500);
      flow.clock.shiftMs = jumpMs;
      await flow.time.advance(hourMs);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    },
  );

  it('never fools the limit of the caller into a flow without end', async () => {
    const flow = started({ giveUpAfterMs: 60_000 });
    await flow.time.advance(1500);
    flow.clock.shiftMs = -hourMs;
    await flow.time.advance(2 * hourMs);
    expect(flow.status()).toBe('expired');
    expect(flow.time.timers).toBe(0);
  });
});

describe('a sleep', () => {
  /** The machine sleeps: its timers stand still while its clock, and the world, go on. */
  function createSleeper(options: Partial<PlexAuthOptions> = {}) {
    const world = createVirtualTime();
    const startMs = world.clock.now();
    const emulator = createPlexEmulator({ clock: world.clock });
    const machine = createVirtualTime();
    const clock: Clock = { ...machine.clock, now: () => world.clock.now() };
    const auth = createPlexAuth({
      product: 'Living Room',
      clientIdentifier: 'tv',
      clock,
      fetch: emulator.fetch,
      random: () => 0,
      ...options,
    });
    return {
      auth,
      emulator,
      timers: () => machine.timers,
      sent: () =>
        emulator.requests
          .filter(({ operation }) => operation === 'getToken')
          .map(({ atMs }) => Math.round(atMs - startMs)),
      sleep: (ms: number) => world.advance(ms),
      async wake(ms: number) {
        for (let pastMs = 0; pastMs < ms; pastMs += 100) {
          await world.advance(100);
          await machine.advance(100);
        }
      },
    };
  }

  it('through part of the wait goes on where it was', async () => {
    const { auth, emulator, sleep, wake } = createSleeper();
    auth.start();
    await wake(1500);
    await sleep(1_000_000);
    await wake(1000);
    const view = auth.getSnapshot();
    expect(view.status).toMatch(/awaitingLink|fetchingToken/);
    const token = emulator.link('code' in view ? view.code : '');
    await wake(6000);
    expect(auth.getSnapshot()).toHaveProperty('token');
    expect(token).toBeTypeOf('string');
  });

  it('through the deadline ends with one read, and without blame', async () => {
    const { auth, sleep, wake, sent, timers } = createSleeper();
    auth.start();
    await wake(1500);
    await sleep(hourMs);
    await wake(3000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(sent()).toEqual([1000, hourMs + 2000]);
    expect(timers()).toBe(0);
  });

  it('through the deadline while the user approves still brings the token that Plex has', async () => {
    const { auth, emulator, sleep, wake } = createSleeper({ giveUpAfterMs: 60_000 });
    auth.start();
    await wake(1500);
    const view = auth.getSnapshot();
    await sleep(30_000);
    const token = emulator.link('code' in view ? view.code : '');
    await sleep(600_000);
    await wake(1000);
    const after = auth.getSnapshot();
    expect(after.status === 'authenticated' && after.token.reveal()).toBe(token);
  });

  it('through the deadline as the clock here has it still brings the token that Plex has', async () => {
    const flow = started();
    await flow.time.advance(1500);
    const token = link(flow);
    flow.clock.shiftMs = hourMs;
    await flow.time.advance(500);
    expectToken(flow, token);
  });
});

describe('transient faults survived with the token in hand', () => {
  type Case = [name: string, faults: (nowMs: number) => [Fault, times: number][], waitMs?: number];
  const cases: Case[] = [
    ['500', () => [[{ type: 'status', status: 500 }, 1]]],
    // Two hosts are asked before a request counts as offline.
    ['three offline polls', () => [[{ type: 'reset' }, 6]]],
    ['a connection reset', () => [[{ type: 'reset' }, 1]]],
    ['429 with Retry-After in seconds', () => [[{ type: 'rateLimited', retryAfter: 30 }, 1]], 30_000],
    [
      '429 with Retry-After as a date',
      (nowMs) => [[{ type: 'rateLimited', retryAfter: new Date(nowMs + 30_000) }, 1]],
      30_000,
    ],
    ['503', () => [[{ type: 'status', status: 503 }, 1]]],
    ['200 with HTML', () => [[{ type: 'html' }, 1]]],
    ['an answer that hangs for 30 s', () => [[{ type: 'slow', delayMs: 30_000 }, 1]]],
    ['an answer that hangs for ever', () => [[{ type: 'hang' }, 1]]],
  ];

  describe.each<[state: string, operation: Operation, firstMs: number]>([
    ['requestingPin', 'getPin', 0],
    ['awaitingLink', 'getToken', 1000],
  ])('while %s', (_state, operation, firstMs) => {
    it.each(cases)('%s', async (_name, faultsAt, waitMs) => {
      const flow = createFlow();
      for (const [fault, times] of faultsAt(flow.time.clock.now() + firstMs))
        flow.emulator.fault(fault, { operation, times });
      flow.auth.start();
      await flow.time.advance(60_000);
      const token = link(flow);
      await flow.time.advance(10_000);
      expectToken(flow, token);
      const [first, second] = flow.sent(operation);
      expect(first).toBe(firstMs);
      if (waitMs !== undefined) expect(second).toBe(firstMs + waitMs);
      expect(flow.mostOut()).toBe(1);
      expect(flow.emulator.pins).toHaveLength(1);
      expect(flow.views.some(({ status }) => status === 'failed' || status === 'expired')).toBe(false);
    });
  });

  it.each<Case>(cases)('%s, with the user approving meanwhile', async (_name, faultsAt) => {
    const flow = started();
    await flow.time.advance(500);
    const token = link(flow);
    for (const [fault, times] of faultsAt(flow.time.clock.now() + 500))
      flow.emulator.fault(fault, { operation: 'getToken', times });
    await flow.time.advance(60_000);
    expectToken(flow, token);
    expect(flow.mostOut()).toBe(1);
  });

  it('half an answer and a stalled one, by a plex.tv that shows a token once', async () => {
    for (const type of ['truncated', 'stalled'] as const) {
      const flow = started({}, { readOnce: true });
      await flow.time.advance(500);
      const token = link(flow);
      flow.emulator.fault({ type }, { operation: 'getToken' });
      await flow.time.advance(30_000);
      expectToken(flow, token);
    }
  });

  it('all of them, one after another', async () => {
    const flow = started();
    await flow.time.advance(500);
    for (const [, faultsAt] of cases)
      for (const [fault, times] of faultsAt(flow.time.clock.now()))
        flow.emulator.fault(fault, { operation: 'getToken', times });
    await flow.time.advance(600_000);
    const token = link(flow);
    await flow.time.advance(10_000);
    expectToken(flow, token);
    expect(flow.mostOut()).toBe(1);
  });
});

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
    const flow = started();
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
    const flow = started({}, { readOnce: true });
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
    const flow = started({ clientIdentifier: undefined, store: forgetful });
    await flow.time.advance(5000);
    const identifiers = flow.emulator.requests.map(({ clientIdentifier }) => clientIdentifier);
    expect(identifiers.length).toBeGreaterThan(4);
    expect(new Set(identifiers).size).toBe(1);
  });

  it('endless 1020: the first one that has no other reason ends the flow by name', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'status', status: 404, code: 1020 }, always);
    await flow.time.advance(hourMs);
    expect(flow.sent()).toEqual([1000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_CLIENT_MISMATCH' },
    });
  });

  it('emoji in the device name throws', async () => {
    const flow = started({ product: 'Sofa 🛋️', device: { deviceName: 'Küche 居間 🛋️' } });
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
    expect(codeIn(flow)).toMatch(/^[a-z0-9]{25}$/);
  });

  it('one network blip aborts the sign-in', async () => {
    const flow = started();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2 });
    await flow.time.advance(1000);
    expect(lastErrorIn(flow)).toMatchObject({ code: 'PLEX_NETWORK', retryable: true });
    const token = link(flow);
    await flow.time.advance(1000);
    expectToken(flow, token);
  });

  it('overlapping polls from setInterval: never two out at once, however slow Plex is', async () => {
    const flow = started({ polling: { intervalMs: 250 } });
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
    const flow = started();
    flow.emulator.fault(fault, always);
    await flow.time.advance(60_000);
    expect(flow.views.map(({ status }) => status)).not.toContain('expired');
    expect(lastErrorIn(flow)).toHaveProperty('name', 'PlexAuthError');
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
      const flow = started({}, twoMinutes);
      flow.emulator.fault(fault, always);
      await flow.time.advance(2 * hourMs);
      expect(flow.status()).toMatch(/expired|failed/);
      expect([flow.time.timers, flow.emulator.pending]).toEqual([0, 0]);
    }
  });

  it('an outage taken for an invalid token', async () => {
    const flow = started();
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
      const flow = started({ clientIdentifier: undefined, store: kept });
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
    const flow = started(options);
    await flow.time.advance(5000);
    const code = codeIn(flow);
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
