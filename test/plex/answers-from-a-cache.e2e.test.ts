import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let plex: ServedPlexEmulator;
let proxy: Server;
let app: PageServer;

/** Passes everything on to the emulator, and lets browsers store what they read for an hour. */
function serveCachingProxy(target: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(target + incoming.url, { ...(method && { method }), headers }, (answer) => {
      const cached = method === 'GET' && { 'cache-control': 'public, max-age=3600' };
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...cached });
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  return new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(server)));
}

beforeAll(async () => {
  plex = await servePlexEmulator();
  proxy = await serveCachingProxy(plex.url);
  const serverURL = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  app = await servePages({
    '/': {
      script: `import { createPlexAuth } from 'plex-auth-flow';
        const auth = createPlexAuth({ product: 'My App', serverURL: '${serverURL}' });
        const show = () => { document.title = auth.getSnapshot().status; };
        auth.subscribe(show);
        auth.start();`,
    },
  });
});

afterAll(async () => {
  await app?.close();
  proxy?.closeAllConnections();
  proxy?.close();
  await plex?.close();
});

/** Issue 11: the browser answered each read with the first "not yet", which the server in between let it store. */
it('an answer that a browser may store does not stall a sign-in', async () => {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(app.url);
    const reads = () => plex.emulator.requests.filter(({ method }) => method === 'GET').length;
    await expect.poll(reads).toBeGreaterThanOrEqual(2);
    plex.emulator.link(plex.emulator.pins[0]?.code ?? '');
    await expect.poll(() => page.title()).toBe('authenticated');
  } finally {
    await browser.close();
  }
});
