import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plexAuth } from '../../src/better-auth/index.ts';
import {
  createPlexEmulator,
  type PlexEmulatorOptions,
  type ServedPlexEmulator,
  servePlexEmulator,
} from '../../src/testing/index.ts';
import { launchChromium } from '../fixture/page-server.ts';

const machineIdentifier = 'cinema-server';
const world: PlexEmulatorOptions = {
  people: ['olga', 'ada', 'bob'],
  servers: [{ name: 'Cinema', machineIdentifier, owner: 'olga', sharedWith: ['ada'] }],
  strictForwardURL: true,
};

let browser: Browser;
let script: string;

beforeAll(async () => {
  const bundled = build({
    entryPoints: ['test/better-auth/app-page.ts'],
    bundle: true,
    format: 'esm',
    write: false,
    metafile: true,
  });
  const [opened, { outputFiles, metafile }] = await Promise.all([launchChromium(), bundled]);
  browser = opened;
  script = outputFiles[0]?.text ?? '';
  // The page's end brings nothing of the server's.
  const inputs = Object.keys(metafile.inputs).filter((path) => /src\/server|node_modules\/jose/.test(path));
  expect(inputs).toEqual([]);
});

afterAll(() => browser?.close());

/** An application at an address of its own, and a user's browser at its page. */
async function setStage(options: PlexEmulatorOptions = {}) {
  const plex = await servePlexEmulator({ emulator: createPlexEmulator({ ...world, ...options }) });
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const auth = betterAuth({
    appName: 'Cinema',
    baseURL: url,
    secret: 'a secret of the tests, which has 32 bytes or more',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    plugins: [
      plexAuth({ serverURL: plex.url, authAppURL: `${plex.url}/auth`, access: { machineIdentifier } }),
    ],
  });
  const answer = toNodeHandler(auth);
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/api/auth')) return void answer(request, response);
    if (request.url === '/page.js') return response.setHeader('Content-Type', 'text/javascript').end(script);
    return response
      .setHeader('Content-Type', 'text/html')
      .end(
        '<!doctype html><title>Cinema</title><button id="redirect">Redirect</button><button id="popup">Popup</button><output></output><script type="module" src="/page.js"></script>',
      );
  });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await reads(page, 'nobody');
  return {
    ...{ plex, page, url, context },
    async close() {
      await context.close();
      await plex.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

const reads = (page: Page, text: string) =>
  expect.poll(() => page.locator('output').textContent()).toBe(text);

/** The origins that the PINs were made with. */
const originsOf = ({ emulator }: ServedPlexEmulator) =>
  emulator.requests.filter(({ operation }) => operation === 'getPin').map(({ origin }) => origin);

/** Approves at the page of Plex, which then leads back. */
async function approve(page: Page, as: string): Promise<void> {
  await page.getByLabel('Account').selectOption(as);
  await page.getByRole('button', { name: 'Approve' }).click();
}

describe('a page of an application on better-auth', () => {
  it('goes to Plex and comes back signed in; the page itself has made the PIN', async () => {
    const { page, plex, url, close } = await setStage();
    await page.locator('#redirect').click();
    await approve(page, 'ada');
    await page.waitForURL(`${url}/?signed-in`);
    await reads(page, 'ada');
    expect(originsOf(plex)).toEqual([url]);
    await close();
  });

  it('comes back with what went wrong', async () => {
    const { page, close } = await setStage();
    await page.locator('#redirect').click();
    await approve(page, 'bob');
    await reads(page, 'plex_no_access');
    await close();
  });

  it.each(['unsafe-none', 'same-origin'] as const)(
    'signs in by a popup, which closes itself (%s)',
    async (openerPolicy) => {
      const { page, url, close } = await setStage({ openerPolicy });
      const opening = page.waitForEvent('popup');
      await page.locator('#popup').click();
      const popup = await opening;
      const closed = popup.waitForEvent('close');
      await approve(popup, 'ada');
      await reads(page, 'ada');
      await closed;
      expect(page.url()).toBe(`${url}/`);
      await close();
    },
  );

  it('learns from a popup what went wrong', async () => {
    const { page, close } = await setStage();
    const opening = page.waitForEvent('popup');
    await page.locator('#popup').click();
    await approve(await opening, 'bob');
    await reads(page, 'PLEX_NO_ACCESS');
    await close();
  });

  it('has the server make the PIN where it may not ask Plex itself', async () => {
    const { page, plex, url, context, close } = await setStage({ strictForwardURL: false });
    await context.route(/\/api\/v2\/pins/, (route) => route.abort());
    await page.locator('#redirect').click();
    await approve(page, 'ada');
    await page.waitForURL(`${url}/?signed-in`);
    await reads(page, 'ada');
    expect(originsOf(plex)).toHaveLength(1);
    await close();
  });
});
