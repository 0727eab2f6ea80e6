import type { Fetch } from '../ports.ts';

/**
 * Keeps every answer out of the browser's cache: a token must not lie there, and a stored "not yet" would answer for ever.
 *
 * Some hosts throw on the option, each in its own words: Cloudflare Workers with a compatibility date before 2024-11-11
 * have no cache in `fetch` at all. There the request is sent again without it, and so are all that follow.
 */
export function withoutCache(fetch: Fetch): Fetch {
  let isRefused = false;
  return async (input, init) => {
    if (isRefused) return fetch(input, init);
    try {
      return await fetch(input, { ...init, cache: 'no-store' });
    } catch (error) {
      if (!/\bcache\b|no-store|RequestInit/i.test(`${(error as Error | null)?.message}`)) throw error;
      const response = await fetch(input, init);
      isRefused = true;
      return response;
    }
  };
}
