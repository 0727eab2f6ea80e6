/** The examples of servers: each signs a member in and out in a real browser, and turns a stranger away. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlexEmulator, type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { launchChromium } from '../fixture/page-server.ts';
import { buildApp, type Framework, findNode, installApp } from './framework-app.ts';
import {
  chooseSettings,
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
  /** An app of a framework, which builds and starts it. Default: `main.js` is all of it. */
  readonly framework?: Framework;
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
  {
    name: 'nextjs',
    way: 'popup',
    framework: {
      build: ['node_modules/next/dist/bin/next', 'build'],
      start: ['node_modules/next/dist/bin/next', 'start'],
      leastNode: 20,
      awayPage: [
        'app/away/page.jsx',
        'import Link from \'next/link\';\nexport default () => <Link href="/">Home</Link>;\n',
      ],
    },
  },
  {
    name: 'sveltekit',
    way: 'popup',
    framework: {
      build: ['node_modules/vite/bin/vite.js', 'build'],
      start: ['build'],
      leastNode: 22,
      awayPage: ['src/routes/away/+page.svelte', '<a href="/">Home</a>\n'],
    },
  },
];

let plex: ServedPlexEmulator;
let browser: Browser;
let tarball: string;

beforeAll(async () => {
  [plex, browser, tarball] = await Promise.all([
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

/** Makes an example ready, and starts it. */
async function serveExample({ name, prepare, framework }: Example): Promise<ServedExample> {
  const settings = await chooseSettings({ plexURL: plex.url, machineIdentifier });
  if (framework) {
    const [target, node] = await Promise.all([
      installApp(name, framework, tarball),
      findNode(framework.leastNode),
    ]);
    await buildApp(target, framework, settings, node);
    return startExample(target, framework.start, settings, node);
  }
  const target = await copyExample(name);
  await prepare?.(target);
  return startExample(target, ['main.js'], settings);
}

describe.each(examples)('the example of $name', (example) => {
  const { name, way, framework } = example;
  let app: ServedExample;

  beforeAll(async () => {
    app = await serveExample(example);
  }, 300_000);

  afterAll(() => app?.close());

  async function open(options?: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options);
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

  it('has at most 41 lines of its own', () => {
    expect(countOwnLines(name)).toBeLessThanOrEqual(41);
  });

  if (!framework) return;

  it('hydrates silently, and signs in after the page was left and came back', async () => {
    const page = await open();
    const button = page.getByRole('button', { name: 'Sign in with Plex' });
    await button.waitFor();
    const messages: string[] = [];
    page.on('pageerror', (error) => messages.push(String(error)));
    page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`));
    await page.reload();
    await button.waitFor();
    // Before the page listens, its link would load the next one as any link does.
    await page.goto(`${app.url}/away`, { waitUntil: 'networkidle' });
    await page.evaluate("window.isSameDocument = 'yes'");
    await page.getByRole('link', { name: 'Home' }).click();
    await button.waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'Home' }).waitFor();
    await page.goForward();
    await button.waitFor();
    expect(await page.evaluate('window.isSameDocument')).toBe('yes');
    await signInAs(page, 'ada', way);
    await page.getByText('Signed in as ada').waitFor();
    expect(messages).toEqual([]);
    await page.context().close();
  });

  it('signs in and out without JavaScript', async () => {
    const page = await open({ javaScriptEnabled: false });
    await page.getByRole('link', { name: 'Sign in with Plex' }).click();
    await page.getByRole('button', { name: 'Sign in with Plex' }).click();
    await page.waitForURL(`${plex.url}/**`);
    // The emulator's page needs JavaScript, as Plex's does.
    const { searchParams } = new URL(page.url().replace('#?', '?'));
    plex.emulator.approve(searchParams.get('code') ?? '', { as: 'ada' });
    await page.goto(searchParams.get('forwardUrl') ?? '');
    await page.getByText('Signed in as ada').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in with Plex' }).waitFor();
    expect(await page.getByText('Signed in').count()).toBe(0);
    await page.context().close();
  });

  it('streams how a sign-in stands, and its end', async () => {
    const page = await open();
    await page.exposeFunction('approve', (code: string) => plex.emulator.approve(code, { as: 'ada' }));
    const events = await page.evaluate(async () => {
      const { approve } = window as unknown as { approve(code: string): Promise<void> };
      const begun = await fetch('/auth/plex/attempt', { method: 'POST' });
      const { code } = (await begun.json()) as { code: string };
      const stream = await fetch('/auth/plex/attempt', { headers: { Accept: 'text/event-stream' } });
      const reader = stream.body?.getReader();
      const decoder = new TextDecoder();
      const first = decoder.decode((await reader?.read())?.value);
      await approve(code);
      let rest = '';
      for (let part = await reader?.read(); part?.value; part = await reader?.read())
        rest += decoder.decode(part.value);
      const ticket = /"ticket":"([^"]+)"/.exec(rest)?.[1] ?? '';
      await fetch('/auth/plex/session', { headers: { 'Plex-Auth-Ticket': ticket } });
      return { first, rest };
    });
    expect(events.first).toContain('"status":"pending"');
    expect(events.rest).toContain('"status":"ready"');
    await page.goto(app.url);
    await page.getByText('Signed in as ada').waitFor();
    await page.context().close();
  });
});

it('the example of better-auth signs in, keeps a session and checks the access in at most 15 lines', () => {
  expect(countOwnLines('better-auth', ['auth.ts', 'client.ts'])).toBeLessThanOrEqual(15);
});
