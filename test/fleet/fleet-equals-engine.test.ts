import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlexFleet } from '../../src/fleet/index.ts';
import { createPlexAuth } from '../../src/index.ts';
import type { Clock } from '../../src/ports.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type Fault,
  type PlexEmulator,
} from '../../src/testing/index.ts';
import { isRunning, type PlexAuthView } from '../../src/view.ts';
import { runsOf } from '../whole/properties/seed.ts';

/** What happens to one sign-in. */
type Happening =
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'fault'; readonly fault: Fault; readonly times: number; readonly operation?: 'getToken' }
  | { readonly type: 'check' | 'cancel' | 'approve' | 'deny' | 'expire' | 'restart' };

/** One way to wait for a user: a fleet, or an engine. */
interface Waiter {
  start(): void;
  check(): void;
  cancel(): void;
  view(): PlexAuthView;
  /** Ends, so that the next one continues with what is stored. */
  dispose(): Promise<void>;
}

const product = 'Test';
const random = () => 0;
const clientIdentifier = 'tv';
/** Short lives, so that many worlds come to their end. */
const lifetimeMs = { strong: 180_000 };
/** The ticks of a fleet's wheel. */
const tickMs = 8;
/** No read, and no answer, takes longer than this to be over. */
const longestReadMs = 400_000;

/** As the fleet's wheel: no wait ends between two ticks. So both ask at the same moments. */
function withTicks(clock: Clock): Clock {
  return {
    ...clock,
    setTimeout(run, delayMs) {
      const nowMs = clock.now();
      const tick = Math.max(Math.floor(nowMs / tickMs) + 1, Math.ceil((nowMs + delayMs) / tickMs));
      return clock.setTimeout(run, tick * tickMs - nowMs);
    },
  };
}

/** The numbers of an emulator: the same ones each time. */
function createNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

type Surroundings = Pick<Parameters<typeof createPlexAuth>[0], 'fetch' | 'clock' | 'store' | 'renewals'>;

function createFleetWaiter(surroundings: Surroundings): Waiter {
  const options = { product, clientIdentifier, random, requestsPerSecond: Infinity };
  const fleet = createPlexFleet({ ...options, ...surroundings });
  let ended: PlexAuthView | undefined;
  void (async () => {
    for await (const { view } of fleet.events) ended = view;
  })();
  return {
    start: () =>
      void fleet.start({ id: 'one' }).catch((error) => {
        ended ??= { status: 'failed', error };
      }),
    check: () => fleet.check('one'),
    cancel: () => fleet.cancel('one'),
    view: () => fleet.getView('one') ?? ended ?? { status: 'idle' },
    dispose: () => fleet.dispose(),
  };
}

function createEngineWaiter(surroundings: Surroundings): Waiter {
  const auth = createPlexAuth({ product, clientIdentifier, random, ...surroundings });
  const { start, check, cancel, dispose } = auth;
  return { start, check, cancel, dispose, view: () => auth.getSnapshot() };
}

/** A world with one sign-in in it. */
function createWorld(createWaiter: (surroundings: Surroundings) => Waiter, renewals: number) {
  const time = createVirtualTime();
  const plex = createPlexEmulator({ clock: time.clock, random: createNumbers(), lifetimeMs });
  const surroundings = {
    fetch: plex.fetch,
    clock: withTicks(time.clock),
    store: createMemoryStore(),
    renewals,
  };
  const create = () => createWaiter(surroundings);
  let waiter = create();

  /** Lets time pass until the sign-in is over, and no read is open any more. */
  async function passToEnd(): Promise<void> {
    while (isRunning(waiter.view().status)) await time.advance(30_000);
    await time.advance(longestReadMs);
  }

  async function restart(): Promise<void> {
    await waiter.dispose();
    waiter = create();
    await time.advance(0);
  }

  async function take(happening: Happening): Promise<void> {
    const { code } = waiter.view();
    if (happening.type === 'pass') await time.advance(happening.ms);
    if (happening.type === 'fault') {
      const { fault, ...scope } = happening;
      plex.fault(fault, { times: scope.times, ...(scope.operation && { operation: scope.operation }) });
    }
    if (happening.type === 'check') waiter.check();
    if (happening.type === 'cancel') waiter.cancel();
    if (happening.type === 'restart' && waiter.view().status === 'awaitingLink' && plex.pending === 0)
      await restart();
    if (code) decide(plex, code, happening.type);
    await time.advance(0);
  }

  return {
    take,
    passToEnd,
    start: () => waiter.start(),
    view: () => waiter.view(),
    seen: () => toSeen(waiter.view()),
    requests: () => plex.requests.map(({ atMs, operation }) => `${operation} ${atMs}`),
  };
}

function decide(plex: PlexEmulator, code: string, type: Happening['type']): void {
  const pin = plex.pins.find((other) => other.code === code);
  if (pin?.state !== 'waiting') return;
  if (type === 'approve') plex.link(code);
  if (type === 'deny') plex.deny(code);
  if (type === 'expire') plex.expire(pin.id);
}

/** What both show. That a read is in flight is nothing that a fleet shows. */
function toSeen(view: PlexAuthView) {
  const { status, code, expiresAtMs, lastError } = view;
  return {
    status: status === 'fetchingToken' ? 'awaitingLink' : status,
    code,
    expiresAtMs,
    lastError: lastError?.code,
    ...('token' in view && { token: view.token?.reveal() }),
    ...('reason' in view && { reason: view.reason }),
    ...('error' in view && { error: view.error?.code }),
  };
}

/** None that reaches the time limit: how long an engine waits for such a read is its own. */
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ type: fc.constantFrom('reset', 'truncated', 'html', 'xml' as const) }),
  fc.record({ type: fc.constantFrom('slow', 'stale' as const), delayMs: fc.nat({ max: 14_000 }) }),
  fc.record({ type: fc.constant('status' as const), status: fc.constantFrom(400, 404, 500, 503) }),
  fc.record({ type: fc.constant('rateLimited' as const), retryAfter: fc.nat({ max: 30 }) }),
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 100_000 }) }) },
  {
    weight: 4,
    arbitrary: fc.record(
      {
        type: fc.constant('fault' as const),
        fault,
        times: fc.integer({ min: 1, max: 4 }),
        operation: fc.constant('getToken' as const),
      },
      { requiredKeys: ['type', 'fault', 'times'] },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('check', 'check', 'approve', 'deny', 'expire', 'restart' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel' as const) }) },
);

describe('a flow of a fleet', () => {
  it('shows what an engine shows, and asks when an engine asks', { timeout: 120_000 }, async () => {
    const ends = new Map<string, number>();
    const property = fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 15 }),
      fc.nat({ max: 2 }),
      async (happenings, renewals) => {
        const [fleet, engine] = [createFleetWaiter, createEngineWaiter].map((create) =>
          createWorld(create, renewals),
        ) as [ReturnType<typeof createWorld>, ReturnType<typeof createWorld>];
        const both = [fleet, engine];
        for (const world of both) world.start();
        for (const next of [{ type: 'pass', ms: 0 } as const, ...happenings]) {
          for (const world of both) await world.take(next);
          expect([next, fleet.seen()]).toEqual([next, engine.seen()]);
          if (!isRunning(fleet.view().status)) break;
        }
        for (const world of both) await world.passToEnd();
        expect(fleet.seen()).toEqual(engine.seen());
        expect(fleet.requests()).toEqual(engine.requests());
        ends.set(fleet.view().status, (ends.get(fleet.view().status) ?? 0) + 1);
      },
    );
    await fc.assert(property, runsOf(60));
    expect([...ends.keys()].toSorted()).toEqual(['authenticated', 'expired', 'failed', 'idle']);
  });
});
