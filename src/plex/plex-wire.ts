import type { Wire } from '../ports.ts';
import { readPageURL } from '../require-option.ts';
import { createCheckedClient } from './client.ts';
import type { PlexClientOptions } from './client-options.ts';
import { createAuthURL, createLinkURL, createQRURL } from './links.ts';

/** What plex.tv's wire is made with. Whoever makes it has checked this. */
interface PlexWireOptions extends PlexClientOptions {
  product: string;
  strong?: boolean | undefined;
  authAppURL?: string | undefined;
  linkURL?: string | undefined;
}

/** Makes the wire to plex.tv: the client's calls, and the pages of a PIN. */
export function createPlexWire(options: PlexWireOptions): Wire {
  const client = createCheckedClient(options);
  const { strong = true } = options;
  return {
    getPin: (request) => client.getPin({ strong, ...request }),
    getToken: ({ pin: { pinID, clientIdentifier }, signal }) =>
      client.getToken({ pinID, clientIdentifier, signal }),
    getUser: (request) => client.getUser(request),
    signOut: (request) => client.signOut(request),
    linksOf: (pin, forward) => ({
      authURL: createAuthURL({ ...options, ...pin, ...forward }),
      linkURL: createLinkURL(pin.code, options.linkURL),
      qrURL: readPageURL(pin.qrURL)?.href ?? createQRURL(pin.code),
    }),
  };
}
