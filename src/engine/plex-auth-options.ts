import type { ActorOptions } from 'xstate';
import type { PinAuthLimit, pinAuthMachine } from '../../machines/pin-auth.ts';
import {
  defaultRequestTimeoutMs,
  type PlexClientOptions,
  readClientOptions,
} from '../plex/client-options.ts';
import { createPlexWire } from '../plex/plex-wire.ts';
import type { PollingOptions } from '../polling.ts';
import { type Clock, type KeyValueStore, systemClock, type Wire } from '../ports.ts';
import { copyOptions, requireMethods, requireOption, storeMethods } from '../require-option.ts';
import { checkSignInOptions } from '../sign-in-options.ts';
import { toCheckedWire } from './checked-wire.ts';

/** How a sign-in runs. Only `product` is required. */
export interface PlexAuthOptions extends PlexClientOptions {
  /** The application's name, as the user reads it on the consent page. */
  product: string;
  /**
   * Names this installation; printable ASCII. Default: made once and kept in `store`. Without a store each engine makes
   * a new one, and each sign-in lists a new device in the user's account.
   */
  clientIdentifier?: string | undefined;
  /** True, the default: a long code for the consent page, 30 minutes. False: four characters to type, 15 minutes. */
  strong?: boolean | undefined;
  /** The consent page. Default `https://app.plex.tv/auth`. */
  authAppURL?: string | undefined;
  /** The page for typing a code. Default `https://plex.tv/link`. */
  linkURL?: string | undefined;
  /** Keeps the client identifier and the pending PIN, so that a new process or page resumes it. Default: none. */
  store?: KeyValueStore | undefined;
  /**
   * Names the application in the keys of `store` and `credentials`, for applications that share them: then each needs a name,
   * since what lies under the keys without one is moved to the first named one. Default: no name; a page's own storage is
   * named after `product`.
   */
  name?: string | undefined;
  /** Keeps one token, of the server signed in to last. Set it only where tokens may be stored. Default: the token is not stored. */
  credentials?: KeyValueStore | undefined;
  /** A number from 0 up to 1, for spreading requests. Default `Math.random`. */
  random?: (() => number) | undefined;
  /** Sees each event and snapshot of the chart: XState's `inspect`. Tokens are `Secret` there. */
  inspect?: ActorOptions<typeof pinAuthMachine>['inspect'];
  /** How often to ask. */
  polling?: PollingOptions | undefined;
  /** How long a sign-in may take in all, renewals included, in milliseconds from `start`, 1 or more. Default: as long as its PINs live. */
  giveUpAfterMs?: number | undefined;
  /** How many times an expired PIN is replaced automatically: an integer from 0, or `Infinity`. Default 0. */
  renewals?: number | undefined;
  /** Issues PINs and tokens. Default: plex.tv, by the options above. */
  wire?: Wire | undefined;
}

/** {@link PlexAuthOptions}, checked, with the defaults that the engine itself needs. */
export interface PlexAuthSettings extends PlexAuthOptions {
  clock: Clock;
  random: () => number;
  polling: PollingOptions;
  wire: Wire;
}

const wireMethods: readonly (keyof Wire)[] = ['getPin', 'getToken', 'getUser', 'signOut', 'linksOf'];

/**
 * Checks what an engine is made with, once, and fills in the defaults.
 *
 * @param isOwnWire Whether to use the option `wire` as it is.
 * @throws {TypeError} For a bad option, naming it.
 */
export function readPlexAuthOptions(options: PlexAuthOptions, isOwnWire: boolean): PlexAuthSettings {
  const own = readClientOptions(options);
  const { credentials, random, inspect, polling, renewals = 0, wire } = own;
  checkSignInOptions(own);
  requireMethods('credentials', credentials, storeMethods);
  requireOption(inspect === undefined || inspect instanceof Object, 'inspect', 'a function or an observer');
  const isCount = (Number.isInteger(renewals) || renewals === Infinity) && renewals >= 0;
  requireOption(isCount, 'renewals', 'an integer from 0, or Infinity');
  requireMethods('wire', wire, wireMethods);
  requireOption(wire === undefined || typeof wire.issuer === 'string', 'wire.issuer', 'a text');
  const { clock = systemClock } = own;
  return copyOptions({
    ...own,
    clock,
    random: random ?? Math.random,
    polling: copyOptions(polling ?? {}),
    wire: !wire
      ? createPlexWire(own)
      : isOwnWire
        ? wire
        : toCheckedWire(wire, clock, own.requestTimeoutMs ?? defaultRequestTimeoutMs),
  });
}

/** The caller's limit for a sign-in that starts now, as the chart's events carry it. */
export function toLimit({ giveUpAfterMs, clock }: PlexAuthSettings): PinAuthLimit {
  return { atMs: clock.now(), giveUpAfterMs };
}
