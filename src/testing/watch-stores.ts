import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import type { Clock, KeyValueStore } from '../ports.ts';
import { copyOptions } from '../require-option.ts';

/** The stores of a driven app, watched: one that needs real time answers too late for virtual time. */
export interface StoreWatch {
  /** The options with the same stores, watched. */
  readonly options: Partial<PlexAuthOptions>;
  /** Says of each call that has no answer yet which one it is, such as `credentials.getItem of 0 ms`. */
  waiting(): string[];
}

type StoreName = 'store' | 'credentials';

/** Watches the stores among an app's options. Times are given in milliseconds since now. */
export function watchStores(given: Partial<PlexAuthOptions>, clock: Clock): StoreWatch {
  const options = copyOptions(given);
  const startMs = clock.now();
  const calls = new Map<unknown, string>();
  /** Both options may hold one store, and the engine writes to one store in turns. */
  const watched = new Map<unknown, KeyValueStore>();

  function follow(outcome: unknown, call: string): unknown {
    if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return outcome;
    calls.set(outcome, call);
    const end = () => calls.delete(outcome);
    (outcome as PromiseLike<unknown>).then(end, end);
    return outcome;
  }

  function watch(name: StoreName): Partial<PlexAuthOptions> {
    const store = options[name];
    // What is no store is the engine's to refuse.
    if (Object(store) !== store || store === undefined) return {};
    const known = watched.get(store);
    if (known) return { [name]: known };
    // Over an empty object: of a frozen store, a proxy may give no method but its own.
    const proxy = new Proxy({} as KeyValueStore, {
      has: (_, key) => Reflect.has(store, key),
      get(_, key) {
        const method: unknown = Reflect.get(store, key, store);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          follow(method.apply(store, args), `${name}.${String(key)} of ${clock.now() - startMs} ms`);
      },
    });
    watched.set(store, proxy);
    return { [name]: proxy };
  }

  return {
    options: copyOptions({ ...options, ...watch('store'), ...watch('credentials') }),
    waiting: () => [...calls.values()],
  };
}
