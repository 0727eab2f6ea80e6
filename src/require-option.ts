import { type Clock, type KeyValueStore, longestDelayMs } from './ports.ts';
import { readPageURL } from './read-page-url.ts';

/** Throws unless an option is right. @throws {TypeError} Naming the option and its rule; never its value, which may be a secret. */
export function requireOption(isRight: boolean, name: string, rule: string): asserts isRight {
  if (!isRight) throw new TypeError(`plex-auth-flow: ${name} must be ${rule}`);
}

/** Requires this type, unless the option is missing. */
export function requireType(name: string, value: unknown, type: 'boolean' | 'function'): void {
  const rule = type === 'boolean' ? 'true or false' : 'a function';
  requireOption(value === undefined || typeof value === type, name, rule);
}

/** Requires an http or https address without user and password, unless the option is missing. A base has no query either. */
export function requireURL(name: string, value: unknown, isBase = true): void {
  const url = readPageURL(value);
  const isRight = url && !(isBase && /[?#]/.test(url.href));
  const rule = `an absolute http or https URL without user${isBase ? ', query and fragment' : ''}`;
  requireOption(value === undefined || isRight === true, name, rule);
}

/** Requires a server whose traffic nobody can read: https, or this machine itself. */
export function requireConfidentialURL(name: string, value: string | undefined): void {
  const url = readPageURL(value);
  const rule = 'an https URL, or http on this machine; allowInsecureRequests lifts that';
  const isRight = value === undefined || url?.protocol === 'https:' || isLoopback(url?.hostname ?? '');
  requireOption(isRight, name, rule);
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Requires a number of milliseconds that a timer supports, unless the option is missing. */
export function requireMs(name: string, value: unknown, leastMs: number): void {
  const isMs = typeof value === 'number' && value >= leastMs && value <= longestDelayMs;
  requireOption(value === undefined || isMs, name, `from ${leastMs} to ${longestDelayMs} ms`);
}

/** Requires an integer from `least` to `most`. It may not be missing. */
export function requireInteger(name: string, value: unknown, least: number, most?: number): void {
  const isInteger = Number.isSafeInteger(value) && (value as number) >= least;
  const rule = most === undefined ? `an integer from ${least}` : `an integer from ${least} to ${most}`;
  requireOption(isInteger && (value as number) <= (most ?? Number.MAX_SAFE_INTEGER), name, rule);
}

/** Requires one of these values. It may not be missing. */
export function requireOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  requireOption(allowed.includes(value), name, `one of ${allowed.join(', ')}`);
}

/** Requires a finite number from `least` up, unless the option is missing. */
export function requireNumber(name: string, value: unknown, least: number): void {
  const isNumber = Number.isFinite(value) && (value as number) >= least;
  requireOption(value === undefined || isNumber, name, `a number from ${least}`);
}

/** Requires an object, unless the option is missing. */
export function requireObject(name: string, value: unknown): void {
  requireOption(value === undefined || (typeof value === 'object' && value !== null), name, 'an object');
}

/**
 * Requires that an object has no other fields than these.
 *
 * @param prefix Put before the field's name in the error, such as `fault.`.
 */
export function requireKnownFields(prefix: string, value: object, fields: readonly string[]): void {
  const rule = `left out: the known fields are ${fields.join(', ')}`;
  for (const field of Object.keys(value)) requireOption(fields.includes(field), `${prefix}${field}`, rule);
}

/** Requires an object with these methods, unless the option is missing. */
export function requireMethods(name: string, value: unknown, methods: readonly string[]): void {
  const has = (method: string) => typeof (value as Record<string, unknown> | null)?.[method] === 'function';
  requireOption(value === undefined || methods.every(has), name, `an object with ${methods.join(', ')}`);
}

/** The methods of a {@link KeyValueStore}. */
export const storeMethods: readonly (keyof KeyValueStore)[] = ['getItem', 'setItem', 'removeItem'];
/** The methods of a {@link Clock}. */
export const clockMethods: readonly (keyof Clock)[] = ['now', 'setTimeout', 'clearTimeout'];

/**
 * Copies the caller's options once, so that a later change does nothing, and what `Object.prototype` was given is not read.
 *
 * @returns A frozen object without a prototype. Spread into `{}`, it would inherit again: use it as it is.
 */
export function copyOptions<Options extends object>(options: Options): Readonly<Options> {
  return Object.freeze(Object.setPrototypeOf({ ...options }, null));
}
