import type { PlexAuthView } from '../view.ts';
import type { ViewSource } from './view-source.ts';

/** A view that ends a sign-in: authenticated, expired, failed, or idle again with a reason. */
export type OutcomeOf<View extends { readonly status: string }> =
  | Extract<View, { status: 'authenticated' | 'expired' | 'failed' }>
  | (Extract<View, { status: 'idle' }> & { reason: string });

/** The outcome of a sign-in that brings a token. */
export type PlexAuthOutcome = OutcomeOf<PlexAuthView>;

/** How to wait for a sign-in. */
export interface ToPromiseOptions {
  /** Ends the waiting, not the sign-in. */
  signal?: AbortSignal | undefined;
}

/**
 * Waits until the sign-in has ended, and resolves to the view that says how. Expired, failed and cancelled are such views.
 *
 * It starts nothing: on a fresh engine it waits until somebody calls `start`. If the sign-in has ended already, it
 * resolves at once: to start again, call `start` first.
 *
 * @param source The engine.
 * @param options.signal Ends the waiting and leaves the engine alone.
 * @returns The first such view. Rejects with `signal.reason` on abort, and with an `AbortError` if the engine is disposed
 *   of before that.
 */
export function toPromise<View extends { readonly status: string } = PlexAuthView>(
  source: ViewSource<View>,
  { signal }: ToPromiseOptions = {},
): Promise<OutcomeOf<View>> {
  let leave = () => {};
  const over = new Promise<OutcomeOf<View>>((resolve, reject) => {
    if (signal?.aborted) throw reasonOf(signal);
    const check = (view: View) => {
      if (isOutcome(view)) resolve(view);
    };
    const abort = () => reject(signal && reasonOf(signal));
    const end = () => {
      if (signal?.aborted) abort();
      else reject(toAbortError('The engine was disposed of before the flow was over'));
    };
    check(source.getSnapshot());
    const unsubscribe = source.subscribe(check, end);
    signal?.addEventListener('abort', abort);
    leave = () => {
      unsubscribe();
      signal?.removeEventListener('abort', abort);
    };
  });
  return over.finally(leave);
}

function isOutcome<View extends { readonly status: string }>(view: View): view is View & OutcomeOf<View> {
  if (view.status === 'idle') return (view as { reason?: unknown }).reason !== undefined;
  return view.status === 'authenticated' || view.status === 'expired' || view.status === 'failed';
}

/** Before Chrome 98 and Safari 15.4 a signal has no `reason`. Here too, because adapters import nothing. */
function reasonOf({ reason }: AbortSignal): unknown {
  return reason === undefined ? toAbortError('This operation was aborted') : reason;
}

/** React Native has no `DOMException`. */
function toAbortError(message: string): Error {
  return typeof DOMException === 'function'
    ? new DOMException(message, 'AbortError')
    : Object.assign(new Error(message), { name: 'AbortError' });
}
