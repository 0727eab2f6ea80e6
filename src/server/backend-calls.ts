import { reasonOf } from '../abort.ts';
import { PlexAuthError } from '../errors.ts';
import type { WireReply, WireRequest } from '../plex/exchange.ts';
import { createBaseAsker } from '../plex/transport.ts';
import type { AnyFetch, Clock } from '../ports.ts';

/** What the page's end needs to reach its server. */
export interface BackendConnection {
  /** Where the server's handler is mounted: an absolute address without a slash at its end. */
  readonly backendURL: string;
  readonly fetch: AnyFetch;
  readonly clock: Clock;
  /** How long one request may take, body included, in milliseconds. */
  readonly requestTimeoutMs: number;
}

/** Sends one request to the server, and gives its one answer. @throws {PlexAuthError} Where none comes. @throws The signal's reason. */
export type AskBackend = (
  method: WireRequest['method'],
  path: string,
  call: { signal?: AbortSignal; headers?: Record<string, string>; onLate?: WireRequest['onLate'] },
) => Promise<WireReply>;

/**
 * Makes what asks the application's server. It sends no body, follows no redirect, and uses no cache. The cookies go along as
 * `fetch` does it by default: to the page's own origin only.
 */
export function createAskBackend(connection: BackendConnection): AskBackend {
  const { backendURL } = connection;
  const askBase = createBaseAsker(connection);
  return async (method, path, { signal, headers = {}, onLate }) => {
    if (signal?.aborted) throw reasonOf(signal);
    const outcome = await askBase(backendURL, {
      method,
      path,
      headers,
      query: {},
      form: undefined,
      token: undefined,
      serverURL: backendURL,
      signal,
      onLate,
    });
    if (!(outcome instanceof Error)) return { ...outcome, peer: 'The server' };
    throw signal?.aborted ? reasonOf(signal) : toServerError(outcome);
  };
}

/** Names who did not answer: what went wrong on the way is worded for Plex. */
function toServerError({ code, message, atMs, retryable, status, cause }: PlexAuthError): PlexAuthError {
  const ownMessage = message.replace(/\bPlex\b/, (_, at) => (at === 0 ? 'The server' : 'the server'));
  return new PlexAuthError(code, ownMessage, { atMs, retryable, status, cause });
}
