/** An application whose server signs in, in a real browser: every way to sign in, and where the token is not. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlexAuthServer, type PlexUser, toNodeListener } from '../../src/server/index.ts';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { chromiumOptions, type PageServer, servePages } from '../fixture/page-server.ts';
import { approveButton } from './stage.ts';

const control = 'control-text-that-may-be-stored';
const sessions = new Map<string, PlexUser>();
/** Each token that the server was given. */
const tokens: string[] = [];
let handle: ReturnType<typeof toNodeListener>;
let plex: ServedPlexEmulator;
let app: PageServer;
let folder: string;
let context: BrowserContext;
/** What came over the network to the pages: headers and bodies. */
let received: Promise<string>[];
let complaints: string[];

const script = `
  import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
  const auth = createBrowserPlexAuth({ backendURL: '/auth/plex' });
  const output = document.querySelector('output');
  const show = () => {
    const view = auth.getSnapshot();
    output.textContent = view.status + (view.status === 'authenticated' ? ' as ' + view.user.username : '');
  };
  auth.subscribe(show);
  show();
  localStorage.setItem('control', '${control}');
  document.querySelector('#popup').onclick = () => auth.startInPopup();
  document.querySelector('#redirect').onclick = () => auth.startByRedirect();
  document.querySelector('#out').onclick = () => auth.signOut();
`;
const body =
  '<button id="popup">Popup</button><button id="redirect">Redirect</button><button id="out">Out</button><output></output>';

const tag = `
  import 'plex-auth-flow/element';
  document.querySelector('plex-sign-in').addEventListener('authenticated', ({ detail }) => {
    document.title = Object.keys(detail).join() + ' ' + detail.user.username;
  });
`;

function sessionOf(request: Request): string {
  return /\bsession=([\w-]+)/.exec(request.headers.get('Cookie') ?? '')?.[1] ?? '';
}

beforeAll(async () => {
  plex = await servePlexEmulator();
  app = await servePages(
    {
      '/': { script, body },
      '/element': { script: tag, body: '<plex-sign-in backend-url="/auth/plex"></plex-sign-in>' },
      '/television': {
        script: tag,
        body: '<plex-sign-in backend-url="auth/plex" mode="code"></plex-sign-in>',
      },
    },
    { path: '/auth/plex', listener: (request, response) => void handle(request, response) },
  );
  const server = createPlexAuthServer({
    product: 'Cinema',
    baseURL: app.url,
    secret: 'of the tests: 32 bytes or more, please',
    serverURL: plex.url,
    authAppURL: `${plex.url}/auth`,
    linkURL: `${plex.url}/link`,
    getUser: (request) => sessions.get(sessionOf(request)),
    onSignOut: () => ({ headers: { 'Set-Cookie': 'session=; Max-Age=0; Path=/' } }),
    onSignIn({ user, token }) {
      tokens.push(token.reveal());
      const id = crypto.randomUUID();
      sessions.set(id, user);
      return { headers: { 'Set-Cookie': `session=${id}; HttpOnly; SameSite=Lax; Path=/` } };
    },
  });
  handle = toNodeListener(server.handler);
});

afterAll(async () => {
  await app?.close();
  await plex?.close();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plex-auth-profile-'));
  context = await chromium.launchPersistentContext(folder, chromiumOptions);
  tokens.length = 0;
  received = [];
  complaints = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('response', (response) => {
    if (!response.url().startsWith(app.url)) return;
    const parts = Promise.all([response.text(), response.allHeaders()]);
    // A redirect has no text, and a window may be closed meanwhile.
    received.push(parts.then(([text, headers]) => text + JSON.stringify(headers)).catch(() => ''));
  });
});

afterEach(async () => {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(path = '/'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(app.url + path);
  return page;
}

async function reaches(page: Page, text: string): Promise<void> {
  await expect.poll(() => page.locator('output').textContent(), { timeout: 30_000 }).toBe(text);
}

/** Clicks, and approves in the window that opens. @returns Once it has closed. */
async function approveInPopup(page: Page, button: () => Promise<void>): Promise<void> {
  const opened = context.waitForEvent('page');
  await button();
  const popup = await opened;
  await approveButton(popup).waitFor();
  const closed = popup.waitForEvent('close');
  await approveButton(popup).click();
  await closed;
  expect(page.isClosed()).toBe(false);
}

/** Files of the browser's profile that hold a text, as it is or in UTF-16. */
function filesWith(text: string): string[] {
  const needles = [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(btoa(text).slice(0, -4))];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path);
      return needles.some((needle) => content.includes(needle));
    });
}

describe('an application whose server signs in', () => {
  it('opens a popup, which ends on the server’s page, and the token is nowhere in the browser', async () => {
    const page = await open();
    await reaches(page, 'idle');
    await approveInPopup(page, () => page.click('#popup'));
    await reaches(page, 'authenticated as emulated');
    await page.reload();
    await reaches(page, 'authenticated as emulated');
    expect(tokens).toHaveLength(1);
    const [token = ''] = tokens;
    const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
    const texts = [await page.content(), stored, ...(await Promise.all(received))];
    expect(texts.length).toBeGreaterThan(10);
    expect(texts.filter((text) => text.includes('emulated')).length).toBeGreaterThan(1);
    expect(texts.filter((text) => text.includes(token))).toEqual([]);
    expect(JSON.stringify(await context.cookies())).not.toContain(token);
    await context.close();
    expect(filesWith(control)).not.toEqual([]);
    expect(filesWith(token)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('goes to Plex and comes back', async () => {
    const page = await open();
    await reaches(page, 'idle');
    await page.click('#redirect');
    await approveButton(page).click();
    await page.waitForURL(`${app.url}/`);
    await reaches(page, 'authenticated as emulated');
    expect(tokens).toHaveLength(1);
    expect(complaints).toEqual([]);
  });

  it('signs all tabs in, and out', async () => {
    const [page, other] = [await open(), await open()];
    await reaches(other, 'idle');
    await approveInPopup(page, () => page.click('#popup'));
    await reaches(page, 'authenticated as emulated');
    await reaches(other, 'authenticated as emulated');
    await other.click('#out');
    await reaches(other, 'idle');
    await reaches(page, 'expired');
    expect(tokens).toHaveLength(1);
  });

  it('shows its sign-in with one tag, whose event carries the user', async () => {
    const page = await open('/element');
    const button = page.getByRole('button', { name: 'Sign in with Plex' });
    await approveInPopup(page, () => button.click());
    const heading = page.locator('plex-sign-in #heading');
    await expect.poll(() => heading.textContent(), { timeout: 30_000 }).toBe('Signed in as emulated');
    expect(await page.title()).toBe('user emulated');
    await page.reload();
    await expect.poll(() => heading.textContent(), { timeout: 30_000 }).toBe('Signed in as emulated');
    expect(await page.title()).toBe('user emulated');
    expect(complaints).toEqual([]);
  });

  it('shows a short code with the same tag', async () => {
    const page = await open('/television');
    await page.getByRole('button', { name: 'Get a code' }).click();
    await expect.poll(() => plex.emulator.pins.at(-1)?.code).toMatch(/^[A-Z0-9]{4}$/);
    await page.locator('plex-sign-in').getByText('Copy code').waitFor();
    plex.emulator.link(plex.emulator.pins.at(-1)?.code ?? '');
    await expect.poll(() => page.title(), { timeout: 30_000 }).toBe('user emulated');
  });
});
