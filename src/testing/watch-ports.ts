import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import { copyOptions } from '../require-option.ts';
import type { FollowedCalls } from './followed-calls.ts';

type PortName = 'store' | 'credentials' | 'wire';

/** Gives an app's options with the same stores and the same wire, whose calls are followed. */
export function watchPorts(
  given: Partial<PlexAuthOptions>,
  { follow }: FollowedCalls,
): Partial<PlexAuthOptions> {
  const options = copyOptions(given);
  /** Both options may hold one store, and the engine writes to one store in turns. */
  const watched = new Map<unknown, object>();

  function watch(name: PortName): Partial<PlexAuthOptions> {
    const port = options[name];
    // What is no object is the engine's to refuse.
    if (Object(port) !== port || port === undefined) return {};
    const known = watched.get(port);
    if (known) return { [name]: known };
    // Over an empty object: of a frozen one, a proxy may give no method but its own.
    const proxy = new Proxy(
      {},
      {
        has: (_, key) => Reflect.has(port, key),
        get(_, key) {
          const method: unknown = Reflect.get(port, key, port);
          if (typeof method !== 'function') return method;
          return (...args: unknown[]) => follow([name, key], () => Reflect.apply(method, port, args));
        },
      },
    );
    watched.set(port, proxy);
    return { [name]: proxy };
  }

  return copyOptions({ ...options, ...watch('store'), ...watch('credentials'), ...watch('wire') });
}
