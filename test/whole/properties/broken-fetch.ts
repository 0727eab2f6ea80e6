import { requestToken } from './good-answers.ts';

const nested = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/** What a `fetch` can throw: what platforms throw, and what is no error at all. */
export const thrownThings = {
  reset: () => new TypeError('fetch failed', { cause: nested }),
  browser: () => new TypeError('Load failed'),
  abort: () => new DOMException('This operation was aborted', 'AbortError'),
  withToken: () => new Error(`bad header X-Plex-Token: ${requestToken}`, { cause: new Error(requestToken) }),
  nothing: () => undefined,
  null: () => null,
  text: () => 'offline',
  number: () => 7,
  symbol: () => Symbol('offline'),
  object: () => ({ code: 5, cause: { message: 7 } }),
  bare: () => Object.create(null) as object,
  ring: () => {
    const error = new Error('ring');
    error.cause = error;
    return error;
  },
  oddMessage: () =>
    Object.assign(new Error('x'), { message: { toString: 1 }, name: { token: requestToken } }),
};

/** What a `fetch` can give that is no proper `Response`. */
export const givenThings = {
  undefined: () => undefined,
  null: () => null,
  text: () => '{"id":1}',
  empty: () => ({}),
  error: () => Response.error(),
  withoutHeaders: () => ({ status: 200, body: null }),
};
