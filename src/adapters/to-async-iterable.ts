import type { ViewSource } from './view-source.ts';

/**
 * Turns the views into an async iterable: the current one first, then each change, none missed and none twice.
 *
 * Views wait in order while the loop is busy, and are still delivered after `dispose`; then the loop ends. It throws
 * nothing: a sign-in that goes wrong is a view.
 *
 * @param source The engine.
 * @returns An iterable with a new subscription and queue for each iteration. Leaving the loop (`break`, `return`, an
 *   error) ends the subscription.
 */
export function toAsyncIterable<View>(source: ViewSource<View>): AsyncIterable<View> {
  return { [Symbol.asyncIterator]: () => iterate(source) };
}

function iterate<View>(source: ViewSource<View>): AsyncIterableIterator<View, undefined> {
  type Result = IteratorResult<View, undefined>;
  const over: Result = { done: true, value: undefined };
  const views = [source.getSnapshot()];
  const takers: ((result: Result) => void)[] = [];
  let isOver = false;
  const end = () => {
    isOver = true;
    for (const take of takers.splice(0)) take(over);
  };
  const leave = source.subscribe((value) => {
    const take = takers.shift();
    if (take) take({ done: false, value });
    else views.push(value);
  }, end);
  return {
    async next() {
      if (views.length > 0) return { done: false, value: views.shift() as View };
      return isOver ? over : new Promise<Result>((take) => takers.push(take));
    },
    async return() {
      leave();
      views.length = 0;
      end();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
