import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import { copyOptions } from '../require-option.ts';
import type { CountedClock } from './count-timers.ts';
import { holdTime } from './time-holds.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The stores and the wire of a driven app, watched: virtual time stands still for those that need real time. */
export interface PortWatch {
  /** The options with the same parts, watched. */
  readonly options: Partial<PlexAuthOptions>;
  /** Says of each call that has no answer yet, or had it too late, which one it is. */
  complaints(): string[];
}

/** How long a call that has set a timer may still answer in real time, before it counts as one that waits for that timer. */
const [timerGraceMs, timerGraceTasks] = [100, 20_000];
const { now: realNow } = Date;

type PortName = 'store' | 'credentials' | 'wire';

/**
 * Watches what an app's options have of it. Calls are named with the milliseconds since now.
 *
 * @param clock The clock of `time` by which the app and the script live.
 */
export function watchPorts(
  given: Partial<PlexAuthOptions>,
  time: VirtualTime,
  clock: CountedClock,
): PortWatch {
  const options = copyOptions(given);
  const startMs = time.clock.now();
  const complaints = new Map<unknown, string>();
  /** Both options may hold one store, and the engine writes to one store in turns. */
  const watched = new Map<unknown, object>();
  /** The timers of a store that answers by the time itself are among them. */
  const countOthers = () => time.timers - clock.timers;
  /** What has kept one call from its end would keep the next one too. */
  let hasGivenUp = false;
  /** The methods that have set a timer and not answered without it. A wire may set one only to limit a request in real time. */
  const timed = new Set<string>();

  function follow(answer: Promise<unknown>, method: string, timersBefore: number): void {
    const call = `${method} of ${time.clock.now() - startMs} ms`;
    const sinceMs = realNow();
    let looks = 0;
    const hasTimer = () => {
      if (countOthers() <= timersBefore) return false;
      const tookMs = realNow() - sinceMs;
      if (tookMs >= timerGraceMs || (tookMs <= 0 && ++looks >= timerGraceTasks)) timed.add(method);
      return timed.has(method);
    };
    complaints.set(answer, `${call} has no answer yet`);
    let isTooLate = false;
    const end = () => isTooLate || complaints.delete(answer);
    answer.then(end, end);
    holdTime(time, {
      outcome: answer,
      needsTime: () => hasGivenUp || hasTimer(),
      onGivenUp() {
        isTooLate = hasGivenUp = true;
        complaints.set(answer, `${call} took longer than a second of real time: a drive goes on without it`);
      },
    });
  }

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
          return (...args: unknown[]) => {
            const timersBefore = countOthers();
            const outcome: unknown = method.apply(port, args);
            if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return outcome;
            // The query of a database may run again with each `then`.
            const answer = Promise.resolve(outcome);
            follow(answer, `${name}.${String(key)}`, timersBefore);
            return answer;
          };
        },
      },
    );
    watched.set(port, proxy);
    return { [name]: proxy };
  }

  return {
    options: copyOptions({ ...options, ...watch('store'), ...watch('credentials'), ...watch('wire') }),
    complaints: () => [...complaints.values()],
  };
}
