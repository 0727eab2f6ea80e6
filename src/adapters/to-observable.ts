import type { ViewSource } from './view-source.ts';

declare global {
  interface SymbolConstructor {
    /** Exists only if a library has added it. Declared as RxJS and XState declare it. */
    readonly observable: symbol;
  }
}

/** Receives views. There is no `error`: a sign-in that goes wrong is a view. */
export interface ViewObserver<View> {
  next?: (view: View) => void;
  complete?: () => void;
}

/** One observer's subscription. */
export interface ViewSubscription {
  unsubscribe: () => void;
  /** Whether no more views will come. */
  readonly closed: boolean;
}

/** The views as an observable, as in TC39's proposal and RxJS. */
export interface ViewObservable<View> {
  /** Calls the observer with the current view at once, then after each change. Completes when the engine is disposed of. */
  subscribe: (observer: ViewObserver<View> | ((view: View) => void)) => ViewSubscription;
  [Symbol.observable](): ViewObservable<View>;
}

/**
 * Gives the views as an observable: `from(toObservable(auth))` in RxJS.
 *
 * If an observer throws, its error is reported as an event listener's is.
 *
 * @param source The engine. Each observer has one subscription to it; without observers there is none.
 * @see https://github.com/tc39/proposal-observable
 */
export function toObservable<View>(source: ViewSource<View>): ViewObservable<View> {
  const observable = {
    subscribe(observerOrNext: ViewObserver<View> | ((view: View) => void)): ViewSubscription {
      const observer = typeof observerOrNext === 'function' ? { next: observerOrNext } : observerOrNext;
      let hasBegun = false;
      let closed = false;
      const begin = () => {
        if (hasBegun) return;
        hasBegun = true;
        try {
          observer.next?.(source.getSnapshot());
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      };
      const complete = () => {
        begin();
        closed = true;
        observer.complete?.();
      };
      // Subscribes before the first view, so that a change made by the observer itself is not missed.
      const leave = source.subscribe((view) => observer.next?.(view), complete);
      begin();
      return {
        unsubscribe() {
          closed = true;
          leave();
        },
        get closed() {
          return closed;
        },
      };
    },
  };
  const itself = () => observable as ViewObservable<View>;
  // Under both names: a library that was loaded before the symbol existed still looks for the text.
  return Object.assign(observable, { '@@observable': itself, [Symbol.observable ?? '@@observable']: itself });
}
