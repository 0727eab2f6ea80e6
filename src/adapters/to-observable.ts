import type { ViewSource } from './view-source.ts';

declare global {
  interface SymbolConstructor {
    /** There only where something has put it in. Declared as RxJS and XState declare it. */
    readonly observable: symbol;
  }
}

/** Who hears of views. There is no `error`: what goes wrong in a flow is a view. */
export interface ViewObserver<View> {
  next?: (view: View) => void;
  complete?: () => void;
}

/** One observer's subscription. */
export interface ViewSubscription {
  unsubscribe(): void;
  /** Whether nothing comes any more. */
  readonly closed: boolean;
}

/** The views as TC39's proposal and RxJS know an observable. */
export interface ViewObservable<View> {
  /** Tells the observer the current view at once, then each change, and completes when the engine is disposed of. */
  subscribe(observer: ViewObserver<View> | ((view: View) => void)): ViewSubscription;
  [Symbol.observable](): ViewObservable<View>;
}

/**
 * Gives the views as an observable: `from(toObservable(auth))` in RxJS.
 *
 * What an observer throws is reported as an event listener's error is.
 *
 * @param source The engine. It is subscribed to once for each observer, and left alone while there is none.
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
      // Before the first view is told, so that a change which the observer itself makes is not missed.
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
  // Under both names: a library that was loaded before the symbol was put in goes on looking for the text.
  return Object.assign(observable, { '@@observable': itself, [Symbol.observable ?? '@@observable']: itself });
}
