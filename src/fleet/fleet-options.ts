import { type PlexClientOptions, readClientOptions } from '../plex/client-options.ts';
import type { PollingOptions } from '../polling.ts';
import { type Clock, type KeyValueStore, systemClock } from '../ports.ts';
import { copyOptions, requireInteger, requireKnownFields, requireOption } from '../require-option.ts';
import { checkSignInOptions } from '../sign-in-options.ts';

/** How a fleet signs in. Only `product` is required. */
export interface PlexFleetOptions extends PlexClientOptions {
  /** The application's name, as the user reads it on the consent page. */
  product: string;
  /**
   * The installation that all flows sign in, unless one names its own at `start`. Plex throttles by it, at about one request
   * a second: many flows of one installation wait for one another.
   */
  clientIdentifier?: string | undefined;
  /** True, the default: a long code for the consent page, 30 minutes. False: four characters to type, 15 minutes. */
  strong?: boolean | undefined;
  /** The consent page. Default `https://app.plex.tv/auth`. */
  authAppURL?: string | undefined;
  /** The page for typing a code. Default `https://plex.tv/link`. */
  linkURL?: string | undefined;
  /**
   * Keeps the flows, so that the next process continues them: their PINs, and each token until its event is handled. Two
   * fleets must not share it at once. Default: none.
   */
  store?: KeyValueStore | undefined;
  /** Names the fleet in the keys of `store`. Default: no name. */
  name?: string | undefined;
  /** How often to ask for each flow, as long as the budgets allow it. */
  polling?: PollingOptions | undefined;
  /** How long a sign-in may take in all, renewals included, in milliseconds, 1 or more. Default: as long as its PINs live. */
  giveUpAfterMs?: number | undefined;
  /** How many times an expired PIN is replaced automatically: an integer from 0. Default 0. */
  renewals?: number | undefined;
  /** The most requests a second for one client identifier, above 0; `Infinity` for a server that does not throttle. Default 1. */
  requestsPerSecond?: number | undefined;
  /**
   * The most requests in flight at once, each on a connection of its own that stays open: an integer from 1 to 1000. Default
   * 32. There are half as many more connections for reads that reached their time limit, since a late answer may bring a
   * token; if more are late, the oldest are given up.
   */
  connections?: number | undefined;
  /** A number from 0 up to 1, for spreading requests. Default `Math.random`. */
  random?: (() => number) | undefined;
}

/** {@link PlexFleetOptions}, checked, with their defaults. */
export interface FleetSettings extends PlexFleetOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly polling: PollingOptions;
  readonly renewals: number;
  readonly requestsPerSecond: number;
  readonly connections: number;
}

const knownOptions = {
  product: true,
  clientIdentifier: true,
  device: true,
  serverURL: true,
  allowInsecureRequests: true,
  forwardURL: true,
  fetch: true,
  clock: true,
  requestTimeoutMs: true,
  strong: true,
  authAppURL: true,
  linkURL: true,
  store: true,
  name: true,
  polling: true,
  giveUpAfterMs: true,
  renewals: true,
  requestsPerSecond: true,
  connections: true,
  random: true,
} satisfies Record<keyof PlexFleetOptions, true>;

/** The names of {@link PlexFleetOptions}. */
export const fleetOptionNames: readonly string[] = Object.keys(knownOptions);

/** Checks what a fleet is made with, once, and fills in the defaults. @throws {TypeError} For a bad option, naming it. */
export function readFleetOptions(options: PlexFleetOptions): FleetSettings {
  const own = readClientOptions(options);
  const { random, polling } = own;
  const { renewals = 0, requestsPerSecond = 1, connections = 32, clock = systemClock } = own;
  requireKnownFields('', own, fleetOptionNames);
  checkSignInOptions(own);
  requireInteger('renewals', renewals, 0);
  requireOption(
    typeof requestsPerSecond === 'number' && requestsPerSecond > 0,
    'requestsPerSecond',
    'a number above 0',
  );
  requireInteger('connections', connections, 1, 1000);
  return copyOptions({
    ...own,
    clock,
    random: random ?? Math.random,
    polling: copyOptions(polling ?? {}),
    renewals,
    requestsPerSecond,
    connections,
  });
}
