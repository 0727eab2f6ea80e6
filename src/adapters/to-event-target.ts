import type { ViewSource } from './view-source.ts';

/** What a {@link ViewEventTarget} dispatches, by event name. */
export type ViewEvents<View extends { readonly status: string }> = {
  /** After each change. */
  change: CustomEvent<View>;
  /** When there is a new code to show, right after `change`: once per code, however often Plex is asked about it. */
  code: CustomEvent<Extract<View, { readonly code: string }>>;
  /** When the engine is disposed of. */
  end: Event;
} & {
  /** When this status is entered, right after `change`. */
  [Status in View['status']]: CustomEvent<Extract<View, { readonly status: Status }>>;
};

/** What is read of a view. */
interface Coded {
  readonly status: string;
  readonly code?: string;
}

/** The views as DOM events. */
export interface ViewEventTarget<View extends { readonly status: string }> extends EventTarget {
  /** The current view: what to show before the first event. */
  readonly view: View;
  /** Whether no more events will come. */
  readonly ended: boolean;
  /** Ends it before the engine ends, without an `end` event. */
  close: () => void;
  addEventListener<Type extends keyof ViewEvents<View>>(
    type: Type,
    listener: (event: ViewEvents<View>[Type]) => void,
    options?: Parameters<EventTarget['addEventListener']>[2],
  ): void;
  addEventListener(...args: Parameters<EventTarget['addEventListener']>): void;
  removeEventListener<Type extends keyof ViewEvents<View>>(
    type: Type,
    listener: (event: ViewEvents<View>[Type]) => void,
    options?: Parameters<EventTarget['removeEventListener']>[2],
  ): void;
  removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void;
}

/**
 * Turns the views into DOM events: `change` with the view as `detail`, `code` once per code, one event named after each
 * status that is entered, and `end`.
 *
 * The platform reports what a listener throws. Listeners cannot be counted from outside (`once`, `signal`), so this holds
 * one subscription until `close` or the engine's `dispose`, whether or not anybody listens: make one per engine.
 *
 * @param source The engine. If it has been disposed of already, `ended` is true and no event comes.
 */
export function toEventTarget<View extends { readonly status: string }>(
  source: ViewSource<View>,
): ViewEventTarget<View> {
  const target = new EventTarget();
  let { status, code } = source.getSnapshot() as Coded;
  let ended = false;
  const dispatch = (event: Event) => ended || target.dispatchEvent(event);
  const leave = source.subscribe(
    (view) => {
      const isEntered = view.status !== status;
      const next = (view as Coded).code;
      const isNewCode = next && next !== code;
      status = view.status;
      code = next ?? code;
      dispatch(toEvent('change', view));
      if (isNewCode) dispatch(toEvent('code', view));
      if (isEntered) dispatch(toEvent(status, view));
    },
    () => {
      dispatch(new Event('end'));
      ended = true;
    },
  );
  const close = () => {
    ended = true;
    leave();
  };
  return Object.defineProperties(target, {
    view: { get: () => source.getSnapshot() },
    ended: { get: () => ended },
    close: { value: close },
  }) as ViewEventTarget<View>;
}

/** The Edge Runtime has no `CustomEvent`. */
function toEvent(type: string, detail: unknown): Event {
  return typeof CustomEvent === 'function'
    ? new CustomEvent(type, { detail })
    : Object.assign(new Event(type), { detail });
}
