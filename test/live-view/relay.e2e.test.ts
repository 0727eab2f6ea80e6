/** The live view of a sign-in in another process: the relay, its page and its key, in a real browser. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import { createPlexEmulator } from '../../src/testing/index.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { launchChromium } from '../fixture/page-server.ts';

/** As built: the relay serves the live view's own files. */
const built = '../../../dist/inspect.js';
let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

it('follows a sign-in in Node to its end, over a reload, for who has the key alone', async () => {
  const { createPlexInspector } = (await import(built)) as typeof import('../../src/inspect/index.ts');
  const plex = createPlexEmulator();
  const inspector = createPlexInspector({ fetch: plex.fetch });
  const { inspect, fetch } = inspector;
  const auth = createPlexAuth({ product: 'My App', inspect, fetch });
  const address = (await inspector.url) ?? '';
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  await page.goto(address);
  const chart = (state: string) =>
    page.getByRole('img', { name: `The chart of the sign-in: ${state}`, exact: true });
  auth.start();
  await expect.poll(() => plex.pins.length).toBe(1);
  await chart('awaitingLink').or(chart('fetchingToken')).waitFor();
  expect(page.url()).not.toContain(address.split('#')[1]);
  await page.reload();
  const token = plex.link(plex.pins[0]?.code ?? '');
  await chart('authenticated').waitFor();
  expect(await page.content()).not.toContain(token);
  const other = await context.newPage();
  await other.goto(address);
  await other.getByRole('heading', { name: 'This address has been used' }).waitFor();
  expect(await other.getByRole('img', { name: 'authenticated' }).count()).toBe(0);
  await auth.dispose();
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await inspector.stop();
  await page.getByRole('button', { name: 'Ended' }).waitFor();
  await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

describe('a page that gets no live view', () => {
  it.each([
    ['whose address was used before', 'This address has been used', (address: string) => address],
    ['whose address has no key', 'The key is missing', (address: string) => address.replace(/#.*/, '')],
  ])('%s says why and what to do, readable by everybody', async (_, title, toVisited) => {
    const { createPlexInspector } = (await import(built)) as typeof import('../../src/inspect/index.ts');
    const inspector = createPlexInspector({ fetch: createPlexEmulator().fetch });
    const address = (await inspector.url) ?? '';
    const first = await browser.newPage();
    await first.goto(address);
    await first.getByRole('button', { name: 'Live' }).waitFor();
    const context = await browser.newContext({ viewport: { width: 360, height: 640 } });
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await context.newPage();
      await page.emulateMedia({ colorScheme });
      await page.goto(toVisited(address));
      await page.getByRole('heading', { name: title }).waitFor();
      expect(await page.title()).toBe(`Live view: ${title}`);
      expect(await page.getByText(/start your program again/).count()).toBe(1);
      const card = await page.locator('.card').boundingBox();
      expect([(card?.x ?? 0) > 8, (card?.y ?? 0) > 100, (card?.width ?? 999) < 345]).toEqual([
        true,
        true,
        true,
      ]);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(colorScheme === 'light' ? 'rgb(244, 244, 246)' : 'rgb(16, 18, 22)');
      await page.evaluate(axeScript);
      expectNothingFound((await page.evaluate('axe.run()')) as AxeResults, 'color-contrast');
    }
    await context.close();
    await first.close();
    await inspector.stop();
  });

  it('says that the program has ended if nothing came from it', async () => {
    const page = await browser.newPage();
    await page.route('**/messages', (route) => route.fulfill({ status: 200, body: '{"isOver":true}\n' }));
    const { createPlexInspector } = (await import(built)) as typeof import('../../src/inspect/index.ts');
    const inspector = createPlexInspector({ fetch: createPlexEmulator().fetch });
    await page.goto((await inspector.url) ?? '');
    await page.getByRole('heading', { name: 'The program has ended' }).waitFor();
    await page.close();
    await inspector.stop();
  });
});

it('says that a program ended in the middle of a sign-in, whatever ended it', async () => {
  const program = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `import { createPlexAuth } from './dist/index.js';
       import { createPlexInspector } from './dist/inspect.js';
       import { createPlexEmulator } from './dist/testing.js';
       const { inspect, fetch, url } = createPlexInspector({ fetch: createPlexEmulator().fetch });
       console.log(await url);
       createPlexAuth({ product: 'My App', inspect, fetch }).start();`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [address] = await once(program.stdout.setEncoding('utf8'), 'data');
  const page = await browser.newPage();
  await page.goto(String(address).trim());
  await page.getByRole('heading', { name: 'Waiting for approval' }).waitFor();
  program.kill('SIGKILL');
  await page.getByRole('heading', { name: 'Stopped' }).waitFor();
  await page.getByText(/The program ended in (awaitingLink|fetchingToken)\./).waitFor();
  await page.getByRole('button', { name: 'Ended' }).waitFor();
  await page.close();
});
