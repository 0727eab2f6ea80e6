/**
 * Reads how long a server asks to wait: seconds, or a date by the server's own clock if it sends that, since ours may be
 * wrong.
 *
 * @returns Milliseconds, above 0; undefined if the server asks for nothing.
 */
export function readRetryAfter(headers: Headers, atMs: number): number | undefined {
  const value = headers.get('retry-after') ?? '';
  const serverMs = Date.parse(headers.get('date') ?? '') || atMs;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - serverMs;
  return waitMs > 0 && waitMs < Infinity ? waitMs : undefined;
}
