/** Serves emulators to the probe, which may run where there is no server: on loopback, in a process of its own. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { Fault, FaultScope, ServedPlexEmulator } from '../../src/testing/index.ts';

/** A server of the probe. */
export interface ProbeServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What the probe sends along: each request some of it. */
interface Order {
  readonly code: string;
  readonly status: number;
  readonly fault: Fault;
  readonly scope?: FaultScope;
}

type Answer = (order: Order) => unknown;

/** @param serve What serves an emulator: that of the built package. */
export async function startProbeServer(serve: () => Promise<ServedPlexEmulator>): Promise<ProbeServer> {
  const answers = new Map<string, Answer>();
  const closers: (() => unknown)[] = [];
  let lastID = 0;

  answers.set('/plex', async () => {
    const { url, emulator, close } = await serve();
    const id = ++lastID;
    closers.push(close);
    const add = (what: string, answer: Answer) => answers.set(`/plex/${id}/${what}`, answer);
    add('approve', ({ code }) => ({ length: emulator.link(code).length }));
    add('fault', ({ fault, scope }) => {
      emulator.fault(fault, scope);
      return {};
    });
    add('requests', () => emulator.requests);
    add('pending', () => emulator.pending);
    return { id, url };
  });
  answers.set('/redirect', async ({ status }) => {
    const arrivals = { requests: 0, tokens: 0 };
    const target = await listen((request) => {
      arrivals.requests++;
      if ('x-plex-token' in request.headers || /X-Plex-Token/i.test(request.url ?? '')) arrivals.tokens++;
      return { status: 200, body: '{"id":1,"uuid":"u"}' };
    });
    const source = await listen(() => ({ status, location: target.url }));
    closers.push(target.close, source.close);
    const id = ++lastID;
    answers.set(`/redirect/${id}/arrivals`, () => arrivals);
    return { id, url: source.url };
  });
  answers.set('/closed', async () => {
    const { url, close } = await listen(() => ({ status: 200 }));
    await close();
    return { url };
  });

  const control = await listen(async (request) => {
    try {
      const answer = answers.get(request.url ?? '');
      if (!answer) return { status: 404 };
      return { status: 200, body: JSON.stringify(await answer((await json(request)) as Order)) };
    } catch (error) {
      return { status: 500, body: String(error) };
    }
  });
  return {
    url: control.url,
    async close() {
      await Promise.all([control.close, ...closers].map((close) => close()));
    },
  };
}

interface Reply {
  status: number;
  body?: string;
  location?: string;
}

async function listen(reply: (request: IncomingMessage) => Reply | Promise<Reply>) {
  const server: Server = createServer(async (request, response) => {
    const { status, body = '', location } = await reply(request);
    const headers = { 'Content-Type': 'application/json', ...(location && { Location: location }) };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
