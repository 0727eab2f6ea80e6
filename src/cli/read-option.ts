import { longestDelayMs } from '../ports.ts';
import { isLoopback } from '../require-option.ts';
import { UsageError } from './usage-error.ts';

/**
 * Reads an option in seconds, fractions allowed, into milliseconds.
 *
 * @param least The smallest number of seconds that makes sense.
 * @throws {UsageError} Naming the option and what it takes.
 */
export function readSeconds(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const most = Math.floor(longestDelayMs / 1000);
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= least && seconds <= most) return seconds * 1000;
  throw new UsageError(`${name} must be a number of seconds from ${least} to ${most}`);
}

/** Reads a port; 0 means any free one. @throws {UsageError} */
export function readPort(name: string, text: string | undefined): number {
  if (text === undefined) return 0;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new UsageError(`${name} must be a port from 0 (any free one) to 65535`);
}

/** Reads `--server-url`. Plain http needs `--allow-insecure-requests`, but for this machine itself. @throws {UsageError} */
export function readServerURL(args: {
  'server-url'?: string | undefined;
  'allow-insecure-requests'?: boolean | undefined;
}): string | undefined {
  const text = args['server-url'];
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    throw new UsageError('--server-url must be an http or https URL without user, query and fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !args['allow-insecure-requests'])
    throw new UsageError(
      '--server-url must be https, or on this machine: anyone on the way could read the token (--allow-insecure-requests takes it all the same)',
    );
  return text;
}

/** Reads what names an installation to Plex. @throws {UsageError} */
export function readClientIdentifier(name: string, text: string | undefined): string | undefined {
  if (text === undefined || /^[!-~]([ -~]*[!-~])?$/.test(text)) return text;
  throw new UsageError(`${name} must be printable ASCII`);
}
