import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';

/** One page of a test: where its script is, and what else it needs. */
export interface ServedPage {
  /** The script, bundled for the browser; the package's own name reaches its sources. */
  readonly entry?: string;
  /** The script itself, instead of a file. */
  readonly script?: string;
  /** Default: an empty body. */
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** A site on loopback with a few pages. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves pages by their paths on a free port of loopback. Scripts are bundled once, before it listens. */
export async function servePages(pages: Record<string, ServedPage>): Promise<PageServer> {
  const files = new Map<string, { type: string; text: string; headers: Record<string, string> }>();
  for (const [path, page] of Object.entries(pages)) {
    const scriptPath = `${path === '/' ? '/index' : path}.js`;
    const text = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title><body>${page.body ?? ''}<script type="module" src="${scriptPath}"></script>`;
    files.set(path, { type: 'text/html', text, headers: page.headers ?? {} });
    files.set(scriptPath, { type: 'text/javascript', text: await bundle(page), headers: {} });
  }
  const server = createServer((request, response) => {
    const file = files.get((request.url ?? '').split('?')[0] ?? '');
    if (!file) return response.writeHead(404).end();
    return response.writeHead(200, { 'Content-Type': file.type, ...file.headers }).end(file.text);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    server.closeAllConnections();
    server.close(() => closed());
  });
}

async function bundle({ entry, script }: ServedPage): Promise<string> {
  const { outputFiles } = await build({
    ...(entry
      ? { entryPoints: [entry] }
      : { stdin: { contents: script ?? '', resolveDir: '.', loader: 'ts' } }),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    write: false,
    plugins: [ownSources],
  });
  return outputFiles[0]?.text ?? '';
}

/** What `package.json` exports, as sources. */
const sources: Record<string, string> = {
  'plex-auth-flow': 'src/index.ts',
  'plex-auth-flow/adapters': 'src/adapters/index.ts',
  'plex-auth-flow/browser': 'src/hosts/browser.ts',
  'plex-auth-flow/client': 'src/plex/client.ts',
  'plex-auth-flow/element': 'src/element/index.ts',
  'plex-auth-flow/inspect': 'src/inspect/index.ts',
  'plex-auth-flow/machine': 'machines/pin-auth.ts',
  'plex-auth-flow/testing': 'src/testing/index.ts',
};

const ownSources: Plugin = {
  name: 'own sources',
  setup({ onResolve }) {
    onResolve({ filter: /^plex-auth-flow(\/|$)/ }, ({ path }) => ({ path: resolve(sources[path] ?? path) }));
  },
};

/**
 * Starts Debian's Chromium, as every test of this folder does.
 *
 * @param options.bfcache Whether pages go into the back/forward cache, as in a browser at home. Default: they do not.
 */
export function launchChromium({ bfcache = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    ...(bfcache && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
