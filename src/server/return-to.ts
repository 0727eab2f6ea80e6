import { requireOption } from '../require-option.ts';

/** A browser writes a letter of another alphabet with up to twelve characters, and keeps no cookie that is too long. */
const mostCharacters = 2000;

/**
 * Reads where the user goes after the sign-in: a path of the application, in a request's `returnTo`. Default `/`.
 *
 * @returns The path as a browser would request it. Undefined for what a browser would take for another site, or for no address.
 */
export function readReturnTo({ searchParams }: URL, origin: string): string | undefined {
  const value = searchParams.get('returnTo') ?? '/';
  // A browser takes `\` for `/`, and leaves out control characters, so that `/\t/evil.example` is another site.
  if (!value.startsWith('/') || value.length > 512 || /[\\\p{Cc}]/u.test(value)) return undefined;
  try {
    const url = new URL(value, origin);
    const isOwn = url.origin === origin && !url.pathname.startsWith('//');
    const path = url.pathname + url.search + url.hash;
    return isOwn && path.length <= mostCharacters ? path : undefined;
  } catch {
    return undefined;
  }
}

/** @throws {TypeError} For an address that no browser can be sent to. */
export function readRedirectTo(value: string, origin: string): string {
  const url = new URL(value, `${origin}/`);
  requireOption(/^https?:$/.test(url.protocol), 'redirectTo', 'an http or https address');
  return url.href;
}
