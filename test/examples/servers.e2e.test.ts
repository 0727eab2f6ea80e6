/** The examples of servers: each signs a member in and out in a real browser, and turns a stranger away. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlexEmulator, type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { launchChromium } from '../fixture/page-server.ts';
import {
  copyExample,
  countOwnLines,
  installPackage,
  runCommandOf,
  type ServedExample,
  startExample,
} from './server-process.ts';

const machineIdentifier = 'cinema-server';
const world = {
  people: ['olga', 'ada', 'bob'],
  servers: [{ name: 'Cinema', machineIdentifier, owner: 'olga', sharedWith: ['ada'] }],
};

interface Example {
  readonly name: string;
  /** Whether the sign-in leaves the page for Plex, or opens a window. */
  readonly way: 'redirect' | 'popup';
  /** Makes what it needs before it starts. */
  readonly prepare?: (target: string) => Promise<void>;
  /** Default: `main.js`. */
  readonly args?: readonly string[];
}

/** How a stranger is turned away: by the tag, or by the server's page. */
const refusals = {
  popup: 'No access',
  redirect: 'This Plex account may not use the server. Sign in with another one.',
};

const examples: Example[] = [
  {
    name: 'hono',

    way: 'popup',
    prepare: (target) => runCommandOf('main.ts', target),
  },
  { name: 'express', way: 'redirect' },
  { name: 'fastify', way: 'redirect' },
  {
    name: 'better-auth',
    way: 'redirect',
    prepare: (target) => runCommandOf('client.ts', target),
  },
];

let plex: ServedPlexEmulator;
let browser: Browser;

beforeAll(async () => {
  [plex, browser] = await Promise.all([
    servePlexEmulator({ emulator: createPlexEmulator(world) }),
    launchChromium(),
    installPackage(),
  ]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await plex?.close();
});

/** Presses the button of the page, and approves at Plex as somebody. */
async function signInAs(page: Page, name: string, way: Example['way']): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign in with Plex' });
  if (way === 'redirect') {
    await button.click();
    return approve(page, name);
  }
  const opening = page.waitForEvent('popup');
  await button.click();
  const popup = await opening;
  const closed = popup.waitForEvent('close');
  await approve(popup, name);
  await closed;
}

async function approve(page: Page, name: string): Promise<void> {
  await page.getByLabel('Account').selectOption(name);
  await page.getByRole('button', { name: 'Approve' }).click();
}

describe.each(examples)('the example of $name', ({ name, way, prepare, args = ['main.js'] }) => {
  let app: ServedExample;

  beforeAll(async () => {
    const target = await copyExample(name);
    await prepare?.(target);
    app = await startExample(target, args, { plexURL: plex.url, machineIdentifier });
  }, 120_000);

  afterAll(() => app?.close());

  async function open(): Promise<Page> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(app.url);
    return page;
  }

  it('signs a member in, keeps the session, and signs out', async () => {
    const page = await open();
    await signInAs(page, 'ada', way);
    await page.getByText('Signed in as ada').waitFor();
    await page.goto(app.url);
    await page.getByText('Signed in as ada').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with Plex' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Sign in with Plex' }).waitFor();
    expect(await page.getByText('Signed in').count()).toBe(0);
    await page.context().close();
  });

  it('turns a stranger away', async () => {
    const page = await open();
    await signInAs(page, 'bob', way);
    await page.getByText(refusals[way], { exact: true }).waitFor();
    await page.goto(app.url);
    await page.getByRole('button', { name: 'Sign in with Plex' }).waitFor();
    expect(await page.getByText('Signed in').count()).toBe(0);
    await page.context().close();
  });

  it('has at most 40 lines of its own', () => {
    expect(countOwnLines(name)).toBeLessThanOrEqual(40);
  });
});

it('the example of better-auth signs in, keeps a session and checks the access in at most 15 lines', () => {
  expect(countOwnLines('better-auth', ['auth.ts', 'client.ts'])).toBeLessThanOrEqual(15);
});
