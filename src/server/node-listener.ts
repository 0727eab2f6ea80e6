/** What is used of a request of `node:http`, of Express or of Fastify. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The address before a framework cut off where the handler is mounted. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is used of a response of `node:http`. */
export interface NodeResponse {
  readonly destroyed: boolean;
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  write(chunk: Uint8Array): boolean;
  end(): unknown;
  destroy(): unknown;
  once(event: 'close' | 'drain', listener: () => void): unknown;
}

/**
 * Makes a listener for `node:http`, Express and Fastify of a handler for Web-standard requests.
 *
 * No request of this library has a body, so a body parser in front changes nothing.
 *
 * @returns The listener. It rejects with what the handler throws; the handler of a `PlexAuthServer` never does.
 */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (request: NodeRequest, response: NodeResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const leaving = new AbortController();
    outgoing.once('close', () => leaving.abort());
    const request = toRequest(incoming, leaving.signal);
    const response = request ? await handler(request) : new Response(null, { status: 400 });
    try {
      outgoing.writeHead(response.status, toNodeHeaders(response.headers));
      for await (const chunk of chunksOf(response, leaving.signal)) {
        if (outgoing.destroyed) break;
        if (!outgoing.write(chunk)) await untilDrained(outgoing, leaving.signal);
      }
      outgoing.end();
    } catch {
      // An answer that breaks in the middle ends its connection, and no process.
      outgoing.destroy();
    }
  };
}

/**
 * The handler reads the path alone, and the application gets no other host than this one: a host is what the client says, in
 * `Host` or in a whole address.
 *
 * @returns Undefined for an address, a method or a header that no `Request` can have.
 */
function toRequest(
  { method = 'GET', url = '/', originalUrl = url, headers }: NodeRequest,
  signal: AbortSignal,
): Request | undefined {
  try {
    const own = new Headers();
    for (const [name, value] of Object.entries(headers)) {
      const separator = name === 'cookie' ? '; ' : ', ';
      // HTTP/2 writes the method and the path among the headers.
      if (value !== undefined && !name.startsWith(':')) own.set(name, [value].flat().join(separator));
    }
    const { pathname, search } = new URL(originalUrl.replace(/^\/+/, '/'), 'http://localhost');
    return new Request(`http://localhost${pathname}${search}`, { method, headers: own, signal });
  } catch {
    return undefined;
  }
}

/** Waits until there is room for more, or the reader has left: over HTTP/2 there may be no further event then. */
function untilDrained(response: NodeResponse, leaving: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (leaving.aborted) return resolve();
    const end = () => {
      leaving.removeEventListener('abort', end);
      resolve();
    };
    response.once('drain', end);
    leaving.addEventListener('abort', end);
  });
}

function toNodeHeaders(headers: Headers): Record<string, string | string[]> {
  const { 'set-cookie': _, ...others } = Object.fromEntries(headers);
  const cookies = headers.getSetCookie();
  return cookies.length > 0 ? { ...others, 'set-cookie': cookies } : others;
}

async function* chunksOf({ body }: Response, leaving: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  const cancel = () => void reader.cancel().catch(() => {});
  leaving.addEventListener('abort', cancel);
  if (leaving.aborted) cancel();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    cancel();
  }
}
