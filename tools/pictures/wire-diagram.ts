/** A sign-in on the wire as a Mermaid sequence, made from the requests of a driven flow. */

import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { drivePlexAuth } from '../../src/testing/drive-plex-auth.ts';
import type { DriveMove } from '../../src/testing/index.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../src/view.ts';

/** A request with its answer, in names; of values only those that are no secret. */
interface Exchange {
  /** When it went out, in milliseconds since the start. */
  readonly atMs: number;
  /** `GET /api/v2/pins/{pinID}`. */
  readonly asked: string;
  readonly headers: readonly string[];
  /** `200 id, code, expiresIn 1799, authToken null`. */
  readonly answered: string;
  /** Whether it was a read of the PIN that found no token yet. */
  readonly isPending: boolean;
}

/** At 20 s Plex throttles. At two minutes, when the pace has slowed, the user approves; the app notes that the user is back. */
const script: DriveMove[] = [
  { atMs: 20_000, network: { type: 'rateLimited', retryAfter: 5 }, operation: 'getToken', times: 1 },
  { atMs: 120_000, user: 'approve' },
  { atMs: 121_000, app: 'check' },
  { atMs: 130_000, app: 'verify' },
  { atMs: 140_000, app: 'signOut' },
];

const participants = [
  'actor User',
  'participant App as your app',
  'participant Auth as plex-auth-flow',
  'participant Plex as plex.tv',
];

/** The fields that the client reads from a PIN and a user. Others, such as the location, are left out. */
const pinFields = ['id', 'code', 'expiresIn', 'authToken'];
const userFields = ['id', 'uuid', 'username'];

/** Drives a flow against the emulator, and draws the requests and what the application received. */
export async function drawWire(): Promise<string> {
  const time = createVirtualTime();
  const startMs = time.clock.now();
  const exchanges: Exchange[] = [];
  const emulator = watched(createPlexEmulator({ clock: time.clock, random: () => 0 }), (exchange) => {
    exchanges.push({ ...exchange, atMs: time.clock.now() - startMs });
  });
  const { timeline } = await drivePlexAuth({ time, emulator, script, options: { product: 'My App' } });

  const shared = exchanges[0]?.headers.filter((name) =>
    exchanges.every(({ headers }) => headers.includes(name)),
  );
  const steps = [`Note over Auth,Plex: in each request<br/>${shared?.join('<br/>')}`];
  const drawExchange = ({ asked, headers, answered }: Exchange) => {
    const own = headers.filter((name) => !shared?.includes(name));
    return [`Auth->>Plex: ${[asked, ...own].join(', ')}`, `Plex-->>Auth: ${answered}`];
  };
  const pending: Exchange[] = [];
  let toldOf: PlexAuthView['status'] = 'idle';
  const draw = (lines: string[]) => {
    if (lines.length > 0) steps.push(...drawPending(pending.splice(0), drawExchange), ...lines);
  };
  for (const entry of timeline) {
    if (entry.type === 'move') draw(drawMove(entry.move));
    else if (entry.type === 'view') {
      const isNew = entry.view.status !== toldOf || 'lastError' in entry.view;
      const lines = isNew ? drawView(entry.view) : [];
      if (lines.length > 0) toldOf = entry.view.status;
      draw(lines);
    } else {
      const exchange = exchanges.shift();
      if (exchange?.isPending) pending.push(exchange);
      else if (exchange) draw(drawExchange(exchange));
    }
  }
  return `sequenceDiagram\n${[...participants, ...steps].map((line) => `  ${line}\n`).join('')}`;
}

/**
 * Puts Mermaid text between a page's `<!-- wire -->` and `<!-- /wire -->`.
 *
 * @throws {Error} If these marks are missing.
 */
export function withWire(page: string, mermaid: string): string {
  const block = /(<!-- wire -->)[\s\S]*?(<!-- \/wire -->)/;
  if (!block.test(page)) throw new Error('docs/wire.md has no <!-- wire --> … <!-- /wire -->');
  return page.replace(block, (_, open, close) => `${open}\n\n\`\`\`mermaid\n${mermaid}\`\`\`\n\n${close}`);
}

/** Lets somebody see each exchange with an emulator. */
function watched(emulator: PlexEmulator, see: (exchange: Omit<Exchange, 'atMs'>) => void): PlexEmulator {
  const fetch: PlexEmulator['fetch'] = async (input, init) => {
    const { method, url, headers } = new Request(input, { ...init, signal: null });
    const answer = await emulator.fetch(input, init);
    const body = await answer.clone().text();
    const fields = (body ? JSON.parse(body) : {}) as Record<string, unknown>;
    see({
      asked: `${method} ${toPath(url)}`,
      headers: toHeaderNames(headers),
      answered: [answer.status, ...describeAnswer(answer.headers, fields)].join(' '),
      isPending: fields['authToken'] === null && answer.status === 200,
    });
    return answer;
  };
  return Object.create(emulator, { fetch: { value: fetch } }) as PlexEmulator;
}

/** The path with its query, and with `{pinID}` in place of a PIN's id. */
function toPath(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname.replace(/\/\d+$/, '/{pinID}') + search;
}

/** The headers that Plex looks at, by the names that it gives them. */
function toHeaderNames(headers: Headers): string[] {
  const names = [...headers.keys()].filter((name) => /^(accept|x-plex-.*)$/.test(name));
  const written = names.map((name) => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()));
  return written.map((name) => (name === 'Accept' ? `Accept ${headers.get('accept')}` : name));
}

function describeAnswer(headers: Headers, fields: Record<string, unknown>): string[] {
  const retryAfter = headers.get('retry-after');
  if (retryAfter) return [`Retry-After ${retryAfter}`];
  const read = ('code' in fields ? pinFields : userFields).filter((field) => field in fields);
  const isShown = (field: string) => field === 'expiresIn' || fields[field] === null;
  const described = read.map((field) => (isShown(field) ? `${field} ${fields[field]}` : field));
  return described.length > 0 ? [described.join(', ')] : [];
}

/** Draws reads that say "not yet" as one, with how many they were and at what pace they went out. */
function drawPending(reads: readonly Exchange[], drawExchange: (read: Exchange) => string[]): string[] {
  const [first] = reads;
  const last = reads.at(-1);
  if (!first || !last) return [];
  const gaps = reads.slice(1).map(({ atMs }, index) => atMs - (reads[index]?.atMs ?? atMs));
  const apart = [...new Set([Math.min(...gaps), Math.max(...gaps)].map(toSeconds))].join(' to ');
  const when = `from ${toSeconds(first.atMs)} s to ${toSeconds(last.atMs)} s`;
  const answered = first.answered.replace(/expiresIn \d+/, 'expiresIn');
  return [
    `loop ${reads.length} reads ${when}, ${apart} s apart`,
    ...drawExchange({ ...first, answered }).map((line) => `  ${line}`),
    'end',
  ];
}

function drawMove(move: DriveMove): string[] {
  const when = move.atMs > 0 ? `, at ${toSeconds(move.atMs)} s` : '';
  if ('user' in move) return [`User->>Plex: approves on the consent page${when}`];
  return 'app' in move ? [`App->>Auth: ${move.app}()${when}`] : [];
}

/** Draws what the application receives: each end of a wait, and each error. */
function drawView(view: PlexAuthView): string[] {
  const { status, ...fields } = view;
  if (!['awaitingLink', 'authenticated', 'idle'].includes(status)) return [];
  const { lastError } = view as { lastError?: { code: string } };
  if (lastError) return [`Auth-->>App: ${status}<br/>lastError ${lastError.code}`];
  const received = Object.entries(fields).map(([field, value]) =>
    field === 'reason' ? `reason ${value}` : field,
  );
  return [
    `Auth-->>App: ${status}<br/>${received.join(', ')}`,
    ...(status === 'awaitingLink' ? ['App->>User: shows the code, the link, a QR picture'] : []),
  ];
}

function toSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
