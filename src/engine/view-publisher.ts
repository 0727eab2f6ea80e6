import { callListener } from '../call-listener.ts';
import type { PlexAuthView } from '../view.ts';
import type { PlexAuth } from './plex-auth.ts';
import { isSameView } from './to-view.ts';

/** Holds the current view and calls the subscribers. */
export interface ViewPublisher extends Pick<PlexAuth, 'getSnapshot' | 'subscribe'> {
  /** Replaces the view and calls every listener, unless it is the same view. */
  publish(view: PlexAuthView): void;
  /** Calls every `onEnd`, and ends all subscriptions. */
  end(): void;
}

/** Makes the publisher of one engine's views. */
export function createViewPublisher(first: PlexAuthView): ViewPublisher {
  type Subscriber = { listener: (view: PlexAuthView) => void; onEnd: (() => void) | undefined };
  const subscribers = new Set<Subscriber>();
  let view = first;
  let isOver = false;

  return {
    getSnapshot: () => view,
    subscribe(listener, onEnd) {
      const subscriber = { listener, onEnd };
      if (!isOver) subscribers.add(subscriber);
      else if (onEnd) callListener(onEnd);
      return () => subscribers.delete(subscriber);
    },
    publish(next) {
      if (isSameView(view, next)) return;
      view = next;
      for (const subscriber of [...subscribers])
        if (subscribers.has(subscriber)) callListener(() => subscriber.listener(next));
    },
    end() {
      isOver = true;
      for (const { onEnd } of subscribers) if (onEnd) callListener(onEnd);
      subscribers.clear();
    },
  };
}
