import type { Fetch } from '../../../src/ports.ts';

/** One request as a server saw it. */
export interface Seen {
  readonly origin: string;
  readonly method: string;
  readonly address: string;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Makes a `fetch` that treats redirects as the Fetch Standard has it: `follow` sends the same headers on but for
 * `Authorization`, `manual` gives the answer back, `error` throws.
 *
 * @param answer What the servers say; a `Location` may be relative.
 * @see fetch.spec.whatwg.org, HTTP-redirect fetch (read 2026-11)
 */
export function createRedirectingFetch(answer: (seen: Seen) => Response): { fetch: Fetch; seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch: Fetch = async (input, init) => {
    let request = new Request(input, init);
    for (let count = 0; ; count++) {
      const url = new URL(request.url);
      const body = await request.clone().text();
      const asked = {
        origin: url.origin,
        method: request.method,
        address: url.href,
        headers: request.headers,
        body,
      };
      seen.push(asked);
      const response = answer(asked);
      const location = response.headers.get('Location');
      const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== null;
      if (!isRedirect || request.redirect === 'manual') return response;
      if (request.redirect === 'error' || count === 20) throw new TypeError('fetch failed');
      const becomesGet =
        (response.status === 303 && request.method !== 'GET') ||
        ([301, 302].includes(response.status) && request.method === 'POST');
      const headers = new Headers(request.headers);
      headers.delete('Authorization');
      const method = becomesGet ? 'GET' : request.method;
      request = new Request(new URL(location ?? '', url), {
        method,
        headers,
        redirect: 'follow',
        ...(method !== 'GET' && body && { body }),
      });
    }
  };
  return { fetch, seen };
}
