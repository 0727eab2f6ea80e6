import type { ViewSource } from './view-source.ts';

/** Svelte's store contract, as far as reading goes. */
export interface Readable<Value> {
  /** Calls `run` at once with the current value, and again after each change. @returns Ends the subscription. */
  subscribe(run: (value: Value) => void): () => void;
}

/**
 * Gives the views as a Svelte store: `$view` in a component, `get` and `derived` of `svelte/store` outside one.
 *
 * The contract knows no end: after `dispose` the last view stays. What `run` throws is reported as an event listener's
 * error is, at the first call as well as later.
 *
 * @param source The engine. It is subscribed to once for each subscriber, and left alone while there is none.
 * @see https://svelte.dev/docs/svelte/stores#Store-contract
 */
export function toReadable<View>(source: ViewSource<View>): Readable<View> {
  return {
    subscribe(run) {
      // First of all, so that a change which `run` itself makes is not missed.
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
