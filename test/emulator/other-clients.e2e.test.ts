/** Plex clients that others wrote sign in at the emulator by their own code: four libraries, and one whole app in a browser. */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createPlexEmulator, servePlexEmulator } from '../../src/emulator/index.ts';
import { installApart } from '../fixture/install-apart.ts';
import { launchChromium } from '../fixture/page-server.ts';

const run = promisify(execFile);
/** Where the clients are installed, apart from the package: together they are 60 MB. */
const folder = resolve('node_modules/.cache/plex-auth-flow/other-clients');
const packages = {
  'plex-oauth': '2.2.0',
  '@ctrl/plex': '3.12.1',
  'login-with-plex': '1.1.2',
  '@lukehagar/plexjs': '0.32.1',
  synclounge: '5.2.35',
};

beforeAll(async () => {
  await installApart(folder, JSON.stringify({ private: true, dependencies: packages }));
  for (const file of ['plex-tv-at.mjs', 'sign-in.mjs'])
    copyFileSync(resolve('test/emulator/other-clients', file), resolve(folder, file));
}, 300_000);

it.each(['plex-oauth', '@ctrl/plex', 'login-with-plex', '@lukehagar/plexjs'])(
  'signs in with the npm package %s, whose requests go to the served emulator',
  async (client) => {
    const emulator = createPlexEmulator({ people: ['ada'], approveAfterMs: 500 });
    const served = await servePlexEmulator({ emulator });
    try {
      const env = { ...process.env, PLEX_EMULATOR_URL: served.url };
      const { stdout } = await run(
        process.execPath,
        ['--import', './plex-tv-at.mjs', 'sign-in.mjs', client],
        { cwd: folder, env, timeout: 40_000 },
      );
      const headers = { Accept: 'application/json', 'X-Plex-Client-Identifier': 'check' };
      const answer = await fetch(`${served.url}/api/v2/user`, {
        headers: { ...headers, 'X-Plex-Token': stdout.trim() },
      });
      expect(await answer.json()).toMatchObject({ username: 'ada', authToken: stdout.trim() });
    } finally {
      await served.close();
    }
  },
);

it('signs in with SyncLounge, whose requests Playwright hands to the emulator', async () => {
  const plex = createPlexEmulator({ people: ['ada', 'bob'] });
  const browser = await launchChromium();
  try {
    const context = await browser.newContext();
    await context.route('**', (route) => route.abort());
    await context.route('https://synclounge.example/**', (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/config.json')
        return route.fulfill({ json: { servers: [], authentication: { mechanism: 'none' } } });
      const path = resolve(folder, `node_modules/synclounge/dist${pathname}`);
      const isFile = /\.\w+$/.test(pathname) && existsSync(path);
      return route.fulfill({
        path: isFile ? path : resolve(folder, 'node_modules/synclounge/dist/index.html'),
      });
    });
    await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
    const page = await context.newPage();
    await page.goto('https://synclounge.example/');
    // The link leads to Plex once the app has its PIN.
    const link = page.locator('a[href^="https://app.plex.tv/"]');
    const [consent] = await Promise.all([context.waitForEvent('page'), link.click()]);
    await approveAs('bob', consent);
    await expect.poll(() => page.evaluate(() => localStorage.getItem('vuex'))).toContain('"username":"bob"');
  } finally {
    await browser.close();
  }
});

/** Decides on Plex's own page. */
async function approveAs(person: string, consent: Page): Promise<void> {
  await consent.waitForURL('https://app.plex.tv/**');
  await consent.getByRole('combobox').selectOption({ label: `${person} (${person}@example.com)` });
  await consent.getByRole('button', { name: 'Approve' }).click();
}
