import { type Clock, longestDelayMs, systemClock } from '../ports.ts';
import {
  clockMethods,
  copyOptions,
  requireInteger,
  requireMethods,
  requireNumber,
  requireObject,
  requireOneOf,
  requireOption,
  requireType,
} from '../require-option.ts';
import type { EmulatedUser } from './emulated-user.ts';
import type { People } from './people/person.ts';
import { type EmulatedPersonOptions, readPeople } from './people/person-options.ts';
import { type EmulatedServerOptions, readServers } from './servers/server-options.ts';
import { requireUnhandledRequestPolicy, type UnhandledRequestPolicy } from './unhandled-request.ts';

const openerPolicies = ['unsafe-none', 'same-origin'] as const;
type OpenerPolicy = (typeof openerPolicies)[number];

/** How the emulated plex.tv behaves. Everything is optional. */
export interface PlexEmulatorOptions {
  /** The only clock that the emulator uses. Default: the machine's. */
  clock?: Clock;
  /** Gives the numbers, from 0 to below 1, that ids, codes and tokens are made of. Default: `Math.random`. */
  random?: () => number;
  /** How long a PIN lives, in milliseconds, above 0. Default: `{ strong: 1_800_000, short: 900_000 }`. */
  lifetimeMs?: { strong?: number; short?: number };
  /** Approves each PIN this many milliseconds after it was made, 0 or more. Default: nobody approves. */
  approveAfterMs?: number;
  /** Whether a PIN is gone once its token was read. Whether plex.tv does so is not known. Default: false. */
  readOnce?: boolean;
  /** How long after the approval reads bring the token, in milliseconds, 0 or more. Default: 0. */
  tokenLagMs?: number;
  /** How many requests one client identifier may make. Default: no limit. */
  rateLimit?: RateLimit;
  /** Fields of the default person, who approves where nobody is named, that differ from the default. */
  user?: Partial<EmulatedUser>;
  /**
   * Who has an account: names alone, or more of each. The first is the default person, with the fields of `user`.
   * Default: only that one.
   */
  people?: readonly (string | EmulatedPersonOptions)[];
  /** Whose servers there are, and with whom they are shared. Default: one, of the default person. */
  servers?: readonly EmulatedServerOptions[];
  /**
   * Whether the consent page forwards nobody where no `Origin` was recorded, since a server made the PIN. Both are reported
   * of plex.tv. Default: false.
   */
  strictForwardURL?: boolean;
  /**
   * What the emulator's `fetch` does with a request to another host than plex.tv's, or on a path that the emulator does not
   * know; `handle` answers all. Default: it is answered as plex.tv would answer it.
   */
  onUnhandledRequest?: UnhandledRequestPolicy;
  /** The number above which PIN ids start, an integer from 0. Default: 2^30, as at plex.tv. */
  idBase?: number;
  /**
   * The consent page's `Cross-Origin-Opener-Policy`. With `same-origin` the opener's `popup.closed` reads true while the
   * user is still there, as happens at plex.tv with some sign-in providers. Default: `unsafe-none`.
   */
  openerPolicy?: OpenerPolicy;
  /**
   * Whether a page of another origin can read `Retry-After`: the header is exposed by CORS. plex.tv was not seen to do so.
   * Default: false.
   */
  exposesRetryAfter?: boolean;
}

/** A sliding window over the requests of one client identifier. */
export interface RateLimit {
  /** How many requests are answered per window, an integer from 1. */
  requests: number;
  /** The window, in milliseconds, above 0. */
  perMs: number;
  /** What `Retry-After` says, in milliseconds, 0 or more. Default: the time until the window has room again. */
  retryAfterMs?: number;
}

/** {@link PlexEmulatorOptions}, checked and with their defaults. */
export interface EmulatorSettings {
  clock: Clock;
  random: () => number;
  lifetimeMs: { strong: number; short: number };
  approveAfterMs: number | undefined;
  readOnce: boolean;
  tokenLagMs: number;
  rateLimit: RateLimit | undefined;
  /** The default person's. */
  user: EmulatedUser;
  people: People;
  servers: readonly EmulatedServerOptions[];
  strictForwardURL: boolean;
  onUnhandledRequest: UnhandledRequestPolicy | undefined;
  idBase: number;
  openerPolicy: OpenerPolicy;
  exposesRetryAfter: boolean;
}

/** @throws {TypeError} For an option out of its range, naming it. */
export function readEmulatorOptions(options: PlexEmulatorOptions): EmulatorSettings {
  const own = copyOptions(options);
  requireObject('lifetimeMs', own.lifetimeMs);
  requireObject('rateLimit', own.rateLimit);
  const people = readPeople(own.people, own.user);
  const settings: EmulatorSettings = {
    clock: own.clock ?? systemClock,
    random: own.random ?? Math.random,
    lifetimeMs: { strong: 1_800_000, short: 900_000, ...own.lifetimeMs },
    approveAfterMs: own.approveAfterMs,
    readOnce: own.readOnce ?? false,
    tokenLagMs: own.tokenLagMs ?? 0,
    rateLimit: own.rateLimit && copyOptions(own.rateLimit),
    user: people[0].user,
    people,
    servers: readServers(own.servers, people),
    strictForwardURL: own.strictForwardURL ?? false,
    onUnhandledRequest: own.onUnhandledRequest,
    idBase: own.idBase ?? 2 ** 30,
    openerPolicy: own.openerPolicy ?? 'unsafe-none',
    exposesRetryAfter: own.exposesRetryAfter ?? false,
  };
  requireSettings(settings);
  return settings;
}

function requireSettings(settings: EmulatorSettings): void {
  requireMethods('clock', settings.clock, clockMethods);
  requireType('random', settings.random, 'function');
  requireLifetime('lifetimeMs.strong', settings.lifetimeMs.strong);
  requireLifetime('lifetimeMs.short', settings.lifetimeMs.short);
  requireNumber('approveAfterMs', settings.approveAfterMs, 0);
  requireType('readOnce', settings.readOnce, 'boolean');
  requireType('strictForwardURL', settings.strictForwardURL, 'boolean');
  requireUnhandledRequestPolicy(settings.onUnhandledRequest);
  requireType('exposesRetryAfter', settings.exposesRetryAfter, 'boolean');
  requireNumber('tokenLagMs', settings.tokenLagMs, 0);
  requireInteger('idBase', settings.idBase, 0);
  requireOneOf('openerPolicy', settings.openerPolicy, openerPolicies);
  if (!settings.rateLimit) return;
  const { requests, perMs, retryAfterMs } = settings.rateLimit;
  requireInteger('rateLimit.requests', requests, 1);
  requireOption(Number.isFinite(perMs) && perMs > 0, 'rateLimit.perMs', 'above 0 ms');
  requireNumber('rateLimit.retryAfterMs', retryAfterMs, 0);
}

function requireLifetime(name: string, lifetimeMs: number): void {
  const isLifetime = Number.isFinite(lifetimeMs) && lifetimeMs > 0 && lifetimeMs <= longestDelayMs;
  requireOption(isLifetime, name, `above 0, up to ${longestDelayMs} ms`);
}
