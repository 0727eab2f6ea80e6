import type { KeyValueStore } from '../../src/index.ts';
import type { Life } from './observed-world.ts';
import type { StoreKind } from './plan.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** How long a slow store takes. */
const slowMs = 5;

/** What outlives the engines of a world. */
export interface SimulatedStore {
  readonly items: Map<string, string>;
  /** How many reads are out. */
  readonly reads: number;
  /** The store as one engine has it. */
  portOf(life: () => Life | undefined): KeyValueStore | undefined;
}

/** Makes a store that answers at once, late, or never well. */
export function createStore(kind: StoreKind, time: SimulatedTime): SimulatedStore {
  const items = new Map<string, string>();
  let reads = 0;

  function use<T>(work: () => T): T | Promise<T> {
    if (kind === 'broken') throw new Error('the disk is full');
    if (kind === 'sync') return work();
    return new Promise((resolve) => time.at(time.nowMs + slowMs, 'app', () => resolve(work())));
  }

  function write(life: Life | undefined, work: () => void, isOfToken: boolean): unknown {
    if (life?.hasDisposed && !isOfToken) life.lateWrites += 1;
    return use(work);
  }

  return {
    items,
    get reads() {
      return reads;
    },
    portOf(life) {
      if (kind === 'none') return undefined;
      return {
        getItem(key) {
          const found = use(() => {
            reads -= 1;
            return items.get(key) ?? null;
          });
          reads += 1;
          return found;
        },
        setItem: (key, value) => write(life(), () => void items.set(key, value), /credentials$/.test(key)),
        removeItem: (key) => write(life(), () => void items.delete(key), /pin$/.test(key)),
      };
    },
  };
}
