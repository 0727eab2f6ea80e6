/**
 * What went wrong, for programs.
 *
 * | code | meaning |
 * |---|---|
 * | `PLEX_NETWORK` | no answer: offline, DNS, TLS, a reset, or a request that CORS blocked |
 * | `PLEX_TIMEOUT` | no complete answer within `requestTimeoutMs` |
 * | `PLEX_RATE_LIMITED` | 429; `retryAfterMs` says how long to wait, where Plex said it |
 * | `PLEX_HTTP` | any other status that Plex does not define for the call |
 * | `PLEX_BAD_REPLY` | an answer that is not what Plex documents: XML, HTML, broken JSON, a missing field |
 * | `PLEX_CLIENT_MISMATCH` | the PIN or token belongs to another client identifier |
 * | `PLEX_STORE` | the store that was given failed to read or write |
 * | `PLEX_POPUP_BLOCKED` | the browser opened no window for the consent page |
 * | `PLEX_FRAMED` | the page is in a frame, where the consent page does not open |
 * | `PLEX_EXPIRED` | only from promises: the PIN, or the caller's limit, ran out before the user approved |
 * | `PLEX_NO_ACCESS` | the user may not use the server that the application is for |
 * | `PLEX_NO_ATTEMPT` | the browser sent no sign-in attempt of this server: begin again |
 * | `PLEX_UNEXPECTED` | code from outside (an actor or a port) threw something that is no `PlexAuthError`; a `fetch` that is missing, or whose responses cannot be read |
 */
export type PlexAuthErrorCode =
  | 'PLEX_NETWORK'
  | 'PLEX_TIMEOUT'
  | 'PLEX_RATE_LIMITED'
  | 'PLEX_HTTP'
  | 'PLEX_BAD_REPLY'
  | 'PLEX_CLIENT_MISMATCH'
  | 'PLEX_STORE'
  | 'PLEX_POPUP_BLOCKED'
  | 'PLEX_FRAMED'
  | 'PLEX_EXPIRED'
  | 'PLEX_NO_ACCESS'
  | 'PLEX_NO_ATTEMPT'
  | 'PLEX_UNEXPECTED';

/** What a {@link PlexAuthError} is made of. */
export interface PlexAuthErrorDetails {
  /** When the error was noticed, by the clock in use, in milliseconds since the epoch. */
  atMs: number;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** The HTTP status, where there was an answer. */
  status?: number | undefined;
  /** The code in Plex's error envelope, such as 1020. */
  plexCode?: number | undefined;
  /** How long Plex asked to wait, in milliseconds, 0 or more. */
  retryAfterMs?: number | undefined;
  /** The cause: its name and code, and its message if the system wrote that. It holds no header and no token. */
  cause?: unknown;
}

/**
 * The one error of this library. Misuse is a `TypeError` at the call instead; an expired or cancelled flow is a state.
 *
 * The message holds no token, code, location or query.
 */
export class PlexAuthError extends Error implements PlexAuthErrorDetails {
  override readonly name = 'PlexAuthError';
  readonly code: PlexAuthErrorCode;
  declare readonly atMs: number;
  declare readonly retryable: boolean;
  declare readonly status?: number;
  declare readonly plexCode?: number;
  declare readonly retryAfterMs?: number;

  constructor(code: PlexAuthErrorCode, message: string, details: PlexAuthErrorDetails) {
    super(message);
    this.code = code;
    for (const [name, value] of Object.entries(details)) {
      if (value !== undefined) Object.defineProperty(this, name, { value, enumerable: name !== 'cause' });
    }
  }
}

/** Makes a `PlexAuthError` of what a port or an actor threw. */
export function toPlexAuthError(
  code: 'PLEX_STORE' | 'PLEX_UNEXPECTED',
  message: string,
  error: unknown,
  atMs: number,
): PlexAuthError {
  return new PlexAuthError(code, message, { atMs, retryable: code === 'PLEX_STORE', cause: causeOf(error) });
}

/**
 * Reduces an error to its name, its code, and the message of the system itself.
 *
 * Any other message may quote a request with its headers, an answer, or the text that was to be stored.
 */
export function causeOf(error: unknown): { name: string; message?: string; code?: string } {
  const isSystems = readField(error, 'code') || readField(error, 'syscall');
  const source = isSystems ? error : readField(error, 'cause');
  const name = readText(error, 'name');
  const code = readText(source, 'code');
  return {
    name: /^[A-Z][A-Za-z]{0,40}(Error|Exception)$/.test(name) ? name : 'Error',
    ...(typeof readField(source, 'syscall') === 'string' && { message: readText(source, 'message') }),
    ...(/^[A-Z][A-Z0-9_]{1,40}$/.test(code) && { code }),
  };
}

/** Says whether something that was thrown is an error of this library. A revoked proxy makes `instanceof` throw. */
export function isPlexAuthError(error: unknown): error is PlexAuthError {
  try {
    return error instanceof PlexAuthError;
  } catch {
    return false;
  }
}

/** Reads a field as {@link readField} does. @returns An empty text if the field holds none. */
export function readText(error: unknown, field: 'name' | 'message' | 'code'): string {
  const value = readField(error, field);
  return typeof value === 'string' ? value : '';
}

/** Anything can be thrown: a field's getter may throw in turn, and a revoked proxy has no field that can be read. */
export function readField(error: unknown, field: 'name' | 'message' | 'code' | 'syscall' | 'cause'): unknown {
  try {
    return Object(error)[field];
  } catch {
    return undefined;
  }
}
