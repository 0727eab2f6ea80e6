import { isPlexAuthError, PlexAuthError } from '../errors.ts';
import type { Pin, PinReading } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import type { Clock, PinLinks, Wire } from '../ports.ts';
import { readPageURL } from '../read-page-url.ts';
import { Secret } from '../secret.ts';
import { startLimit } from './start-limit.ts';
import { parseStoredPin } from './stored.ts';

/** What an answer may hold, before it is checked. */
type Answer = Partial<
  Record<'status' | 'atMs' | 'tookMs' | 'expiresInMs' | 'token' | 'error' | 'user', unknown>
>;

/**
 * Checks what a caller's wire answers, once, as Plex's answers are checked: a strange one is an error of the sign-in, and
 * never a sign-in that asks without a pause, or a token that is shown. One that never comes is an error after the time
 * limit of a request, and is listened to on.
 */
export function toCheckedWire(wire: Wire, clock: Clock, timeoutMs: number): Wire {
  const inTime = createTimeLimit(clock, timeoutMs);
  const { requireRight, toReading } = createChecks(clock);

  return {
    issuer: wire.issuer,
    async getPin(request) {
      const pin = parseStoredPin(await inTime(request.signal, () => wire.getPin(request)));
      requireRight(pin !== undefined, 'getPin', 'not a PIN');
      requireRight(isLinks(wire.linksOf(pin as Pin)), 'linksOf', 'not three addresses of pages');
      return pin as Pin;
    },
    async getToken(request) {
      const { onLate: listener, signal } = request;
      const askedAtMs = clock.now();
      const onLate = listener && ((late: PinReading) => listener(toReading(late, askedAtMs)));
      return toReading(await inTime(signal, () => wire.getToken({ ...request, onLate }), onLate), askedAtMs);
    },
    async getUser(request) {
      const answer = await inTime(request.signal, () => wire.getUser(request));
      const { status, user } = Object(answer) as Answer;
      requireRight(
        status === 'rejected' || (status === 'valid' && Object(user) === user),
        'getUser',
        'status',
      );
      return answer;
    },
    signOut: (request) => inTime(request.signal, () => wire.signOut(request)),
    isPin(pin) {
      try {
        return wire.isPin?.(pin) ?? true;
      } catch {
        return false;
      }
    },
    linksOf: (pin, options) => wire.linksOf(pin, options),
  };
}

type InTime = <T>(signal: AbortSignal, ask: () => Promise<T>, onLate?: (answer: T) => void) => Promise<T>;

/** Makes what waits for an answer within the limit. `onLate` is called with one that comes later, or after an abort. */
function createTimeLimit(clock: Clock, timeoutMs: number): InTime {
  return async (signal, ask, onLate = () => {}) => {
    const limit = startLimit(clock, timeoutMs, signal);
    let hasPassed = false;
    const passed = limit.passed.catch((reason) => {
      hasPassed = true;
      if (signal.aborted) throw reason;
      const message = `The wire did not answer within ${timeoutMs} ms`;
      throw new PlexAuthError('PLEX_TIMEOUT', message, { atMs: clock.now(), retryable: true });
    });
    // Async, so that what the wire throws at once rejects.
    const asking = (async () => ask())().catch((error) => {
      throw toCheckedError(error, clock.now());
    });
    asking.then((answer) => hasPassed && onLate(answer)).catch(() => {});
    try {
      return await Promise.race([asking, passed]);
    } finally {
      limit.stop();
    }
  };
}

function createChecks(clock: Clock) {
  function requireRight(isRight: boolean, method: keyof Wire, field: string): void {
    if (isRight) return;
    const message = `The wire gave an invalid answer to ${method}: ${field}`;
    throw new PlexAuthError('PLEX_BAD_REPLY', message, { atMs: clock.now(), retryable: true });
  }

  function toReading(answer: unknown, askedAtMs: number): PinReading {
    const { status, atMs, tookMs, expiresInMs, token, error } = Object(answer) as Answer;
    requireRight(isMs(atMs), 'getToken', 'atMs');
    if (status === 'pending') {
      requireRight(isMs(expiresInMs), 'getToken', 'expiresInMs');
      const mostMs = Math.max(0, clock.now() - askedAtMs);
      const believedMs = isMs(tookMs) ? Math.min(tookMs as number, mostMs) : 0;
      return { status, atMs, tookMs: believedMs, expiresInMs } as PinReading;
    }
    if (status === 'claimed') {
      requireRight(isToken(token), 'getToken', 'token');
      return {
        status,
        atMs,
        token: token instanceof Secret ? token : new Secret(textOf(token)),
      } as PinReading;
    }
    requireRight(status === 'gone', 'getToken', 'status');
    return {
      status,
      atMs,
      error: isPlexAuthError(error) ? error : toGoneError(atMs as number),
    } as PinReading;
  }

  return { requireRight, toReading };
}

function isLinks(links: unknown): boolean {
  const { authURL, linkURL, qrURL } = Object(links) as Partial<PinLinks>;
  return [authURL, linkURL, qrURL].every((url) => readPageURL(url) !== undefined);
}

function isMs(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value < Infinity;
}

function isToken(value: unknown): boolean {
  return isHeaderSafe(textOf(value));
}

/** Reads a token that is a text, a `Secret`, or one of another copy of this package. */
function textOf(token: unknown): string {
  return String(typeof token === 'string' ? token : ((token as Partial<Secret> | null)?.reveal?.() ?? ''));
}

/** An error's times go into the waits: what is no time is left out. */
function toCheckedError(error: unknown, atMs: number): unknown {
  if (!isPlexAuthError(error)) return error;
  const { code, message, retryable, status, plexCode, retryAfterMs, cause } = error;
  if (isMs(error.atMs) && (retryAfterMs === undefined || isMs(retryAfterMs))) return error;
  return new PlexAuthError(code, message, { atMs, retryable, status, plexCode, cause });
}

function toGoneError(atMs: number): PlexAuthError {
  return new PlexAuthError('PLEX_CLIENT_MISMATCH', 'The wire knows no such PIN', { atMs, retryable: false });
}
