import { readText } from '../errors.ts';
import type { AnyFetch, FetchInit } from '../ports.ts';

/**
 * How hosts name the option that they refuse. The word "cache" alone says nothing: a network error may have it, and the
 * request, which may be a POST, would be sent twice.
 */
const refusedOption =
  /\bcache\W{1,2}(field|member|mode|option|property)\b|\b(field|member|mode|option|property)\W{1,3}cache\b|\bRequestCache\b/i;

/**
 * Sends the requests of which no answer may stay in the browser's cache: a token must not lie there, and a stored "not yet"
 * would answer for ever. Their options say so: `cache: 'no-store'`.
 *
 * Some hosts throw on the option, each in its own words: Cloudflare Workers with a compatibility date before 2024-11-11
 * have no cache in `fetch` at all. They throw before they send anything. There the request is sent again without it, and so
 * are all that follow. Any other error is passed on, and the next request has the option again.
 */
export function withoutCache(fetch: AnyFetch): AnyFetch {
  let isRefused = false;
  return async (input, init) => {
    if (isRefused) return fetch(input, withoutOption(init));
    try {
      return await fetch(input, init);
    } catch (error) {
      if (!refusedOption.test(readText(error, 'message'))) throw error;
      const response = await fetch(input, withoutOption(init));
      isRefused = true;
      return response;
    }
  };
}

function withoutOption({ cache: _cache, ...init }: FetchInit = {}): FetchInit {
  return init;
}
