import type { Clock } from '../../src/index.ts';
import { createPlexEmulator, type PlexEmulator } from '../../src/testing/index.ts';
import type { Plan } from './plan.ts';

/** An emulator for the time of one world. */
export interface LentEmulator {
  readonly emulator: PlexEmulator;
  /** A client identifier that this emulator has not seen. */
  readonly clientIdentifier: string;
  useClock(clock: Clock): void;
  giveBack(isClean: boolean): void;
}

interface PooledEmulator {
  emulator: PlexEmulator;
  useClock(clock: Clock): void;
  worlds: number;
}

/** An emulator remembers all its requests and PINs, so each is replaced after so many worlds. */
const mostWorlds = 200;

const pool = new Map<string, PooledEmulator>();

/**
 * Lends an emulator with the options of a plan.
 *
 * To make one costs as much as a flow. Each world has it alone, as a client of its own, and a log names no
 * id, code or token; so what was before shows nowhere, and a seed replays alone as it ran among others.
 */
export function borrowEmulator(plan: Plan): LentEmulator {
  const { lifetimeMs, readOnce, tokenLagMs, isRateLimited } = plan;
  const key = [lifetimeMs, readOnce, tokenLagMs, isRateLimited].join();
  const pooled = pool.get(key) ?? createPooled(plan);
  pool.delete(key);
  pooled.worlds += 1;
  const removeOffset =
    plan.offsetMs === 0 ? undefined : pooled.emulator.fault({ type: 'clockOffset', offsetMs: plan.offsetMs });
  return {
    emulator: pooled.emulator,
    clientIdentifier: `world-${pooled.worlds}`,
    useClock: pooled.useClock,
    giveBack(isClean) {
      removeOffset?.();
      if (isClean && pooled.worlds < mostWorlds) pool.set(key, pooled);
    },
  };
}

function createPooled({ lifetimeMs, readOnce, tokenLagMs, isRateLimited }: Plan): PooledEmulator {
  let current: Clock | undefined;
  const clock: Clock = {
    now: () => current?.now() ?? 0,
    setTimeout: (run, delayMs) => current?.setTimeout(run, delayMs),
    clearTimeout: (timer) => current?.clearTimeout(timer),
  };
  let draws = 0;
  return {
    emulator: createPlexEmulator({
      clock,
      random() {
        draws = (Math.imul(draws, 1_664_525) + 1_013_904_223) >>> 0;
        return draws / 2 ** 32;
      },
      lifetimeMs: { strong: lifetimeMs, short: lifetimeMs },
      readOnce,
      tokenLagMs,
      ...(isRateLimited && { rateLimit: { requests: 2, perMs: 4000 } }),
    }),
    useClock(next) {
      current = next;
    },
    worlds: 0,
  };
}
