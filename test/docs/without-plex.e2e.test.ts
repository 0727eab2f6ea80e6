/** docs/without-plex.md, as printed: each way signs in at the emulated plex.tv of the terminal program. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { transform } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { findFreePort, ownEnvironment } from '../examples/server-process.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';
import { buildReactApp, printedFiles } from './react-app.ts';

const printedPort = 'http://127.0.0.1:4010';
const bundledPath = 'dist/plex-auth-flow.min.js';
const bundledFile = `/node_modules/plex-auth-flow/${bundledPath}`;

let emulator: ChildProcess;
let emulatorURL: string;
let site: PageServer;
let browser: Browser;
let page: Page;

/** A piece of a page's code, below a heading, which reaches the emulator that runs here. */
function printed(file: string, heading: string, language: string): string {
  const section = readFileSync(`docs/${file}`, 'utf8').split(`${heading}\n`)[1] ?? '';
  const [, code = ''] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  expect(code).not.toBe('');
  return code.replaceAll(printedPort, emulatorURL);
}

/** A program that is stopped with its test, and what it writes. */
function runProgram(code: string, env: Record<string, string> = {}) {
  const program = spawn('node', ['--input-type=module', '--eval', code], {
    env: { ...ownEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void program.kill());
  return { program, output: program.stdout.setEncoding('utf8') };
}

beforeAll(async () => {
  const program = spawn('node', ['dist/cli.js', 'emulator', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  emulator = program;
  const [welcome] = await once(program.stdout.setEncoding('utf8'), 'data');
  emulatorURL = /http:\/\/127\.0\.0\.1:\d+/.exec(welcome)?.[0] ?? '';
  [site, browser] = await Promise.all([
    servePages({
      '/tag': {
        script: "import 'plex-auth-flow/element';",
        body: printed('without-plex.md', '## The tag', 'html'),
      },
      '/react': {
        script: await buildReactApp(printed('without-plex.md', '## React, and every other framework', 'ts')),
      },
    }),
    launchChromium(),
  ]);
});
afterAll(async () => {
  emulator?.kill();
  await Promise.all([browser?.close(), site?.close()]);
});
beforeEach(async () => {
  page = await browser.newPage();
  return () => page.close();
});

async function approveInPopup(button: string): Promise<void> {
  const opening = page.waitForEvent('popup');
  await page.getByRole('button', { name: button }).click();
  const popup = await opening;
  await popup.getByRole('button', { name: 'Approve' }).click();
}

it('signs in by the tag with its three attributes', async () => {
  await page.goto(`${site.url}/tag`);
  await approveInPopup('Sign in with Plex');
  await page.getByRole('heading', { name: 'Signed in as emulated' }).waitFor();
});

it('signs in by a plain page, which loads one file of the package', async () => {
  const document = printed('without-plex.md', '## A plain page', 'html');
  // By a socket: a page of no address may not ask this machine.
  const server = createServer(({ url }, response) => {
    if (url === '/') return response.setHeader('Content-Type', 'text/html').end(document);
    if (url !== bundledFile) return response.writeHead(404).end();
    return response.setHeader('Content-Type', 'text/javascript').end(readFileSync(bundledPath));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  await page.goto(home);
  await approveInPopup('Sign in with Plex');
  await page.getByRole('heading', { name: 'Signed in as emulated' }).waitFor();
});

it('signs in by the React screen with this engine', async () => {
  await page.goto(`${site.url}/react`);
  await approveInPopup('Sign in with Plex');
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
});

it('changes nothing in the engine of the React screen but the three addresses', () => {
  const code = printed('without-plex.md', '## React, and every other framework', 'ts');
  const own = code.replace(/^const emulator.*\n\n/m, '').replaceAll(/^ {2}\w+URL: .*\n/gm, '');
  const words = (text = '') => text.replaceAll(/[\s,]+/g, '');
  expect(words(own)).toBe(words(printedFiles()['plex-auth']?.contents));
});

it('signs in by a script, in whose link the user approves', async () => {
  const code = printed('without-plex.md', '## A script or a terminal program', 'ts');
  const { program, output } = runProgram((await transform(code, { loader: 'ts' })).code);
  const [line] = await once(output, 'data');
  await page.goto(/http:\S+/.exec(line)?.[0] ?? '');
  await page.getByRole('button', { name: 'Approve' }).click();
  const [last] = await once(output, 'data');
  expect(last).toContain('Signed in: ');
  expect(await once(program, 'exit')).toEqual([0, null]);
});

it.each(['server.md', 'without-plex.md'])('signs in by the server, with the command of %s', async (file) => {
  const [command = ''] = /^PLEX_URL=.*$/m.exec(readFileSync(`docs/${file}`, 'utf8')) ?? [];
  const settings = Array.from(command.matchAll(/([A-Z_]+)=(\S+)/g), ([, name = '', value = '']) => [
    name,
    value,
  ]);
  expect(command.replaceAll(/[A-Z_]+=\S+ /g, '')).toBe('npx tsx --env-file=.env server.ts');
  const port = String(await findFreePort());
  const code = printed('server.md', '`server.ts`:', 'ts').replaceAll('3000', port);
  runProgram((await transform(code, { loader: 'ts' })).code, {
    ...Object.fromEntries(settings),
    PLEX_URL: emulatorURL,
    SECRET: 'x'.repeat(64), // as long as what `openssl rand -hex 32` prints
  });
  const home = `http://localhost:${port}/`;
  const isUp = () =>
    fetch(home).then(
      ({ ok }) => ok,
      () => false,
    );
  await expect.poll(isUp).toBe(true);
  const begun = await fetch(`${home}auth/plex/attempt`, { method: 'POST' });
  expect(await begun.json()).toMatchObject({ linkURL: expect.stringContaining(`${emulatorURL}/link`) });
  await page.goto(home);
  await page.getByRole('button', { name: 'Sign in with Plex' }).click();
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Hello, user').waitFor();
  expect(page.url()).toBe(home);
});
