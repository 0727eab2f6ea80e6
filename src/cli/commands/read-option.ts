import { checkClientOptions, type PlexClientOptions } from '../../plex/client-options.ts';
import { longestDelayMs } from '../../ports.ts';
import { isRefusedPort } from './refused-ports.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads an option in seconds, fractions allowed, into milliseconds.
 *
 * @param least The smallest number of seconds that makes sense.
 * @throws {UsageError} Naming the option and its range.
 */
export function readSeconds(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const most = Math.floor(longestDelayMs / 1000);
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= least && seconds <= most) return seconds * 1000;
  throw new UsageError(`${name} must be a number of seconds from ${least} to ${most}`);
}

/** Reads a port to listen on; 0 means any free one. @throws {UsageError} Also for a port that nobody can ask. */
export function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  checkPort(name, port);
  if (port <= 65_535) return port;
  throw new UsageError(`${name} must be a port from 0 (any free one) to 65535`);
}

/** @throws {UsageError} If no request would be sent. */
function checkPort(name: string, port: number): void {
  if (isRefusedPort(port)) throw new UsageError(`${name}: fetch and browsers refuse port ${port}`);
}

/** The client's options that a user can give, and the flags that give them. */
const flagNames = {
  product: '--product',
  clientIdentifier: '--client-identifier',
  serverURL: '--server-url',
  allowInsecureRequests: '--allow-insecure-requests',
} as const satisfies { [name in keyof PlexClientOptions]: string };

/** Applies the library's own rules to what the flags give. @throws {UsageError} Naming flags in place of the library's options. */
export function checkClientFlags(options: Pick<PlexClientOptions, keyof typeof flagNames>): void {
  try {
    checkClientOptions(options);
  } catch (error) {
    const words = (error as TypeError).message.replace(/^plex-auth-flow: /, '');
    const named = Object.entries(flagNames).reduce(
      (text, [name, flag]) => text.replaceAll(name, flag),
      words,
    );
    throw new UsageError(named);
  }
}

/**
 * Checks the two flags about a server, by the names that the parser gives them.
 *
 * @throws {UsageError} Also for the second one without the first, which it would say nothing about.
 */
export function checkServerFlags(flags: {
  serverUrl?: string | undefined;
  allowInsecureRequests?: true | undefined;
}): void {
  const { serverUrl: serverURL, allowInsecureRequests } = flags;
  if (allowInsecureRequests && serverURL === undefined) {
    throw new UsageError('--allow-insecure-requests needs --server-url');
  }
  checkClientFlags({ serverURL, allowInsecureRequests });
  // The URL has been checked. It names no port where it has its protocol's own.
  if (serverURL !== undefined) checkPort(`--server-url ${serverURL}`, Number(new URL(serverURL).port || 443));
}
