export { toAsyncIterable } from './to-async-iterable.ts';
export { toEventTarget, type ViewEvents, type ViewEventTarget } from './to-event-target.ts';
export {
  toObservable,
  type ViewObservable,
  type ViewObserver,
  type ViewSubscription,
} from './to-observable.ts';
export { type OutcomeOf, type PlexAuthOutcome, type ToPromiseOptions, toPromise } from './to-promise.ts';
export { type Readable, toReadable } from './to-readable.ts';
export type { ViewSource } from './view-source.ts';
