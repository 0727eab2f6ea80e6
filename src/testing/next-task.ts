/** Waits until no promise is left that can settle: the next task runs only when no microtask is left. */
export function flushPromises(): Promise<void> {
  return new Promise((resolve) => void runInNextTask(resolve));
}

type SetTimer = (run: () => void, delayMs?: number) => unknown;

const runInNextTask = chooseNextTask();

/**
 * Chosen now: later a test may put fake timers in the place of the real ones.
 *
 * Node has `setImmediate`. Pages have a `MessageChannel`, which browsers do not slow down as they do timers. Jest's jsdom
 * has neither; Cloudflare's workers have a channel whose messages overtake the bodies of answers.
 */
function chooseNextTask(): (run: () => void) => unknown {
  const setImmediate = realOf('setImmediate');
  if (setImmediate) return setImmediate;
  const isPage = typeof document === 'object' || 'setImmediate' in globalThis;
  if (isPage && typeof MessageChannel === 'function') return runInMessageTask;
  const setTimeout = realOf('setTimeout');
  if (setTimeout) return (run) => setTimeout(run, 0);
  return () => {
    throw new Error('plex-auth-flow/testing: fake timers hide every real one; import it before you use them');
  };
}

/**
 * The global timer, or the real one behind a fake: the fake timers of vitest, of jest and of Sinon.JS keep it in their
 * clock. Jest's older ones are mocks, and those of node:test are bound functions: both keep it to themselves.
 */
function realOf(name: 'setImmediate' | 'setTimeout'): SetTimer | undefined {
  const timer = Reflect.get(globalThis, name) as
    | (SetTimer & { clock?: Record<string, SetTimer> })
    | undefined;
  if (!timer || '_isMockFunction' in timer || timer.name.startsWith('bound #')) return undefined;
  return timer.clock ? timer.clock[`_${name}`]?.bind(globalThis) : timer;
}

function runInMessageTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}
