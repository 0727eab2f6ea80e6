import { systemClock, systemFetch } from '../ports.ts';
import { requireMethods } from '../require-option.ts';
import {
  defaultRequestTimeoutMs,
  type PlexClientOptions,
  requireClientIdentifier,
  requireServerURL,
} from './client-options.ts';
import { identify } from './device.ts';
import type { PlexCallOptions } from './plex-client.ts';
import { createTransport, type WireReply, type WireRequest } from './transport.ts';

/** What one operation sends beside what every request carries. */
type RequestParts = Partial<Pick<WireRequest, 'token' | 'query' | 'headers' | 'form'>>;

/** Sends one request: the client's defaults, what the call overrides, and the operation's own parts. */
export type Send = (
  method: WireRequest['method'],
  path: string,
  call: PlexCallOptions,
  parts?: RequestParts,
) => Promise<WireReply>;

/** Makes what sends the requests of one client. */
export function createSender(defaults: PlexClientOptions): Send {
  const transport = createTransport({
    fetch: defaults.fetch ?? systemFetch,
    clock: defaults.clock ?? systemClock,
    requestTimeoutMs: defaults.requestTimeoutMs ?? defaultRequestTimeoutMs,
  });

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
    const { headers, query } = identify({ ...defaults, clientIdentifier });
    return transport({
      ...parts,
      method,
      path,
      headers: { ...headers, ...parts.headers },
      query: { ...query, ...parts.query },
      serverURL,
      signal,
    });
  };
}
