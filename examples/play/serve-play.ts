import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, relative, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { build, type Plugin } from 'esbuild';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { compileComponents } from './compile-components.ts';
import { createEmulatorControls, type EmulatorCommand, type EmulatorControls } from './emulator-controls.ts';
import { type Example, examples } from './examples.ts';

/** The playground and all examples, on this machine only. */
export interface ServedPlay {
  /** The playground, with the examples below it. */
  readonly url: string;
  /** The page of one, such as `vanilla/` or `frameworks/?react`. */
  addressOf(page: string): string;
  readonly plex: ServedPlexEmulator;
  close(): Promise<void>;
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * Serves the playground, the examples and an emulated plex.tv for them. Run it in the package's own folder.
 *
 * Each example has a port, and so an origin, of its own: in one origin they would be tabs of one application, which
 * share their sign-in.
 *
 * @param options.port Where the page of all is. Default: any free one.
 */
export async function servePlay({ port = 0 }: { port?: number } = {}): Promise<ServedPlay> {
  const controls = createEmulatorControls();
  const plex = await servePlexEmulator({ emulator: controls.emulator });
  const files = new Map<string, string>();
  const answer = answerFrom(files);
  const servers = await Promise.all([
    listen(withControls(controls, answer), port),
    ...examples.map(() => listen(answer, 0)),
  ]);
  const [url = '', ...origins] = servers.map(originOf);
  const addresses = new Map(examples.map(({ page }, index) => [page, `${origins[index]}/${page}`]));
  const addressOf = (page: string) => addresses.get(page) ?? '';
  const [scripts, cards] = await Promise.all([
    bundle(plex.url),
    Promise.all(examples.map((example) => toCard(example, addressOf(example.page)))),
    ...pages().map(async (path) => files.set(`/${path}`, await read(path))),
  ]);
  for (const { path, text } of scripts) files.set(path, text);
  for (const name of ['example.css', 'playground.css']) files.set(`/${name}`, await read(`play/${name}`));
  files.set(
    '/index.html',
    (await read('play/index.html')).replace('<!-- cards -->', () => cards.join('')),
  );
  return {
    url: `${url}/`,
    addressOf,
    plex,
    close: async () => void (await Promise.all([plex.close(), ...servers.map(close)])),
  };
}

function listen(answer: RequestListener, port: number): Promise<Server> {
  const server = createServer(answer);
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server));
  });
}

function answerFrom(files: Map<string, string>): RequestListener {
  return ({ url = '' }, response) => {
    const [path = ''] = url.split('?');
    const name = path.endsWith('/') ? `${path}index.html` : path;
    const text = files.get(name);
    if (text === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'Content-Type': types[extname(name)] }).end(text);
  };
}

/** Answers at `/emulator` what the emulator does, and does what the playground's own page asks for. */
function withControls(controls: EmulatorControls, next: RequestListener): RequestListener {
  return async (request, response) => {
    if (request.url !== '/emulator') return next(request, response);
    let status = 200;
    let refusal: string | undefined;
    if (request.method === 'POST') {
      try {
        if (!isOwn(request)) throw new Error('Only the playground may do that');
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

/** One document for all frameworks, one for each of the others. */
function pages(): string[] {
  return [...new Set(examples.map(({ page }) => page.replace(/\?.*$/, '')))].map(
    (page) => `${page}index.html`,
  );
}

/** As published, the package says that importing the element has an effect; of its sources it does not say so. */
const elementSource: Plugin = {
  name: 'element source',
  setup({ onResolve }) {
    onResolve({ filter: /^plex-auth-flow\/element$/ }, () => ({ path: resolve('src/element/index.ts') }));
  },
};

/** All scripts at once, so that what they share is built once. */
async function bundle(plexURL: string): Promise<{ path: string; text: string }[]> {
  const folders = examples
    .filter(({ page }) => !page.includes('?'))
    .map(({ page }) => `examples/${page}main.ts`);
  const { outputFiles } = await build({
    entryPoints: ['examples/play/playground.ts', 'examples/frameworks/page.ts', ...folders],
    outbase: 'examples',
    outdir: '/',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: {
      PLEX_URL: JSON.stringify(plexURL),
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [compileComponents, elementSource],
  });
  return outputFiles.map(({ path, text }) => ({ path: `/${relative('/', path)}`, text }));
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

function escapeHTML(text = ''): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
