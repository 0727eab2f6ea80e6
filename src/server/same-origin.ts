/**
 * Whether a request comes from a page of the application itself.
 *
 * A browser says where a request comes from: by `Sec-Fetch-Site` since 2020 to 2023, by `Origin` with every POST and DELETE.
 * What says neither is no browser, and has no cookie of a user.
 */
export function isSameOrigin(request: Request, origin: string): boolean {
  const { headers, method } = request;
  const site = headers.get('Sec-Fetch-Site');
  const from = headers.get('Origin');
  // A page that sends no referrer posts its forms with the origin `null`.
  if (from === 'null' && site === 'same-origin') return true;
  if (from !== null && from !== origin) return false;
  if (site !== null) return site === 'same-origin' || (site === 'none' && method === 'GET');
  return true;
}
