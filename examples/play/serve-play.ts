import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { bundlePlay, type Files } from './bundle-play.ts';
import { answerCommand, createEmulatorControls, type EmulatorControls } from './emulator-controls.ts';
import { examples } from './examples.ts';
import { createExampleCards, createPlaygroundFiles, readExample } from './playground-files.ts';

/** The playground and all examples, on this machine only. */
export interface ServedPlay {
  /** The playground, with the examples below it. */
  readonly url: string;
  /** The address of an example's page, such as `vanilla/` or `frameworks/?react`. */
  addressOf(page: string): string;
  /** The emulated plex.tv that the examples share. */
  readonly plex: ServedPlexEmulator;
  /** The playground's own, which its buttons control. */
  readonly playgroundPlex: ServedPlexEmulator;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** Returns the content at a path. */
type Site = (path: string) => Promise<string | undefined>;

/**
 * Serves the playground and the examples, each with an emulated plex.tv. Run it in the package's own folder.
 *
 * Each example has its own port and thus its own origin: on one origin they would be tabs of one application, which
 * share a sign-in. Their scripts take long to build, so they are built when the first one is requested.
 *
 * @param options.port The playground's port. Default: any free one.
 */
export async function servePlay({ port = 0 }: { port?: number } = {}): Promise<ServedPlay> {
  const controls = createEmulatorControls();
  const [playgroundPlex, plex] = await Promise.all([
    servePlexEmulator({ emulator: controls.emulator }),
    servePlexEmulator(),
  ]);
  const answer = answerFrom(await toExampleSite(plex.url));
  const exampleServers = await Promise.all(examples.map(() => listen(answer, 0)));
  const origins = exampleServers.map(originOf);
  const addresses = new Map(examples.map(({ page }, index) => [page, `${origins[index]}/${page}`]));
  const addressOf = (page: string) => addresses.get(page) ?? '';
  const site = await toPlaygroundSite(playgroundPlex.url, addressOf);
  const servers = [await listen(withControls(controls, answerFrom(site)), port), ...exampleServers];
  const [url = ''] = servers.map(originOf);
  return {
    url: `${url}/`,
    addressOf,
    plex,
    playgroundPlex,
    close: async () =>
      void (await Promise.all([plex.close(), playgroundPlex.close(), ...servers.map(close)])),
  };
}

/** The playground, with the examples below it. */
async function toPlaygroundSite(plexURL: string, addressOf: (page: string) => string): Promise<Site> {
  const scripts = bundlePlay(['examples/play/playground.ts'], plexURL);
  // A request for one reports the error.
  scripts.catch(() => {});
  const files = await createPlaygroundFiles(await createExampleCards(addressOf));
  return toSite(files, () => scripts);
}

/** One site for all examples; they differ only in their origin. */
async function toExampleSite(plexURL: string): Promise<Site> {
  // One document for all frameworks, one for each of the others.
  const folders = [...new Set(examples.map(({ page }) => page.replace(/\?.*$/, '')))];
  const files = new Map([['/example.css', await readExample('play/example.css')]]);
  for (const folder of folders)
    files.set(`/${folder}index.html`, withStyle(await readExample(`${folder}index.html`)));
  const entryPoints = folders.map((folder) =>
    folder === 'frameworks/' ? 'examples/frameworks/page.ts' : `examples/${folder}main.ts`,
  );
  let scripts: Promise<Files> | undefined;
  return toSite(files, () => (scripts ??= bundlePlay(entryPoints, plexURL)));
}

/** An example's document with the style that they share here, and with the name of its script once it is built. */
function withStyle(document: string): string {
  const link = '<link rel="stylesheet" href="/example.css" />';
  // The television has its own.
  const head = document.includes('<style>') ? '' : link;
  return document.replace(/(src="\w+)\.ts"/, '$1.js"').replace('</head>', `${head}</head>`);
}

/** Waits for a script that is not built yet. */
function toSite(files: Files, scripts: () => Promise<Files>): Site {
  return async (path) => (extname(path) === '.js' ? (await scripts()).get(path) : files.get(path));
}

function listen(answer: RequestListener, port: number): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

function answerFrom(site: Site): RequestListener {
  return async ({ url = '' }, response) => {
    const [path = ''] = url.split('?');
    const name = path.endsWith('/') ? `${path}index.html` : path;
    try {
      const text = await site(name);
      if (text === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'Content-Type': types[extname(name)] }).end(text);
    } catch (error) {
      // The build failed; esbuild has printed why.
      response.writeHead(500).end((error as Error).message);
    }
  };
}

/** Answers at `/emulator`: shows the emulator's state to all, and lets the playground's own page run commands. */
function withControls(controls: EmulatorControls, next: RequestListener): RequestListener {
  const answer = getRequestListener((request) =>
    request.method === 'GET' || isOwn(request)
      ? answerCommand(controls, request)
      : new Response(null, { status: 403 }),
  );
  return (request, response) =>
    request.url === '/emulator' ? answer(request, response) : next(request, response);
}

function isOwn({ headers, url }: Request): boolean {
  return headers.get('Origin') === new URL(url).origin && headers.get('Sec-Fetch-Site') === 'same-origin';
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed());
    server.closeAllConnections();
  });
}
