import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, relative } from 'node:path';
import { json } from 'node:stream/consumers';
import { build } from 'esbuild';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { browserAliases } from '../../tools/own-sources.ts';
import { compileComponents } from './compile-components.ts';
import { createEmulatorControls, type EmulatorCommand, type EmulatorControls } from './emulator-controls.ts';
import { type Example, examples } from './examples.ts';
import { type Mishap, mishaps } from './mishaps.ts';
import { useEmulator } from './use-emulator.ts';

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

/** Contents by path. */
type Files = ReadonlyMap<string, string>;

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

async function toPlaygroundSite(plexURL: string, addressOf: (page: string) => string): Promise<Site> {
  const scripts = bundle(['examples/play/playground.ts'], plexURL);
  // A request for one reports the error.
  scripts.catch(() => {});
  const [page, styles, cards] = await Promise.all([
    read('play/index.html'),
    read('play/playground.css'),
    Promise.all(examples.map((example) => toCard(example, addressOf(example.page)))),
  ]);
  const files = new Map([
    [
      '/index.html',
      page
        .replace('<!-- cards -->', () => cards.join(''))
        .replace('<!-- mishaps -->', () => mishaps.map(toMishapButton).join('')),
    ],
    ['/playground.css', styles],
  ]);
  return toSite(files, () => scripts);
}

/** One site for all examples; they differ only in their origin. */
async function toExampleSite(plexURL: string): Promise<Site> {
  // One document for all frameworks, one for each of the others.
  const folders = [...new Set(examples.map(({ page }) => page.replace(/\?.*$/, '')))];
  const files = new Map([['/example.css', await read('play/example.css')]]);
  for (const folder of folders) files.set(`/${folder}index.html`, await read(`${folder}index.html`));
  const entryPoints = folders.map((folder) =>
    folder === 'frameworks/' ? 'examples/frameworks/page.ts' : `examples/${folder}main.ts`,
  );
  let scripts: Promise<Files> | undefined;
  return toSite(files, () => (scripts ??= bundle(entryPoints, plexURL)));
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

/** Answers at `/emulator` with the emulator's state, and runs the commands of the playground's own page. */
function withControls(controls: EmulatorControls, next: RequestListener): RequestListener {
  return async (request, response) => {
    if (request.url !== '/emulator') return next(request, response);
    let status = 200;
    let refusal: string | undefined;
    if (request.method === 'POST') {
      try {
        if (!isOwn(request)) throw new Error('Only the playground may do this');
        controls.run((await json(request)) as EmulatorCommand);
      } catch (error) {
        status = 409;
        refusal = (error as Error).message;
      }
    }
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify({ ...controls.state(), refusal }));
  };
}

function isOwn({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host}` && headers['sec-fetch-site'] === 'same-origin';
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

function read(path: string): Promise<string> {
  return readFile(`examples/${path}`, 'utf8');
}

/** Builds scripts together, so that shared code is built once. */
async function bundle(entryPoints: string[], plexURL: string): Promise<Files> {
  const { outputFiles } = await build({
    entryPoints,
    outbase: 'examples',
    outdir: '/',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    alias: browserAliases,
    define: {
      PLEX_URL: JSON.stringify(plexURL),
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [compileComponents, useEmulator(plexURL)],
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${relative('/', path)}`, text]));
}

async function toCard({ title, text, sources, isWide, isAlone }: Example, address: string): Promise<string> {
  const texts = await Promise.all(sources.map(read));
  const details = sources.map(
    (path, index) => `<details><summary>${path}</summary><pre>${escapeHTML(texts[index])}</pre></details>`,
  );
  const frame = `<iframe src="${address}" title="${title}" loading="lazy"></iframe>`;
  return `<li${isWide ? ' class="wide"' : ''}>
<div class="title"><h2>${title}</h2><a href="${address}" target="_blank">Open alone</a></div>
<p class="text">${text}</p>${isAlone ? '<div class="frame"></div>' : frame}${details.join('')}</li>`;
}

/** Disabled until a code waits. */
function toMishapButton({ title, command }: Mishap, index: number): string {
  const attributes = `data-command="${escapeHTML(JSON.stringify(command))}" data-mishap="${index}"`;
  return `<button type="button" class="needs-waiting" ${attributes} disabled>${title}</button>`;
}

function escapeHTML(text = ''): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
