import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../../src/testing/index.ts';
import { serveCachingProxy } from '../../fixture/caching-proxy.ts';
import { chromiumOptions, type PageServer, servePages } from '../../fixture/page-server.ts';

/** A text that the page lets the browser store, so that the search is known to find one. */
const control = 'control-text-that-may-be-stored';

const folder = mkdtempSync(join(tmpdir(), 'plex-auth-profile-'));
let plex: ServedPlexEmulator;
let proxy: Awaited<ReturnType<typeof serveCachingProxy>>;
let app: PageServer;

beforeAll(async () => {
  plex = await servePlexEmulator();
  proxy = await serveCachingProxy(plex.url);
  app = await servePages({
    '/': {
      script: `import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
        const auth = createBrowserPlexAuth({ product: 'My App', serverURL: '${proxy.url}', authAppURL: '${plex.url}/auth' });
        localStorage.setItem('control', '${control}');
        auth.subscribe(async ({ status }) => {
          if (status === 'authenticated') await auth.verify();
          document.title = status;
        });
        document.body.onclick = () => auth.startInPopup();`,
      body: '<h1>My App</h1>',
    },
  });
});

afterAll(async () => {
  await app?.close();
  proxy?.close();
  await plex?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every file of the profile that holds a text: as it is, in UTF-16, or in base64. */
function filesWith(text: string): string[] {
  const forms = [0, 1, 2].map((skipped) =>
    Buffer.from(`${'x'.repeat(skipped)}${text}`)
      .toString('base64')
      .slice(skipped === 0 ? 0 : 4, -4),
  );
  const needles = [
    Buffer.from(text),
    Buffer.from(text, 'utf16le'),
    ...forms.map((form) => Buffer.from(form)),
  ];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path);
      return needles.some((needle) => content.includes(needle));
    });
}

it('a sign-in leaves its token nowhere in the whole profile of a browser', async () => {
  const browser = await chromium.launchPersistentContext(folder, chromiumOptions);
  let token = '';
  try {
    const page = await browser.newPage();
    await page.goto(app.url);
    await page.click('h1');
    await expect.poll(() => plex.emulator.pins.length).toBe(1);
    token = plex.emulator.link(plex.emulator.pins[0]?.code ?? '');
    await expect.poll(() => page.title(), { timeout: 10_000 }).toBe('authenticated');
    await page.reload();
    await page.waitForTimeout(500);
  } finally {
    await browser.close();
  }
  expect(token.length).toBeGreaterThan(10);
  expect(filesWith(control)).not.toEqual([]);
  expect(filesWith(token)).toEqual([]);
});
