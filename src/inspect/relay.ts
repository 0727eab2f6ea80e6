/** Needs Node. Loaded there only, by the name `#relay`. */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { limitIdleSockets } from './idle-sockets.ts';
import type { MessageLog } from './message-log.ts';
import { type MessageStream, streamMessages } from './message-stream.ts';
import { createOneTimeKey } from './one-time-key.ts';
import { createRelaySite } from './relay-site.ts';

/** What {@link startRelay} takes. */
export interface RelayOptions {
  /** From 0 to 65535; 0: any free one. */
  readonly port: number;
  /** The page that the relay's own page shows in a frame. Default: the live view. */
  readonly pageURL: string | undefined;
  readonly log: MessageLog;
}

/** Carries messages to a page in a browser on this machine. */
export interface Relay {
  /** The address to open, with the key in its fragment. */
  readonly url: string;
  /** Ends every connection once the pages have been sent all messages, after half a second at most. */
  close(): Promise<void>;
}

/** In milliseconds: how long a client may take to send a request, and how often that is checked. */
const timeouts = { headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 };
const flushTimeoutMs = 500;

/**
 * Serves a page, and the messages to clients with the key. Listens on 127.0.0.1 only, and keeps no process alive.
 *
 * One key works at a time. A page uses it up and is given the next one, for when it comes back.
 *
 * @throws {Error} Node's own, such as `EADDRINUSE`; `ERR_MODULE_NOT_FOUND` if the page's script is not beside this program.
 */
export async function startRelay({ port, pageURL, log }: RelayOptions): Promise<Relay> {
  const script = await readPageScript();
  const streams = new Set<MessageStream>();
  const hosts = new Set<string | undefined>();
  const key = createOneTimeKey();
  const site = createRelaySite({
    hosts,
    key,
    pageURL,
    script,
    openStream({ outgoing, incoming }) {
      idle.release(incoming.socket);
      const stream = streamMessages(outgoing, log, key.current);
      streams.add(stream);
      outgoing.once('close', () => streams.delete(stream));
    },
  });
  // Not with Hono's own `Request` and `Response` as globals: this is somebody else's process.
  const server = createServer(timeouts, getRequestListener(site.fetch, { overrideGlobalObjects: false }));
  const idle = limitIdleSockets(server);
  server.on('connection', (socket) => socket.unref());
  const address = `127.0.0.1:${await listen(server, port)}`;
  for (const host of [address, address.replace('127.0.0.1', 'localhost')])
    hosts.add(host).add(host.replace(/:80$/, ''));

  return {
    url: `http://${address}/#${key.current}`,
    async close() {
      hosts.clear();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await within(flushTimeoutMs, Promise.all([...streams].map((stream) => stream.finish())));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** From sources there is no built script, and the page stays blank. */
async function readPageScript(): Promise<string> {
  try {
    if (import.meta.url.endsWith('.ts')) return '';
    return await readFile(new URL('./relay-page.js', import.meta.url), 'utf8');
  } catch (cause) {
    const error = new Error('The page of the live view is not beside this program', { cause });
    throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Waits for some work, and for so long at most. */
async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
