/** Serves the pages of the flows, on loopback: with the package as it is installed in the scratch folder. */
import { readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleEntry, importInstalled } from '../run-probe.ts';

/** The scripts of the pages, by their paths, and the HTML that a server writes. */
export interface BuiltSite {
  readonly scripts: ReadonlyMap<string, string>;
  readonly tag: string;
}

/** A site that listens. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const pages = ['engine', 'signed-in', 'element', 'drives'] as const;
const strictPolicy =
  "default-src 'none'; script-src 'self'; connect-src *; style-src 'self'; require-trusted-types-for 'script'";

/** Its frame in a sandbox is of no origin. */
const scriptHeaders = { 'Content-Type': 'text/javascript', 'Access-Control-Allow-Origin': '*' };

/** Bundles each page once, for every flow of one browser. */
export async function buildSite(scratch: string, folder: string): Promise<BuiltSite> {
  const out = join(scratch, folder);
  rmSync(out, { recursive: true, force: true });
  const scripts = new Map<string, string>();
  for (const page of pages) {
    const imports = join(out, `${page}.imports.mjs`);
    await bundleEntry(`browsers/pages/${page}.ts`, imports);
    const outfile = join(out, `${page}.js`);
    // With the package's own syntax: a target would lower it.
    await build({ entryPoints: [imports], outfile, bundle: true, format: 'esm', logLevel: 'silent' });
    scripts.set(`/${page}.js`, readFileSync(outfile, 'utf8'));
  }
  const { renderPlexSignIn } = await importInstalled<typeof import('../../../src/element/class.ts')>(
    scratch,
    'element-class',
  );
  return { scripts, tag: await renderPlexSignIn({ product: 'Matrix', lang: 'en' }) };
}

/** Serves it on a port of its own, which no other flow's storage knows. */
export async function serveSite({ scripts, tag }: BuiltSite): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    const script = scripts.get(path);
    if (script !== undefined) return response.writeHead(200, scriptHeaders).end(script);
    const html = toHTML(path, request.url ?? '', tag);
    if (html === undefined) return response.writeHead(404).end();
    const headers = path === '/strict' ? { 'Content-Security-Policy': strictPolicy } : {};
    return response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers }).end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function toHTML(path: string, address: string, tag: string): string | undefined {
  const query = address.slice(path.length);
  const scriptOf = (name: string) => `<script type="module" src="/${name}.js"></script>`;
  const bodies: Record<string, string> = {
    '/engine': `<button id="popup">Popup</button> <button id="redirect">Redirect</button> <output></output>${scriptOf('engine')}`,
    '/signed-in': `<p>You may close this window.</p>${scriptOf('signed-in')}`,
    '/elsewhere': '<p>Another page of the application.</p>',
    '/element': `<output></output>${scriptOf('element')}`,
    '/strict': `<output></output>${scriptOf('element')}`,
    '/server': `<output></output>${tag}${scriptOf('element')}`,
    '/drives': scriptOf('drives'),
    // Without `allow-popups` and without an origin of its own.
    '/sandbox': `<iframe sandbox="allow-scripts" width="500" height="700" src="/framed${query}"></iframe>
      <script>addEventListener('message', ({ data }) => { window.seen = data; });</script>`,
    '/framed': `<output></output>${scriptOf('element')}`,
  };
  const body = bodies[path];
  return body && `<!doctype html><html lang="en"><meta charset="utf-8"><title>Matrix</title><body>${body}`;
}
