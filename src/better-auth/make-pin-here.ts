import { createPlexClient } from '../plex/client.ts';
import { copyOptions } from '../require-option.ts';
import type { HandedPin } from '../server/protocol.ts';
import type { PageDescription } from './protocol.ts';

/**
 * Makes a PIN in the page, with the server's client identifier: Plex compares the address that made it with the user's.
 *
 * @returns Undefined where Plex cannot be asked, as under a content security policy: then the server makes it.
 */
export async function makePinHere(description: PageDescription): Promise<HandedPin | undefined> {
  const { clientIdentifier, product, device, serverURL, strong } = description;
  try {
    const client = createPlexClient(copyOptions({ clientIdentifier, product, device, serverURL }));
    const { pinID, code, expiresInMs } = await client.getPin({ strong });
    return { pinID, code, expiresInMs };
  } catch {
    return undefined;
  }
}
