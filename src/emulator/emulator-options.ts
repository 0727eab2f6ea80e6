import { type Clock, longestDelayMs, systemClock } from '../ports.ts';
import { defaultUser, type PlexUser } from './emulated-account.ts';

/** How the emulated plex.tv behaves. Everything is optional. */
export interface PlexEmulatorOptions {
  /** Tells the time and waits; nothing in the emulator uses another one. Default: the machine's. */
  clock?: Clock;
  /** Gives the numbers, from 0 to below 1, that ids, codes and tokens are made of. Default: `Math.random`. */
  random?: () => number;
  /** How long a PIN lives, in milliseconds, above 0. Default: `{ strong: 1_800_000, short: 900_000 }`. */
  lifetimeMs?: { strong?: number; short?: number };
  /** Links each PIN by itself this many milliseconds after it was made, 0 or more. Default: nobody does. */
  approveAfterMs?: number;
  /** Whether a PIN is gone once its token was read; plex.tv may or may not do so. Default: false. */
  readOnce?: boolean;
  /** How long after the approval the token shows, in milliseconds, 0 or more. Default: 0. */
  tokenLagMs?: number;
  /** How much one client identifier may ask. Default: as much as it likes. */
  rateLimit?: RateLimit;
  /** Fields of the one user who is signed in at the emulator, over the default ones. */
  user?: Partial<PlexUser>;
  /** Above which number PIN ids start, an integer from 0. Default: 2^30, as at plex.tv. */
  idBase?: number;
  /**
   * The consent page's `Cross-Origin-Opener-Policy`. With `same-origin` the opener's `popup.closed` reads true while the
   * user is still there, as happens at plex.tv with some sign-in providers. Default: `unsafe-none`.
   */
  openerPolicy?: 'unsafe-none' | 'same-origin';
}

/** A sliding window over the requests of one client identifier. */
export interface RateLimit {
  /** How many requests are answered per window, an integer from 1. */
  requests: number;
  /** The window, in milliseconds, above 0. */
  perMs: number;
  /** What `Retry-After` says, in milliseconds, 0 or more. Default: until the window has room again. */
  retryAfterMs?: number;
}

/** {@link PlexEmulatorOptions}, checked and with the defaults put in. */
export interface EmulatorSettings {
  clock: Clock;
  random: () => number;
  lifetimeMs: { strong: number; short: number };
  approveAfterMs: number | undefined;
  readOnce: boolean;
  tokenLagMs: number;
  rateLimit: RateLimit | undefined;
  user: PlexUser;
  idBase: number;
  openerPolicy: 'unsafe-none' | 'same-origin';
}

/** @throws {TypeError} For an option out of its range, naming it. */
export function readEmulatorOptions(options: PlexEmulatorOptions): EmulatorSettings {
  const { approveAfterMs, rateLimit } = options;
  const settings: EmulatorSettings = {
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    lifetimeMs: { strong: 1_800_000, short: 900_000, ...options.lifetimeMs },
    approveAfterMs,
    readOnce: options.readOnce ?? false,
    tokenLagMs: options.tokenLagMs ?? 0,
    rateLimit,
    user: { ...defaultUser, ...options.user },
    idBase: options.idBase ?? 2 ** 30,
    openerPolicy: options.openerPolicy ?? 'unsafe-none',
  };
  const { clock, lifetimeMs } = settings;
  check('clock', clock, isClock(clock), '{ now, setTimeout, clearTimeout }');
  check('random', settings.random, typeof settings.random === 'function', 'a function');
  const { lifetimeMs: given = {} } = options;
  check('lifetimeMs', given, typeof given === 'object' && given !== null, 'an object');
  check('lifetimeMs.strong', lifetimeMs.strong, isLifetime(lifetimeMs.strong), lifetimeRule);
  check('lifetimeMs.short', lifetimeMs.short, isLifetime(lifetimeMs.short), lifetimeRule);
  check(
    'approveAfterMs',
    approveAfterMs,
    approveAfterMs === undefined || isFrom0(approveAfterMs),
    '0 or more',
  );
  check('readOnce', settings.readOnce, typeof settings.readOnce === 'boolean', 'true or false');
  check('tokenLagMs', settings.tokenLagMs, isFrom0(settings.tokenLagMs), '0 or more');
  check('rateLimit', rateLimit, rateLimit === undefined || Object(rateLimit) === rateLimit, 'an object');
  if (rateLimit !== undefined) checkRateLimit(rateLimit);
  check('user', options.user, ['undefined', 'object'].includes(typeof options.user), 'an object');
  check(
    'idBase',
    settings.idBase,
    Number.isSafeInteger(settings.idBase) && settings.idBase >= 0,
    'an integer from 0',
  );
  const policies = ['unsafe-none', 'same-origin'];
  check(
    'openerPolicy',
    settings.openerPolicy,
    policies.includes(settings.openerPolicy),
    policies.join(' or '),
  );
  return settings;
}

/** @throws {TypeError} For an `inMs` out of its range. */
export function readExpireOptions({ inMs = 0 }: { inMs?: number } = {}): { inMs: number } {
  if (!isFrom0(inMs)) throw new TypeError(`expire: inMs must be 0 or more, not ${toShown(inMs)}`);
  return { inMs };
}

function checkRateLimit({ requests, perMs, retryAfterMs }: RateLimit): void {
  check('rateLimit.requests', requests, Number.isSafeInteger(requests) && requests >= 1, 'an integer from 1');
  check('rateLimit.perMs', perMs, isAbove0(perMs), 'above 0');
  const kept = retryAfterMs === undefined || isFrom0(retryAfterMs);
  check('rateLimit.retryAfterMs', retryAfterMs, kept, '0 or more');
}

function check(name: string, value: unknown, kept: boolean, wanted: string): void {
  if (!kept) throw new TypeError(`createPlexEmulator: ${name} must be ${wanted}, not ${toShown(value)}`);
}

/** A value as a message shows it: an object may not even have a text. */
export function toShown(value: unknown): string {
  return Object(value) === value ? `a ${typeof value}` : String(value);
}

function isClock(clock: Clock): boolean {
  return [clock?.now, clock?.setTimeout, clock?.clearTimeout].every((method) => typeof method === 'function');
}

function isFrom0(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

const lifetimeRule = `above 0, up to ${longestDelayMs}`;

function isLifetime(value: number): boolean {
  return isAbove0(value) && value <= longestDelayMs;
}

function isAbove0(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
