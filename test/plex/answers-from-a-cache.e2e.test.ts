import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { serveCachingProxy } from '../fixture/caching-proxy.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let plex: ServedPlexEmulator;
let proxy: Awaited<ReturnType<typeof serveCachingProxy>>;
let app: PageServer;

beforeAll(async () => {
  plex = await servePlexEmulator();
  proxy = await serveCachingProxy(plex.url);
  app = await servePages({
    '/': {
      script: `import { createPlexAuth } from 'plex-auth-flow';
        const auth = createPlexAuth({ product: 'My App', serverURL: '${proxy.url}' });
        const show = () => { document.title = auth.getSnapshot().status; };
        auth.subscribe(show);
        auth.start();`,
    },
  });
});

afterAll(async () => {
  await app?.close();
  proxy?.close();
  await plex?.close();
});

/** Without `no-store` the browser answered each read with the first "not yet", which the server in between let it store. */
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
