import type { KeyValueStore } from '../../src/index.ts';
import type { Life } from './observed-world.ts';
import type { Plan, StoreKind } from './plan.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** How long a slow store takes. */
const slowMs = 5;

/** What outlives the engines of a world. */
export interface SimulatedStore {
  readonly items: Map<string, string>;
  /** How many accesses are out. */
  readonly accesses: number;
  /** The store as one engine has it. */
  portOf(life: () => Life | undefined): KeyValueStore | undefined;
}

/** What one write changes. */
export interface StoreChange {
  readonly life: Life | undefined;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Makes a store that answers at once, late, in another order, or never. */
export function createStore(
  kind: StoreKind,
  time: SimulatedTime,
  { storeDelaysMs }: Pick<Plan, 'storeDelaysMs'>,
  /** Called with each change as it happens. */
  onChange: (change: StoreChange) => void = () => {},
): SimulatedStore {
  const items = new Map<string, string>();
  let accesses = 0;
  let used = 0;

  /** @returns Null for an access that never ends. */
  const nextDelayMs = (): number | null =>
    kind === 'slow' ? slowMs : (storeDelaysMs[used++ % storeDelaysMs.length] ?? null);

  function use<T>(work: () => T): T | Promise<T> {
    if (kind === 'broken') throw new Error('the disk is full');
    accesses += 1;
    const end = () => {
      accesses -= 1;
      return work();
    };
    if (kind === 'sync') return end();
    const delayMs = nextDelayMs();
    return new Promise((resolve) => {
      if (delayMs !== null) time.at(time.nowMs + delayMs, 'app', () => resolve(end()));
    });
  }

  function write(
    life: Life | undefined,
    key: string,
    after: string | undefined,
    isOfToken: boolean,
  ): unknown {
    if (life?.hasDisposed && !isOfToken) life.lateWrites += 1;
    return use(() => {
      const before = items.get(key);
      if (after === undefined) items.delete(key);
      else items.set(key, after);
      onChange({ life, before, after });
    });
  }

  return {
    items,
    get accesses() {
      return accesses;
    },
    portOf(life) {
      if (kind === 'none') return undefined;
      return {
        getItem: (key) => use(() => items.get(key) ?? null),
        setItem: (key, value) => write(life(), key, value, /credentials$/.test(key)),
        removeItem: (key) => write(life(), key, undefined, /pin$/.test(key)),
      };
    },
  };
}
