import { type Clock, type KeyValueStore, longestDelayMs } from './ports.ts';

/** Refuses an option. @throws {TypeError} Naming the option and what it takes; never its value, which may be a secret. */
export function requireOption(isRight: boolean, name: string, rule: string): asserts isRight {
  if (!isRight) throw new TypeError(`plex-auth-flow: ${name} must be ${rule}`);
}

/** Refuses what is neither missing nor of this type. */
export function requireType(name: string, value: unknown, type: 'boolean' | 'function'): void {
  const rule = type === 'boolean' ? 'true or false' : 'a function';
  requireOption(value === undefined || typeof value === type, name, rule);
}

/** Reads the address of a page: http or https, and no user and password in it. */
export function readPageURL(value: unknown): URL | undefined {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
}

/** Refuses what is neither missing nor an http or https address: no user and password in it, nor a query where it is a base. */
export function requireURL(name: string, value: unknown, isBase = true): void {
  const url = readPageURL(value);
  const isRight = url && !(isBase && /[?#]/.test(url.href));
  const rule = isBase
    ? 'an absolute http or https URL without user, query and fragment'
    : 'an absolute http or https URL without user';
  requireOption(value === undefined || isRight === true, name, rule);
}

/** Refuses a server that anyone on the way can listen to: plain http, but for this machine itself. */
export function requireConfidentialURL(name: string, value: string | undefined): void {
  const { protocol, hostname } = new URL(value ?? 'https:plex.tv');
  const rule = 'an https URL, or http on this machine; allowInsecureRequests lifts that';
  requireOption(protocol === 'https:' || isLoopback(hostname), name, rule);
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Refuses what is neither missing nor a number of milliseconds that a timer keeps. */
export function requireMs(name: string, value: unknown, leastMs: number): void {
  const isMs = typeof value === 'number' && value >= leastMs && value <= longestDelayMs;
  requireOption(value === undefined || isMs, name, `from ${leastMs} to ${longestDelayMs} ms`);
}

/** Refuses what is not an integer from `least` to `most`; a missing value too. */
export function requireInteger(name: string, value: unknown, least: number, most?: number): void {
  const isInteger = Number.isSafeInteger(value) && (value as number) >= least;
  const rule = most === undefined ? `an integer from ${least}` : `an integer from ${least} to ${most}`;
  requireOption(isInteger && (value as number) <= (most ?? Number.MAX_SAFE_INTEGER), name, rule);
}

/** Refuses what is not one of these; a missing value too. */
export function requireOneOf(name: string, value: unknown, allowed: readonly unknown[]): void {
  requireOption(allowed.includes(value), name, `one of ${allowed.join(', ')}`);
}

/** Refuses what is neither missing nor a finite number from `least` up. */
export function requireNumber(name: string, value: unknown, least: number): void {
  const isNumber = Number.isFinite(value) && (value as number) >= least;
  requireOption(value === undefined || isNumber, name, `a number from ${least}`);
}

/** Refuses what is neither missing nor an object. */
export function requireObject(name: string, value: unknown): void {
  requireOption(value === undefined || (typeof value === 'object' && value !== null), name, 'an object');
}

/**
 * Refuses an object with a field that is none of these.
 *
 * @param prefix What stands before the field's name in the error, such as `fault.`.
 */
export function requireKnownFields(prefix: string, value: object, fields: readonly string[]): void {
  const rule = `left out: the known fields are ${fields.join(', ')}`;
  for (const field of Object.keys(value)) requireOption(fields.includes(field), `${prefix}${field}`, rule);
}

/** Refuses what is neither missing nor an object with these methods. */
export function requireMethods(name: string, value: unknown, methods: readonly string[]): void {
  const has = (method: string) => typeof (value as Record<string, unknown> | null)?.[method] === 'function';
  requireOption(value === undefined || methods.every(has), name, `an object with ${methods.join(', ')}`);
}

/** The methods of a {@link KeyValueStore}. */
export const storeMethods: readonly (keyof KeyValueStore)[] = ['getItem', 'setItem', 'removeItem'];
/** The methods of a {@link Clock}. */
export const clockMethods: readonly (keyof Clock)[] = ['now', 'setTimeout', 'clearTimeout'];
