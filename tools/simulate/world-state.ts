import { createPlexAuth, type PlexAuth, type PlexAuthOptions } from '../../src/index.ts';
import { createDirectPlex } from './direct-plex.ts';
import type { Flow, IssuedToken, Life, ObservedWorld, Sent, WorldPin } from './observed-world.ts';
import type { Move, Plan } from './plan.ts';
import type { SimulatedPlex } from './plex.ts';
import { createSimulatedTime, type SimulatedTime, startMs } from './simulated-time.ts';
import { storeInvariants } from './store-invariants.ts';
import { createStore, type SimulatedStore } from './stores.ts';
import type { Tally } from './tally.ts';
import { createWebPlex } from './web-plex.ts';

/** The installation that a world is about. */
export const clientIdentifier = 'simulated-installation';

/** What an invariant found. */
export interface Violation {
  readonly invariant: string;
  /** In true time, in milliseconds from the start. */
  readonly atMs: number;
  readonly saw: string;
}

/** How a plan is run. */
export interface WorldOptions {
  tally: Tally;
  /** Called with a line for everything that happens. */
  log?: ((line: string) => void) | undefined;
  /** Makes the engine. Default: the real one. */
  createEngine?: ((options: PlexAuthOptions) => PlexAuth) | undefined;
  /** What nobody caught while this plan ran. */
  unhandled?: unknown[];
}

/** Something that moves wait for. */
export type Trigger = { at: 'request' | 'answer'; request: number } | { at: 'code' | 'token' };

/** A world while its plan runs: what the invariants see, and what makes it go. */
export interface World extends ObservedWorld {
  readonly plex: SimulatedPlex;
  readonly time: SimulatedTime;
  readonly tally: Tally;
  readonly createEngine: (options: PlexAuthOptions) => PlexAuth;
  readonly store: SimulatedStore;
  readonly credentials: SimulatedStore;
  /** The moves whose moment has not come. */
  readonly moves: Set<Move>;
  readonly lives: Life[];
  readonly sent: Sent[];
  readonly pins: WorldPin[];
  readonly tokens: IssuedToken[];
  readonly unhandled: unknown[];
  rejections: number;
  clockChangedMs: number;
  clockChanges: number;
  wokeMs: number;
  /** When Plex made each PIN, by its code. */
  readonly made: Map<string, number>;
  /** Which engine the next acts concern. */
  current: number;
  violation: Violation | undefined;
  /** Schedules the moves that waited for this. */
  trigger(trigger: Trigger): void;
  /** Writes a line of the log. The text is made only if there is one. */
  note(line: () => string): void;
  /** Checks a set of invariants. */
  check<Seen extends unknown[]>(
    invariants: Record<string, (observed: ObservedWorld, ...seen: Seen) => string | undefined>,
    ...seen: Seen
  ): void;
}

/** Makes the state of a world in which nothing has happened yet. */
export function createWorldState(
  plan: Plan,
  { tally, log, createEngine = createPlexAuth, unhandled = [] }: WorldOptions,
): World {
  const time = createSimulatedTime();
  const [store, credentials] = [
    createStore(plan.store, time, plan),
    createStore(plan.credentials, time, plan, (change) => world.check(storeInvariants, change)),
  ];
  const world: World = {
    plan,
    plex: (plan.responses === 'web' ? createWebPlex : createDirectPlex)(plan, time.clock),
    time,
    tally,
    createEngine,
    store,
    credentials,
    moves: new Set(plan.moves),
    lives: [],
    sent: [],
    pins: [],
    tokens: [],
    unhandled,
    rejections: 0,
    clockChangedMs: -1,
    clockChanges: 0,
    wokeMs: -1,
    made: new Map(),
    current: 0,
    violation: undefined,
    get nowMs() {
      return time.nowMs;
    },
    get awakeMs() {
      return time.awakeMs;
    },
    get machineNowMs() {
      return time.machineClock.now();
    },
    get timers() {
      return time.timers;
    },
    get kept() {
      return [...credentials.items.values()].join();
    },
    get accesses() {
      return store.accesses + credentials.accesses;
    },
    trigger() {},
    note(line) {
      log?.(`${String(time.nowMs - startMs).padStart(8)} ms  ${line()}`);
    },
    check(invariants, ...seen) {
      for (const name in invariants) {
        if (world.violation) return;
        const saw = invariants[name]?.(world, ...seen);
        if (saw === undefined) continue;
        world.violation = { invariant: name, atMs: time.nowMs - startMs, saw };
        world.note(() => `VIOLATION of ${name}: ${saw}`);
      }
    },
  };
  return world;
}

/** Makes the record of a flow that begins now. */
export function createFlow({ time }: World): Flow {
  return {
    startedMs: time.nowMs,
    hints: 0,
    promptRequests: 0,
    throttledUntilMs: -Infinity,
    pin: undefined,
    last: undefined,
    lastTroubleMs: -1,
  };
}
