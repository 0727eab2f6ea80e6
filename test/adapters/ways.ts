import { from } from 'rxjs';
import {
  toAsyncIterable,
  toEventTarget,
  toObservable,
  toPromise,
  toReadable,
  type ViewSource,
} from '../../src/adapters/index.ts';
import type { PlexAuthView } from '../../src/index.ts';

export type Source = ViewSource<PlexAuthView>;

export type Listener = (view: PlexAuthView) => void;

/** One way of subscribing. */
export interface Way {
  name: string;
  /** Hands views on as they come; a throw in `listener` is left to the way. @returns Ends it. */
  connect(source: Source, listener: Listener, onEnd: () => void): () => void;
  /** Which of these views, the current one first, it delivers. Default: all. */
  delivers?(views: PlexAuthView[]): PlexAuthView[];
  /** Whether a listener that threw still gets the next view. Default: true. */
  survivesThrows?: boolean;
  /** Whether it announces the end. Default: true. */
  announcesEnd?: boolean;
  /** Whether it calls back soon after the change, rather than within it. Default: false. */
  isAsync?: boolean;
}

export const ways: Way[] = [
  {
    name: 'the engine',
    connect(source, listener, onEnd) {
      const unsubscribe = source.subscribe(listener, onEnd);
      reportingErrors(() => listener(source.getSnapshot()));
      return unsubscribe;
    },
  },
  {
    name: 'toReadable',
    connect: (source, listener) => toReadable(source).subscribe(listener),
    announcesEnd: false,
  },
  {
    name: 'toObservable',
    connect(source, next, complete) {
      const subscription = toObservable(source).subscribe({ next, complete });
      return () => subscription.unsubscribe();
    },
  },
  {
    name: 'toObservable, in RxJS',
    connect(source, next, complete) {
      const subscription = from(toObservable(source)).subscribe({ next, complete });
      return () => subscription.unsubscribe();
    },
  },
  {
    name: 'toAsyncIterable',
    connect(source, listener, onEnd) {
      const iterator = toAsyncIterable(source)[Symbol.asyncIterator]();
      let isStopped = false;
      async function run(): Promise<void> {
        for await (const view of { [Symbol.asyncIterator]: () => iterator }) listener(view);
        if (!isStopped) onEnd();
      }
      run().catch(throwLater);
      return () => {
        isStopped = true;
        void iterator.return?.();
      };
    },
    survivesThrows: false,
    isAsync: true,
  },
  {
    name: 'toEventTarget',
    connect(source, listener, onEnd) {
      const target = toEventTarget(source);
      target.addEventListener('change', ({ detail }) => listener(detail));
      target.addEventListener('end', onEnd);
      reportingErrors(() => listener(target.view));
      if (target.ended) onEnd();
      return target.close;
    },
  },
  {
    name: 'toPromise',
    connect(source, listener, onEnd) {
      const waiting = new AbortController();
      toPromise(source, { signal: waiting.signal })
        .then(listener, (reason) => {
          if (reason !== waiting.signal.reason) onEnd();
        })
        .catch(throwLater);
      return () => waiting.abort();
    },
    delivers: (views) => views.filter(isOutcome).slice(0, 1),
    survivesThrows: false,
    isAsync: true,
  },
];

export function isOutcome(view: PlexAuthView): boolean {
  return view.status === 'idle'
    ? view.reason !== undefined
    : ['authenticated', 'expired', 'failed'].includes(view.status);
}

function reportingErrors(call: () => void): void {
  try {
    call();
  } catch (error) {
    throwLater(error);
  }
}

function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
