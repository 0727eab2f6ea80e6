import type { PlexAuthView } from '../view.ts';
import type { ViewSource } from './view-source.ts';

/** A view at which a flow is over: signed in, expired, failed, or idle again and saying why. */
export type PlexAuthOutcome =
  | Extract<PlexAuthView, { status: 'authenticated' | 'expired' | 'failed' }>
  | (Extract<PlexAuthView, { status: 'idle' }> & { reason: string });

/** How to wait for a flow. */
export interface ToPromiseOptions {
  /** Ends the waiting, not the flow. */
  signal?: AbortSignal | undefined;
}

/**
 * Waits until the flow is over, and gives the view that says how. Expired, failed and cancelled are such views too.
 *
 * It starts nothing: on a fresh engine it waits for somebody to call `start`. Where the flow is over already it resolves
 * at once, so call `start` first when beginning again.
 *
 * @param source The engine.
 * @param options.signal Ends the waiting and leaves the engine alone.
 * @returns The first such view. It rejects with `signal.reason` on abort, and with an `AbortError` when the engine is
 *   disposed of before the flow is over.
 */
export function toPromise(
  source: ViewSource<PlexAuthView>,
  { signal }: ToPromiseOptions = {},
): Promise<PlexAuthOutcome> {
  let leave = () => {};
  const over = new Promise<PlexAuthOutcome>((resolve, reject) => {
    signal?.throwIfAborted();
    const look = (view: PlexAuthView) => {
      if (isOutcome(view)) resolve(view);
    };
    const abort = () => reject(signal?.reason);
    const end = () => {
      if (signal?.aborted) abort();
      else reject(new DOMException('The engine was disposed of before the flow was over', 'AbortError'));
    };
    look(source.getSnapshot());
    const unsubscribe = source.subscribe(look, end);
    signal?.addEventListener('abort', abort);
    leave = () => {
      unsubscribe();
      signal?.removeEventListener('abort', abort);
    };
  });
  return over.finally(leave);
}

function isOutcome(view: PlexAuthView): view is PlexAuthOutcome {
  if (view.status === 'idle') return view.reason !== undefined;
  return view.status === 'authenticated' || view.status === 'expired' || view.status === 'failed';
}
