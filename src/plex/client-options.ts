import { toContainedClock } from '../contained-clock.ts';
import type { AnyFetch, Clock } from '../ports.ts';
import {
  clockMethods,
  copyOptions,
  requireConfidentialURL,
  requireMethods,
  requireMs,
  requireOption,
  requireType,
  requireURL,
} from '../require-option.ts';
import { deviceFields, isHeaderSafe, type PlexIdentity } from './device.ts';

/** How a client asks Plex. */
export interface PlexClientOptions extends Partial<Omit<PlexIdentity, 'clientIdentifier'>> {
  /** Names this installation: made once, kept, never shared. Printable ASCII. Needed here or at each call. */
  clientIdentifier?: string | undefined;
  /**
   * Another server than Plex's: the root of its API, or its host alone. Default: `https://clients.plex.tv/api/v2`, and
   * `https://plex.tv/api/v2` where that cannot be reached.
   */
  serverURL?: string | undefined;
  /** True: a `serverURL` on plain http is allowed, although anyone on the way can read the token. Default false: only on loopback. */
  allowInsecureRequests?: boolean | undefined;
  /** Where the consent page will send the user. A PIN is requested with this address's origin; browsers send their own. */
  forwardURL?: string | undefined;
  /** Default: the platform's. */
  fetch?: AnyFetch | undefined;
  /** Default: the platform's. */
  clock?: Clock | undefined;
  /** How long one request may take, body included. Default 15000, from 1 up. */
  requestTimeoutMs?: number | undefined;
}

export const defaultRequestTimeoutMs = 15_000;

/** Copies the options that a client or an engine is made with, once, and checks those that both have. @throws {TypeError} Naming the option. */
export function readClientOptions<Options extends PlexClientOptions>(options: Options): Readonly<Options> {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const own = copyOptions(options);
  checkClientOptions(own);
  return copyOptions({
    ...own,
    device: own.device && copyOptions(own.device),
    clock: own.clock && toContainedClock(own.clock),
  });
}

/** Checks the options that a client and an engine share. @throws {TypeError} Naming the option. */
export function checkClientOptions(options: Partial<PlexClientOptions>): void {
  const { product, clientIdentifier, allowInsecureRequests } = options;
  requireOption(product === undefined || isText(product), 'product', textRule);
  if (clientIdentifier !== undefined) requireClientIdentifier(clientIdentifier);
  requireDevice(options.device);
  requireType('allowInsecureRequests', allowInsecureRequests, 'boolean');
  requireServerURL(options.serverURL, allowInsecureRequests);
  requireURL('forwardURL', options.forwardURL, false);
  requireType('fetch', options.fetch, 'function');
  requireMethods('clock', options.clock, clockMethods);
  requireMs('requestTimeoutMs', options.requestTimeoutMs, 1);
}

/** @throws {TypeError} For a server that no request can reach, or whose answers others can read. */
export function requireServerURL(serverURL: unknown, allowInsecureRequests: boolean | undefined): void {
  if (serverURL === undefined) return;
  requireURL('serverURL', serverURL);
  if (!allowInsecureRequests) requireConfidentialURL('serverURL', serverURL as string);
}

/** @throws {TypeError} For what no header can carry. */
export function requireClientIdentifier(clientIdentifier: unknown): void {
  const isRight = isText(clientIdentifier) && isHeaderSafe(clientIdentifier);
  requireOption(isRight, 'clientIdentifier', 'printable ASCII');
}

function requireDevice(device: unknown): void {
  requireOption(
    device === undefined || (typeof device === 'object' && device !== null),
    'device',
    'an object',
  );
  for (const [field, value] of Object.entries(device ?? {})) {
    requireOption(deviceFields.includes(field), `device.${field}`, `one of ${deviceFields.join(', ')}`);
    requireOption(value === undefined || isText(value), `device.${field}`, textRule);
  }
}

const textRule = 'a well-formed text that is not empty';

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !/\p{Surrogate}/u.test(value);
}
