import { PlexAuthError } from '../errors.ts';
import { systemClock, systemFetch } from '../ports.ts';
import { copyOptions, requireMethods } from '../require-option.ts';
import {
  defaultRequestTimeoutMs,
  type PlexClientOptions,
  requireClientIdentifier,
  requireServerURL,
} from './client-options.ts';
import { identify } from './device.ts';
import type { WireReply, WireRequest } from './exchange.ts';
import type { PlexCallOptions } from './plex-client.ts';
import { createTransport, type Transport } from './transport.ts';

/** What one operation sends beside what every request carries. */
type RequestParts = Partial<Pick<WireRequest, 'token' | 'query' | 'headers' | 'form' | 'onLate'>>;

/** Sends one request: the client's defaults, what the call overrides, and the operation's own parts. */
export type Send = (
  method: WireRequest['method'],
  path: string,
  call: PlexCallOptions,
  parts?: RequestParts,
) => Promise<WireReply>;

/** Makes what sends the requests of one client. `defaults` are a copy without a prototype. */
export function createSender(defaults: PlexClientOptions, ownTransport?: Transport): Send {
  const { fetch = systemFetch, clock = systemClock, requestTimeoutMs = defaultRequestTimeoutMs } = defaults;
  const transport = ownTransport ?? createTransport({ fetch, clock, requestTimeoutMs });
  const needed = ['AbortController', 'Headers', ...(fetch === systemFetch ? ['fetch'] : [])];

  // Async, so that a bad option of a call rejects like everything else.
  return async (method, path, call, parts = {}) => {
    const {
      serverURL = defaults.serverURL,
      clientIdentifier = defaults.clientIdentifier ?? '',
      signal,
    } = call;
    requireServerURL(call.serverURL, defaults.allowInsecureRequests);
    requireClientIdentifier(clientIdentifier);
    requireMethods('signal', signal, ['addEventListener', 'removeEventListener']);
    requirePlatform(needed, clock.now());
    const identity = identify(defaults, clientIdentifier);
    const { token, form, onLate, headers, query } = copyOptions(parts);
    return transport({
      method,
      path,
      headers: { ...identity.headers, ...headers },
      query: { ...identity.query, ...query },
      form,
      token,
      serverURL,
      signal,
      onLate,
    });
  };
}

/** @throws {PlexAuthError} Naming what this platform lacks, so that nobody takes it for a network that is down. */
function requirePlatform(needed: readonly string[], atMs: number): void {
  const missing = needed.find((name) => !(globalThis as Record<string, unknown>)[name]);
  if (missing === undefined) return;
  const message = `This platform has no ${missing}: install a polyfill${missing === 'fetch' ? ', or set the option fetch' : ''}`;
  throw new PlexAuthError('PLEX_UNEXPECTED', message, { atMs, retryable: false });
}
