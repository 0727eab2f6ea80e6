/** Each example, copied alone into a new project as its index says: its page signs in, its program runs. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { launchChromium } from '../fixture/page-server.ts';
import { buildPage, copyExamples, indexedExamples } from './copied-examples.ts';
import { ownEnvironment } from './server-process.ts';
import { buttonIn, patience, reaches, signInIn } from './stage.ts';

const run = promisify(execFile);
const home = 'https://app.example/';
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const pages = indexedExamples.filter(({ command }) => command.startsWith('npx vite '));

let project: string;
let browser: Browser;
beforeAll(async () => {
  [project, browser] = await Promise.all([copyExamples(), launchChromium()]);
}, 180_000);
afterAll(() => browser?.close());

/** Serves a built page, and an emulated plex.tv in place of the real one. */
async function openPage(folder: string): Promise<{ page: Page; plex: PlexEmulator; complaints: string[] }> {
  const plex = createPlexEmulator();
  const context = await browser.newContext();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\/(?!users\/)/, plex.handleRoute);
  await context.route(`${home}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const file = pathname === '/' ? '/index.html' : pathname;
    return route.fulfill({ contentType: types[extname(file)] ?? '', body: readFileSync(join(folder, file)) });
  });
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  const page = await context.newPage();
  await page.goto(home);
  // A script that did not run would be waited for in vain.
  expect(complaints).toEqual([]);
  return { page, plex, complaints };
}

/** How a user signs in there, where it is not by a popup and a status. */
const ways: Readonly<Record<string, (page: Page, plex: PlexEmulator) => Promise<void>>> = {
  async redirect(page) {
    await buttonIn(page, 'Sign in with Plex').click();
    await buttonIn(page, 'Approve').click();
    await page.waitForURL(home);
    await reaches(page, 'authenticated');
  },
  async television(page, plex) {
    const code = page.locator('plex-sign-in #code');
    await expect.poll(() => code.textContent(patience), patience).toMatch(/^[A-Z0-9]{4}$/);
    plex.link((await code.textContent()) ?? '');
    await page.getByRole('heading', { name: 'Signed in as' }).waitFor();
  },
  async 'parent-machine'(page) {
    await buttonIn(page, 'Sign in with Plex').click();
    await signInIn(page, page.getByRole('link', { name: 'Approve' }));
    await reaches(page, '{"session":"library"}');
  },
};

async function signInByPopup(page: Page): Promise<void> {
  await reaches(page, 'idle');
  await signInIn(page, buttonIn(page, 'Sign in with Plex'));
  await reaches(page, 'authenticated');
}

it.each(pages)('$folder signs in, served by $command', async ({ folder, command }) => {
  const { page, plex, complaints } = await openPage(await buildPage(command));
  await (ways[folder] ?? signInByPopup)(page, plex);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it.each([commandOf('testing').join(' '), 'node --test testing/node-test.mjs', 'npx vitest run sign-in'])(
  'testing passes by %s',
  async (command) => {
    const page = readFileSync('docs/testing.md', 'utf8');
    const [, test = ''] = /`sign-in\.test\.js` [\s\S]*?```js\n([\s\S]*?)```/.exec(page) ?? [];
    writeFileSync(join(project, 'sign-in.test.js'), test);
    const [program = '', ...args] = command.split(' ');
    const { stdout } = await run(program, args, { cwd: project, env: ownEnvironment() });
    expect(stripVTControlCharacters(stdout)).toMatch(/ pass 1$| 1 passed \(1\)$/m);
  },
);

it('stately-inspector serves its page, run by the command of its row', async ({ onTestFinished }) => {
  const [program = '', ...args] = commandOf('stately-inspector');
  const server = spawn(program, args, {
    cwd: project,
    env: ownEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill());
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  const url = /http:\S+/.exec(line)?.[0] ?? '';
  expect(await (await fetch(url)).text()).toContain('main.js');
  expect((await fetch(`${url}main.js`)).status).toBe(200);
});

function commandOf(name: string): string[] {
  return indexedExamples.find(({ folder }) => basename(folder) === name)?.command.split(' ') ?? [];
}
