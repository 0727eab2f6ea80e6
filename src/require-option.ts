import { type Clock, type KeyValueStore, longestDelayMs } from './ports.ts';

/** Refuses an option. @throws {TypeError} Naming the option and what it takes; never its value, which may be a secret. */
export function requireOption(isRight: boolean, name: string, rule: string): void {
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

/** Refuses what is neither missing nor an object with these methods. */
export function requireMethods(name: string, value: unknown, methods: readonly string[]): void {
  const has = (method: string) => typeof (value as Record<string, unknown> | null)?.[method] === 'function';
  requireOption(value === undefined || methods.every(has), name, `an object with ${methods.join(', ')}`);
}

/** The methods of a {@link KeyValueStore}. */
export const storeMethods: readonly (keyof KeyValueStore)[] = ['getItem', 'setItem', 'removeItem'];
/** The methods of a {@link Clock}. */
export const clockMethods: readonly (keyof Clock)[] = ['now', 'setTimeout', 'clearTimeout'];
