import { callListener } from '../call-listener.ts';
import { isSameView } from './to-view.ts';

/** Holds the current view and calls the subscribers. */
export interface ViewPublisher<View extends object> {
  getSnapshot(): View;
  subscribe(listener: (view: View) => void, onEnd?: () => void): () => void;
  /** Replaces the view and calls every listener, unless it is the same view. */
  publish(view: View): void;
  /** Calls every `onEnd`, and ends all subscriptions. */
  end(): void;
}

/** Makes the publisher of one engine's views. */
export function createViewPublisher<View extends object>(first: View): ViewPublisher<View> {
  type Subscriber = { listener: (view: View) => void; onEnd: (() => void) | undefined };
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
