import type { Fetch } from '../ports.ts';
import { requireOption } from '../require-option.ts';

/** What a function for unhandled requests may do, as in MSW. */
export interface UnhandledRequestPrint {
  /** Writes a warning to the console. The request goes on to the network. */
  warning(): void;
  /** Writes an error to the console, and lets the request fail. */
  error(): void;
}

/**
 * What to do with a request that plex.tv would not answer, by MSW's names: `error` lets it fail, `warn` warns and lets it
 * go on to the network, `bypass` lets it go on. A function decides itself; unless it calls `print.error()`, the request
 * goes on.
 */
export type UnhandledRequestPolicy =
  | 'error'
  | 'warn'
  | 'bypass'
  | ((request: Request, print: UnhandledRequestPrint) => void);

const policies: readonly unknown[] = ['error', 'warn', 'bypass', undefined];

/** @throws {TypeError} For anything else. */
export function requireUnhandledRequestPolicy(policy: unknown): void {
  const isPolicy = typeof policy === 'function' || policies.includes(policy);
  requireOption(isPolicy, 'onUnhandledRequest', 'error, warn, bypass, or a function');
}

/** Whether a request is meant for plex.tv. */
export function isForPlex(url: string): boolean {
  return /(^|\.)plex\.tv$/.test(new URL(url).hostname);
}

/**
 * Applies a policy to a request.
 *
 * @param network What the request goes on to.
 * @throws {TypeError} Where the policy lets the request fail, as `fetch` does. It names no query: a token may be in it.
 */
export async function applyUnhandledPolicy(
  policy: UnhandledRequestPolicy,
  request: Request,
  network: () => ReturnType<Fetch>,
): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const message = `The plex.tv emulator does not answer ${request.method} ${origin}${pathname}`;
  const print = {
    warning: () => console.warn(message),
    error() {
      console.error(message);
      throw new TypeError(message);
    },
  };
  if (typeof policy === 'function') policy(request, print);
  else if (policy === 'error') print.error();
  else if (policy === 'warn') print.warning();
  return network();
}
