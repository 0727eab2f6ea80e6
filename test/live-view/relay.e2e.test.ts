/** The live view of a sign-in in another process: the relay, its page and its key, in a real browser. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import { createPlexEmulator } from '../../src/testing/index.ts';
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
  const notice = other.getByRole('heading', { level: 1, name: 'This address was already opened' });
  await notice.waitFor();
  expect(await other.getByText('For a new address, start the program again.').isVisible()).toBe(true);
  const font = await notice.evaluate((heading) => getComputedStyle(heading).fontFamily);
  expect(font).toContain('system-ui');
  expect(await other.getByRole('img', { name: 'authenticated' }).count()).toBe(0);
  await other.goto('about:blank');
  await other.goto(new URL('/', address).href);
  await other.getByRole('heading', { level: 1, name: 'The address is not complete' }).waitFor();
  await auth.dispose();
  await page.getByRole('button', { name: 'Live' }).waitFor();
  await inspector.stop();
  await page.getByRole('button', { name: 'Ended' }).waitFor();
  await page.getByRole('heading', { name: 'Signed in' }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
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
