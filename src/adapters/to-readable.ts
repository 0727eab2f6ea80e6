import type { ViewSource } from './view-source.ts';

/** Svelte's store contract, as far as reading goes. */
export interface Readable<Value> {
  /** Calls `run` at once with the current value, and again after each change. @returns Ends the subscription. */
  subscribe: (run: (value: Value) => void) => () => void;
}

/**
 * Turns the views into a Svelte store: `$view` in a component, `get` and `derived` of `svelte/store` outside one.
 *
 * The contract has no end: after `dispose` the last view stays. If `run` throws, its error is reported as an event
 * listener's is, at the first call as well as later.
 *
 * @param source The engine. Each subscriber has one subscription to it; without subscribers there is none.
 * @see https://svelte.dev/docs/svelte/stores#Store-contract
 */
export function toReadable<View>(source: ViewSource<View>): Readable<View> {
  return {
    subscribe(run) {
      // Subscribes first, so that a change made by `run` itself is not missed.
      const unsubscribe = source.subscribe(run);
      try {
        run(source.getSnapshot());
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
      return unsubscribe;
    },
  };
}
