/** A plex.tv, and an authorization server, of which nobody ever approves: it counts, and measures how late each poll comes. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoadRequest, LoadStats } from './load-messages.ts';

let intervalMs = 0;
let lastID = 0;
/** When each flow was last asked for, by the id of its PIN. */
let lastAskedMs: number[] = [];
let latenessMs: number[] = [];
let windowBegunMs = 0;

function makePin(): number {
  lastID += 1;
  lastAskedMs[lastID] = performance.now();
  return lastID;
}

function notePoll(id: number): void {
  const nowMs = performance.now();
  latenessMs.push(nowMs - (lastAskedMs[id] ?? nowMs) - intervalMs);
  lastAskedMs[id] = nowMs;
}

const location = {
  ...{
    code: 'NL',
    european_union_member: true,
    continent_code: 'EU',
    country: 'The Netherlands',
    city: 'Breda',
  },
  ...{ time_zone: 'Europe/Amsterdam', postal_code: '4814', in_privacy_restricted_country: true },
  ...{ in_privacy_restricted_region: true, subdivisions: 'North Brabant', coordinates: '51.5869, 4.7471' },
};

function toPinObject(id: number, clientIdentifier: unknown) {
  return {
    ...{ id, code: 'abcdefghijklmnopqrstuvwxy', product: 'Bench', trusted: false },
    ...{ qr: 'https://plex.tv/api/v2/pins/qr/abcdefghijklmnopqrstuvwxy', clientIdentifier, location },
    ...{ expiresIn: 1700, createdAt: '2026-11-01T00:00:00Z', expiresAt: '2026-11-01T00:30:00Z' },
    ...{ authToken: null, newRegistration: null },
  };
}

function answerPlex({ method, url = '', headers }: IncomingMessage): [number, unknown] {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const client = headers['x-plex-client-identifier'] ?? searchParams.get('X-Plex-Client-Identifier');
  if (method === 'POST') return [201, toPinObject(makePin(), client)];
  const id = Number(pathname.split('/').pop());
  notePoll(id);
  return [200, toPinObject(id, client)];
}

async function answerDeviceFlow(request: IncomingMessage): Promise<[number, unknown]> {
  const isGitHub = request.url?.startsWith('/login/') ?? false;
  let text = '';
  for await (const part of request) text += part;
  if (request.url?.endsWith('/code')) {
    const code = { user_code: 'WDJB-MJHT', verification_uri: 'http://localhost/link', expires_in: 1800 };
    return [200, { device_code: String(makePin()), ...code, interval: intervalMs / 1000 }];
  }
  const code = isGitHub
    ? (JSON.parse(text) as { device_code: string }).device_code
    : new URLSearchParams(text).get('device_code');
  notePoll(Number(code));
  return [isGitHub ? 200 : 400, { error: 'authorization_pending' }];
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isPlex = request.url?.startsWith('/api/v2/');
  const [status, body] = isPlex ? answerPlex(request) : await answerDeviceFlow(request);
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

function readStats(): LoadStats {
  const nowMs = performance.now();
  const polls = latenessMs.length;
  // A flow that is overdue counts with what it is late by now; else one that is never asked for would look punctual.
  const overdueMs = lastAskedMs.map((askedMs) => nowMs - askedMs - intervalMs).filter((ms) => ms > 0);
  const all = Float64Array.from([...latenessMs, ...overdueMs]).sort();
  const at = (share: number) => Math.max(0, all[Math.floor((all.length - 1) * share)] ?? 0);
  return { pins: lastID, polls, durationMs: nowMs - windowBegunMs, lateMs: { p50: at(0.5), p99: at(0.99) } };
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

process.on('message', (request: LoadRequest) => {
  if (request.type === 'reset') {
    intervalMs = request.intervalMs;
    lastID = 0;
    lastAskedMs = [];
  }
  if (request.type !== 'read') {
    latenessMs = [];
    windowBegunMs = performance.now();
  }
  process.send?.(readStats());
});
process.on('disconnect', () => process.exit());
