import type { Clock, Fetch } from '../ports.ts';
import {
  clockMethods,
  requireConfidentialURL,
  requireMethods,
  requireMs,
  requireOption,
  requireType,
  requireURL,
} from '../require-option.ts';
import { deviceFields, isHeaderSafe, type PlexIdentity } from './device.ts';

/** How a client asks. */
export interface PlexClientOptions extends Partial<Omit<PlexIdentity, 'clientIdentifier'>> {
  /** Names this installation: made once, kept, never shared. Printable ASCII. Needed here or at each call. */
  clientIdentifier?: string | undefined;
  /**
   * Another server than Plex's: the root of its API, or its host alone. Default: `https://clients.plex.tv/api/v2`, and
   * `https://plex.tv/api/v2` where that cannot be reached.
   */
  serverURL?: string | undefined;
  /** True: a `serverURL` on plain http is taken, although anyone on the way can read the token. Default false: only on loopback. */
  allowInsecureRequests?: boolean | undefined;
  /** Where the consent page will send the user. Its origin is told to Plex when a PIN is made; browsers tell it themselves. */
  forwardURL?: string | undefined;
  /** Default: the platform's. */
  fetch?: Fetch | undefined;
  /** Default: the platform's. */
  clock?: Clock | undefined;
  /** How long one request may take, body included. Default 15000, from 1 up. */
  requestTimeoutMs?: number | undefined;
}

export const defaultRequestTimeoutMs = 15_000;

/** Checks what a client and an engine are both given. @throws {TypeError} Naming the option. */
export function checkClientOptions(options: Partial<PlexClientOptions>): void {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const {
    product,
    clientIdentifier,
    device,
    serverURL,
    allowInsecureRequests,
    forwardURL,
    fetch,
    clock,
    requestTimeoutMs,
  } = options;
  requireOption(product === undefined || isText(product), 'product', textRule);
  requireOption(
    clientIdentifier === undefined || (isText(clientIdentifier) && isHeaderSafe(clientIdentifier)),
    'clientIdentifier',
    'printable ASCII',
  );
  requireOption(
    device === undefined || (typeof device === 'object' && device !== null),
    'device',
    'an object',
  );
  for (const [field, value] of Object.entries(device ?? {})) {
    requireOption(deviceFields.includes(field), `device.${field}`, `one of ${deviceFields.join(', ')}`);
    requireOption(value === undefined || isText(value), `device.${field}`, textRule);
  }
  requireURL('serverURL', serverURL);
  requireType('allowInsecureRequests', allowInsecureRequests, 'boolean');
  if (!allowInsecureRequests) requireConfidentialURL('serverURL', serverURL);
  requireURL('forwardURL', forwardURL, false);
  requireType('fetch', fetch, 'function');
  requireMethods('clock', clock, clockMethods);
  requireMs('requestTimeoutMs', requestTimeoutMs, 1);
}

const textRule = 'a well-formed text that is not empty';

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value);
}
