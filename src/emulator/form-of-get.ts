import { readBytes } from './request-parameters.ts';

/**
 * Puts the form that came as the body of a GET into the query: plex.tv takes parameters from there too, and a `Request`
 * cannot carry it. What the query already holds wins.
 *
 * @param body What follows the request's headers. It is read only if it is a form, and no further than the emulator's limit.
 * @returns Undefined if the form is too large.
 */
export async function withFormOfGET(
  request: Request,
  body: AsyncIterable<Uint8Array>,
): Promise<Request | undefined> {
  const { method, url, headers, signal } = request;
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers.get('Content-Type') ?? '');
  if (method !== 'GET' || !isForm) return request;
  const parts = body[Symbol.asyncIterator]();
  const bytes = await readBytes(() => parts.next());
  if (!bytes) return undefined;
  const form = new URLSearchParams(new TextDecoder().decode(bytes));
  const whole = new URL(url);
  const known = new Set([...whole.searchParams.keys()].map((name) => name.toLowerCase()));
  for (const [name, value] of form)
    if (!known.has(name.toLowerCase())) whole.searchParams.append(name, value);
  return new Request(whole, { headers, signal });
}
