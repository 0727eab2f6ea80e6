import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlexFleet, type PlexFleet } from '../../src/fleet/index.ts';
import type { Fetch, KeyValueStore } from '../../src/ports.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type Fault,
} from '../../src/testing/index.ts';
import { isRunning, type PlexAuthView } from '../../src/view.ts';
import { runsOf } from '../whole/properties/seed.ts';

/** What happens to a fleet; `flow` says to which of its flows. */
type Happening =
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'fault'; readonly fault: Fault; readonly times: number }
  | { readonly type: 'check' | 'cancel' | 'approve'; readonly flow: number }
  /** The read that brings the token reaches its time limit. */
  | { readonly type: 'approveLate'; readonly flow: number; readonly delayMs: number }
  /** Whoever reads the events stops, or begins again. */
  | { readonly type: 'reader'; readonly reads: boolean }
  /** The store fails to write until it is back: before the next restart at the latest. */
  | { readonly type: 'store'; readonly fails: boolean }
  | { readonly type: 'restart' };

const requestTimeoutMs = 5000;
const requestsPerSecond = 2;
/** Requests that hints may bring ahead of the even pace, and the one at its beginning. */
const mostAhead = 6;
/** Timers of a fleet are this exact. */
const toleranceMs = 20;
/** No read stays open for longer. */
const longestReadMs = 320_000;
const clients = ['tv', 'phone'];

interface SentRequest {
  readonly client: string;
  /** The PIN's path; undefined where a PIN is made. */
  readonly path: string | undefined;
  readonly atMs: number;
  endAtMs: number;
  retryAfterMs: number;
  hasToken: boolean;
}

/** Writes down each request until its answer is here. */
function createWatchedFetch(fetch: Fetch, now: () => number, isAnyLinked: () => boolean) {
  const requests: SentRequest[] = [];
  const watched: Fetch = async (input, init) => {
    const client = new Headers(init?.headers).get('X-Plex-Client-Identifier') ?? '';
    const path = init?.method === 'GET' ? new URL(String(input)).pathname : undefined;
    const request = { client, path, atMs: now(), endAtMs: Infinity, retryAfterMs: 0, hasToken: false };
    requests.push(request);
    try {
      const response = await fetch(input, init);
      request.retryAfterMs = Number(response.headers.get('Retry-After')) * 1000;
      request.hasToken = isAnyLinked() && /"authToken":"/.test(await response.clone().text());
      return response;
    } finally {
      request.endAtMs = now();
    }
  };
  return { watched, requests };
}

/** A fleet with some flows, and everything that it showed and asked. */
async function createWorld(flowCount: number) {
  const time = createVirtualTime();
  // A token can be read once: one that is lost does not come again.
  const plex = createPlexEmulator({ clock: time.clock, readOnce: true, lifetimeMs: { strong: 120_000 } });
  const { watched, requests } = createWatchedFetch(plex.fetch, time.clock.now, () => isAnyLinked);
  let isAnyLinked = false;
  const memory = createMemoryStore();
  let isStoreFailing = false;
  const store: KeyValueStore = {
    ...memory,
    setItem: async (key, value) =>
      isStoreFailing ? Promise.reject(new Error('full')) : memory.setItem(key, value),
  };
  let isReading = true;
  const views = new Map<string, PlexAuthView>();
  const codes = new Map<string, string>();
  const endAtMs = new Map<string, number>();
  let fleet: PlexFleet;

  function createFleet(): PlexFleet {
    const options = { product: 'Test', random: () => 0, requestTimeoutMs, requestsPerSecond, connections: 4 };
    return createPlexFleet({ ...options, fetch: watched, clock: time.clock, store });
  }

  async function readEvents(): Promise<void> {
    for await (const { id, view } of fleet.events) {
      // What is not handled comes again.
      if (!isReading) return;
      views.set(id, view);
      if (!isRunning(view.status)) endAtMs.set(codes.get(id) ?? '', time.clock.now());
    }
  }

  function setReading(reads: boolean): void {
    if (reads && !isReading) void readEvents();
    isReading = reads;
  }

  fleet = createFleet();
  void readEvents();
  for (let index = 0; index < flowCount; index++) {
    const clientIdentifier = clients[index % clients.length];
    void fleet.start({ id: `${index}`, clientIdentifier }).then(({ id, code }) => codes.set(id, code));
  }
  await time.advance(5000);

  async function take(happening: Happening): Promise<void> {
    const { type } = happening;
    if (type === 'pass') return time.advance(happening.ms);
    if (type === 'fault') {
      plex.fault(happening.fault, { operation: 'getToken', times: happening.times });
    } else if (type === 'restart') {
      isStoreFailing = false;
      let isOver = false;
      void fleet.dispose().then(() => {
        isOver = true;
      });
      while (!isOver) await time.advance(500);
      // A pause that Plex asked for goes on in the next fleet; what hints brought ahead of the pace is forgotten.
      await time.advance((mostAhead * 1000) / requestsPerSecond);
      fleet = createFleet();
      if (isReading) void readEvents();
    } else if (type === 'reader') setReading(happening.reads);
    else if (type === 'store') isStoreFailing = happening.fails;
    else {
      const id = `${happening.flow % flowCount}`;
      if (type === 'check') fleet.check(id);
      if (type === 'cancel') fleet.cancel(id);
      const pin = plex.pins.find(({ code }) => code === codes.get(id));
      if ((type === 'approve' || type === 'approveLate') && pin?.state === 'waiting') {
        if (type === 'approveLate') {
          const { delayMs } = happening;
          plex.fault({ type: 'stale', delayMs }, { operation: 'getToken', times: 2 });
        }
        plex.link(pin.code);
        isAnyLinked = true;
      }
    }
    return time.advance(0);
  }

  async function end(): Promise<void> {
    setReading(true);
    for (let minute = 0; fleet.load().flows > 0 && minute < 10; minute++) await time.advance(60_000);
    await time.advance(longestReadMs);
    await fleet.dispose();
  }

  return { take, end, plex, requests, views, codes, endAtMs, load: () => fleet.load() };
}

type World = Awaited<ReturnType<typeof createWorld>>;

/** Who was handed a token, and shows none. */
function tokensLost({ requests, codes, plex, views }: World): string[] {
  const given = requests.filter(({ hasToken }) => hasToken).map(({ path }) => path);
  return [...codes]
    .filter(([, code]) =>
      plex.pins.some((pin) => pin.code === code && given.some((path) => isPath(path, pin.id))),
    )
    .filter(([id]) => views.get(id)?.status !== 'authenticated')
    .map(([id]) => `the token of ${id} is lost`);
}

function isPath(path: string | undefined, pinID: number): boolean {
  return path?.endsWith(`/${pinID}`) === true;
}

function readsAtOnce({ requests }: World): string[] {
  const busyUntilMs = new Map<string, number>();
  return requests.flatMap(({ path, atMs, endAtMs }) => {
    if (path === undefined) return [];
    const isBusy = atMs < (busyUntilMs.get(path) ?? 0);
    // One that has reached its time limit may still bring the token.
    busyUntilMs.set(path, Math.min(endAtMs, atMs + requestTimeoutMs));
    return isBusy ? [`${path} is read twice at once`] : [];
  });
}

function readsAfterEnd({ requests, plex, endAtMs }: World): string[] {
  return plex.pins.flatMap(({ id, code }) => {
    const endMs = endAtMs.get(code) ?? Infinity;
    const isRead = requests.some(({ path, atMs }) => isPath(path, id) && atMs > endMs);
    return isRead ? [`${code} is read after its end`] : [];
  });
}

function budgetsBroken({ requests }: World): string[] {
  const intervalMs = 1000 / requestsPerSecond;
  return clients.flatMap((name) => {
    const own = requests.filter(({ client }) => client === name);
    let paidMs = 0;
    const isTooOften = own.some(({ atMs }) => {
      paidMs = Math.max(paidMs, atMs) + intervalMs;
      return paidMs - atMs > mostAhead * intervalMs + toleranceMs;
    });
    const pauses = own.filter(({ retryAfterMs }) => retryAfterMs > 0);
    const isTooSoon = pauses.some(({ endAtMs, retryAfterMs }) =>
      own.some(({ atMs }) => atMs > endAtMs && atMs < endAtMs + retryAfterMs),
    );
    return [
      ...(isTooOften ? [`${name} asks too often`] : []),
      ...(isTooSoon ? [`${name} asks too soon`] : []),
    ];
  });
}

const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ type: fc.constantFrom('reset', 'hang', 'html' as const) }),
  fc.record({ type: fc.constantFrom('slow', 'stale' as const), delayMs: fc.nat({ max: 20_000 }) }),
  fc.record({ type: fc.constant('status' as const), status: fc.constantFrom(500, 503) }),
  fc.record({ type: fc.constant('rateLimited' as const), retryAfter: fc.nat({ max: 30 }) }),
);

const flow = fc.nat({ max: 19 });
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 20_000 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('fault' as const),
      fault,
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom('check', 'approve', 'approve', 'approve', 'cancel' as const),
      flow,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('approveLate' as const),
      flow,
      delayMs: fc.integer({ min: 6000, max: 30_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reader' as const), reads: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('store' as const), fails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
);

describe('a fleet, whatever happens', () => {
  it('loses no token, reads none twice at once or after its end, and keeps its budgets', {
    timeout: 120_000,
  }, async () => {
    let tokens = 0;
    const property = fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (happenings, flowCount) => {
        const world = await createWorld(flowCount);
        for (const next of happenings) await world.take(next);
        await world.end();
        const rules = [tokensLost, readsAtOnce, readsAfterEnd, budgetsBroken];
        expect(rules.flatMap((rule) => rule(world)).slice(0, 3)).toEqual([]);
        expect([...world.views.values()].filter(({ status }) => isRunning(status))).toEqual([]);
        tokens += [...world.views.values()].filter(({ status }) => status === 'authenticated').length;
      },
    );
    await fc.assert(property, runsOf(20));
    expect(tokens).toBeGreaterThan(5);
  });
});
