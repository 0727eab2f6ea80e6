import type { HeaderReader } from './header-reader.ts';

/** In characters: several dates fit. A server may send a header of any length, and each value takes time to read. */
const longestHeader = 256;

/**
 * Reads how long a server asks to wait: seconds, or a date by the server's own clock if it sends that, since ours may be
 * wrong. Of several values the longest counts. A header of more than 256 characters counts as none.
 *
 * @returns Milliseconds, above 0; undefined if the server asks for nothing.
 */
export function readRetryAfter(header: HeaderReader, atMs: number): number | undefined {
  const asked = header('retry-after');
  if (asked === '' || asked.length > longestHeader) return undefined;
  const serverMs = Date.parse(header('date')) || atMs;
  // The comma within a date separates no values.
  const waitsMs = asked
    .split(/,(?! ?\d\d[ -])/)
    .map((value) =>
      /^\s*\+?(?:\d+(?:\.\d+)?|\.\d+)\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - serverMs,
    );
  const waitMs = Math.max(...waitsMs.filter((ms) => ms > 0));
  return waitMs > 0 && waitMs < Infinity ? waitMs : undefined;
}
