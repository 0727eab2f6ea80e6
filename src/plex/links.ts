import { copyOptions } from '../require-option.ts';
import type { PlexIdentity } from './device.ts';

/** The consent page. @see plex.tv, "Authenticating with Plex" (read 2026-08) */
const defaultAuthAppURL = 'https://app.plex.tv/auth';
/** Where a person types a short code. */
const defaultLinkURL = 'https://plex.tv/link';

/**
 * Makes the address of the page on which the user approves.
 *
 * Everything is in the fragment, where Plex reads it and no server logs it.
 *
 * @param options.code The PIN's code.
 * @param options.authAppURL Default `https://app.plex.tv/auth`.
 * @param options.forwardURL Where Plex sends the user afterwards; http or https. Its host must be that of the `Origin`
 * which made the PIN. Without it the page says that it may be closed.
 */
export function createAuthURL(
  options: PlexIdentity & {
    code: string;
    authAppURL?: string | undefined;
    forwardURL?: string | undefined;
  },
): string {
  const {
    code,
    clientIdentifier,
    product,
    device,
    authAppURL = defaultAuthAppURL,
    forwardURL,
  } = copyOptions(options);
  const context = { product, ...device };
  const parameters: [name: string, value: string | undefined][] = [
    ['clientID', clientIdentifier],
    ['code', code],
    ...Object.entries(context).map(([name, value]): [string, string | undefined] => [
      `context[device][${name}]`,
      value,
    ]),
  ];
  const fragment = parameters
    .filter(([, value]) => value)
    .map(([name, value = '']) => `${encode(name)}=${encode(value)}`);
  const authURL = `${authAppURL}#?${fragment.join('&')}`;
  return forwardURL ? addForwardURL(authURL, forwardURL) : authURL;
}

/** Adds to the address of a consent page where Plex sends the user afterwards; see {@link createAuthURL}. */
export function addForwardURL(authURL: string, forwardURL: string): string {
  return `${authURL}&forwardUrl=${encode(forwardURL)}`;
}

/**
 * Makes the address of the page on which a short code is typed, with the code filled in.
 *
 * @param linkURL Default `https://plex.tv/link`.
 */
export function createLinkURL(code: string, linkURL: string = defaultLinkURL): string {
  return `${linkURL.replace(/\/$/, '')}/?pin=${encode(code)}`;
}

/** Makes the address of Plex's QR picture of a code, for an answer without one. */
export function createQRURL(code: string): string {
  return `https://plex.tv/api/v2/pins/qr/${encode(code)}`;
}

/** A lone surrogate would make `encodeURIComponent` throw. */
function encode(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}
