/** Asks the server of the probe, which has the emulators: they listen on sockets, in another process. */

/** An emulated plex.tv of one check. */
export interface RemotePlex {
  /** For the option `serverURL`. */
  readonly url: string;
  approve(code: string): Promise<void>;
  /** Adds a fault of the emulator. */
  fault(fault: object, scope?: object): Promise<void>;
  /** Every request so far. */
  requests(): Promise<readonly { operation?: string; product?: string }[]>;
  /** How many requests are still open. */
  pending(): Promise<number>;
}

/** A server that redirects every request elsewhere. */
export interface RemoteRedirect {
  readonly url: string;
  /** What has arrived where the redirects lead: how many requests, and how many of them with a token. */
  arrivals(): Promise<{ requests: number; tokens: number }>;
}

async function post<T>(controlURL: string, path: string, body: object = {}): Promise<T> {
  const response = await fetch(`${controlURL}${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the server of the probe: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Starts an emulator of its own for one check. The server ends it. */
export async function openPlex(controlURL: string): Promise<RemotePlex> {
  const { id, url } = await post<{ id: number; url: string }>(controlURL, '/plex');
  const ask = <T>(what: string, body?: object) => post<T>(controlURL, `/plex/${id}/${what}`, body);
  return {
    url,
    approve: (code) => ask('approve', { code }),
    fault: (fault, scope) => ask('fault', { fault, scope }),
    requests: () => ask('requests'),
    pending: () => ask('pending'),
  };
}

/** Starts a server that redirects to another origin. */
export async function openRedirect(controlURL: string, status: number): Promise<RemoteRedirect> {
  const { id, url } = await post<{ id: number; url: string }>(controlURL, '/redirect', { status });
  return { url, arrivals: () => post(controlURL, `/redirect/${id}/arrivals`) };
}

/** An address on loopback at which nobody listens. */
export async function closedURL(controlURL: string): Promise<string> {
  return (await post<{ url: string }>(controlURL, '/closed')).url;
}
