import type { Wire } from '../ports.ts';
import { readPageURL } from '../read-page-url.ts';
import { createGetUser, createSignOut } from './account-calls.ts';
import type { PlexClientOptions } from './client-options.ts';
import { createAuthURL, createLinkURL, createQRURL } from './links.ts';
import { createGetPin, createGetToken, isPinID } from './pin-calls.ts';
import { isCode } from './replies.ts';
import { createSender } from './sender.ts';

/** The options of the wire to plex.tv. The caller has checked them, and made them a copy without a prototype. */
interface PlexWireOptions extends PlexClientOptions {
  product: string;
  strong?: boolean | undefined;
  authAppURL?: string | undefined;
  linkURL?: string | undefined;
}

/** Makes the wire to plex.tv: those of the client's calls that a sign-in needs, and the pages of a PIN. */
export function createPlexWire(options: PlexWireOptions): Wire {
  const send = createSender(options);
  const getPin = createGetPin(send, options);
  const getToken = createGetToken(send);
  const { strong = true } = options;
  return {
    issuer: options.serverURL ?? '',
    getPin: (request) => getPin({ strong, ...request }),
    getToken: ({ pin: { pinID, clientIdentifier }, signal, onLate }) =>
      getToken({ pinID, clientIdentifier, signal, onLate }),
    isPin: ({ pinID, code }) => isPinID(pinID) && isCode(code),
    getUser: createGetUser(send),
    signOut: createSignOut(send),
    linksOf: createLinksOf(options),
  };
}

/** Makes what gives the addresses of a PIN's pages. */
export function createLinksOf(options: PlexWireOptions): Wire['linksOf'] {
  return (pin, forward) => ({
    authURL: createAuthURL({ ...options, ...pin, ...forward }),
    linkURL: createLinkURL(pin.code, options.linkURL),
    qrURL: readPageURL(pin.qrURL)?.href ?? createQRURL(pin.code),
  });
}
