/** Needs Node, and is loaded only there. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { MessageLog } from './message-log.ts';
import { relayClose, socketPath } from './relay-frames.ts';

/** What {@link startRelay} takes. */
interface RelayOptions {
  /** From 0 to 65535; 0: any free one. */
  readonly port: number;
  /** The page that the relay's own page shows in a frame. Default: the live view. */
  readonly pageURL: string | undefined;
  readonly log: MessageLog;
}

/** What carries messages to a page in a browser on this machine. */
export interface Relay {
  /** The address to open, with the key in its fragment. */
  readonly url: string;
  /** Ends everything, once the pages have been sent what they have coming, or after half a second. */
  close(): Promise<void>;
}

/** A page that does not read this much, in bytes, is dropped. It may come back. */
const mostBacklog = 16_000_000;
/** How long a socket may wait before it says its key, in milliseconds. */
const keyPatienceMs = 5000;
const mostWaiting = 20;
/** Nobody has more to say than a key; `closeTimeout` is in milliseconds. */
const socketLimits = { maxPayload: 256, perMessageDeflate: false, closeTimeout: 500 };
const forbidden = 'HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/**
 * Serves a page, and the messages to whoever has the key. Listens on 127.0.0.1 only, and keeps no process alive.
 *
 * One key is good at a time: each is used up by one page, which is given the next one for when it comes back.
 *
 * @throws {Error} Node's own, such as `EADDRINUSE`.
 */
export async function startRelay({ port, pageURL, log }: RelayOptions): Promise<Relay> {
  const pages = new Set<WebSocket>();
  const waiting = new Set<WebSocket>();
  const sockets = new WebSocketServer({ noServer: true, ...socketLimits });
  const server = createServer((request, response) => {
    answer(request, response, { hosts, pageURL }).catch(() => response.destroy());
  });
  const hosts = new Set<string | undefined>();
  let key = createKey();

  server.on('connection', (socket) => socket.unref());
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => {});
    const { host, origin } = request.headers;
    const isOurs = hosts.has(host) && origin === `http://${host}` && request.url === socketPath;
    if (isOurs && waiting.size < mostWaiting) sockets.handleUpgrade(request, socket, head, admit);
    else socket.end(forbidden, () => socket.destroy());
  });
  server.unref();
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const host of [address, address.replace('127.0.0.1', 'localhost')])
    hosts.add(host).add(host.replace(/:80$/, ''));

  /** Nothing that a socket sends but its key is listened to. */
  function admit(socket: WebSocket): void {
    waiting.add(socket);
    const timer = setTimeout(() => socket.terminate(), keyPatienceMs).unref();
    socket.on('error', () => {});
    socket.once('message', (said) => {
      clearTimeout(timer);
      waiting.delete(socket);
      if (isKey(String(said))) serve(socket);
      else socket.close(relayClose.refused);
    });
    socket.once('close', () => {
      clearTimeout(timer);
      waiting.delete(socket);
      pages.delete(socket);
    });
  }

  function isKey(said: string): boolean {
    const [one, other] = [Buffer.from(said), Buffer.from(key)];
    const isRight = one.length === other.length && timingSafeEqual(one, other);
    if (isRight) key = createKey();
    return isRight;
  }

  function serve(socket: WebSocket): void {
    pages.add(socket);
    const send = (json: string) => {
      if (socket.readyState !== socket.OPEN) throw new Error('The page is gone');
      socket.send(json);
      if (socket.bufferedAmount > mostBacklog) socket.terminate();
    };
    const end = log.connect(send, (lost) => socket.send(JSON.stringify({ key, lost })));
    socket.once('close', end);
  }

  return {
    url: `http://${address}/#${key}`,
    async close() {
      hosts.clear();
      await Promise.all([...pages].map(dismiss));
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** 128 bits: more than anybody can try. */
function createKey(): string {
  return randomBytes(16).toString('base64url');
}

/** Closes a socket after what it has been sent; ws ends it where the other side does not answer in time. */
function dismiss(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve()).close(relayClose.over);
  });
}

interface Site {
  readonly hosts: ReadonlySet<string | undefined>;
  readonly pageURL: string | undefined;
}

async function answer(request: IncomingMessage, response: ServerResponse, site: Site): Promise<void> {
  const { host } = request.headers;
  for (const [name, value] of Object.entries(headersOf(host, site))) response.setHeader(name, value);
  // A name of somebody else's that leads here is not ours, whatever page uses it.
  if (!site.hosts.has(host)) return void response.writeHead(403).end();
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end();
  const [path = ''] = (request.url ?? '').split('?');
  if (path === '/')
    return void response.setHeader('Content-Type', 'text/html; charset=utf-8').end(toPage(site));
  const script = await readModule(path);
  if (script === undefined) return void response.writeHead(404).end();
  response.setHeader('Content-Type', 'text/javascript; charset=utf-8').end(script);
}

/** The page's script as it was built, beside this one. */
async function readModule(path: string): Promise<string | undefined> {
  if (path !== '/relay-page.js') return undefined;
  return readFile(new URL(`.${path}`, import.meta.url), 'utf8').catch(() => undefined);
}

function headersOf(host: string | undefined, { hosts, pageURL }: Site): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `connect-src 'self' ${hosts.has(host) ? `ws://${host}` : ''}`,
    ...(pageURL === undefined ? [] : [`frame-src ${new URL(pageURL).origin}`]),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

function toPage({ pageURL }: Site): string {
  const { href = '' } = pageURL === undefined ? {} : new URL(pageURL);
  const url = href.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Live view</title><body data-url="${url}"><script type="module" src="/relay-page.js"></script></body></html>\n`;
}
