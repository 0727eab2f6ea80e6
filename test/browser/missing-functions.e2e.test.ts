/**
 * Issue 15: whole sign-ins with the built package where every function is missing that came after an old Chrome, televisions'
 * among them. Run `npm run build` first.
 */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionsNewerThan, removeFunctions } from '../fixture/newer-functions.ts';
import { launchChromium, type PageServer } from '../fixture/page-server.ts';
import { approveByCode, approveByRedirect, approveInPopup, playOn, serveOldPages } from './old-page.ts';

let app: PageServer;
let browser: Browser;

beforeAll(async () => {
  [app, browser] = await Promise.all([serveOldPages(), launchChromium()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

/** The functions that stopped users once or are easily used, by the last Chrome without them. */
const after108 = ['URL.canParse', 'AbortSignal.any', 'Promise.withResolvers'];
const after94 = ['AbortSignal.prototype.throwIfAborted', 'Array.prototype.findLast', 'structuredClone'];
const after87 = ['Array.prototype.at', 'Object.hasOwn', 'String.prototype.at'];

describe.each([
  [108, after108],
  [94, [...after108, ...after94]],
  [87, [...after108, ...after94, ...after87]],
])('without what came after Chrome %s', (version, missing) => {
  const paths = functionsNewerThan(version);

  async function openContext() {
    const context = await browser.newContext();
    await removeFunctions(context, paths);
    return context;
  }

  const onPage = async (path: string, play: Parameters<typeof playOn>[2]) =>
    playOn(await openContext(), app.url + path, play);

  it('lacks that', async () => {
    const context = await openContext();
    const page = await context.newPage();
    await page.goto(`${app.url}/engine`);
    const lacking = await page.evaluate(
      (names) =>
        names.filter((name) => {
          const found = name.split('.').reduce<unknown>((owner, part) => Object(owner)[part], globalThis);
          return found === undefined;
        }),
      [...after108, ...after94, ...after87],
    );
    await context.close();
    expect(paths.length).toBeGreaterThan(100);
    expect(lacking).toEqual(missing);
  });

  it('signs in with an engine by popup', () => onPage('/engine', (page) => approveInPopup(page, '#popup')));

  it('signs in with an engine by redirect', () =>
    onPage('/engine', (page) => approveByRedirect(page, '#redirect')));

  it('signs in with the element by popup', () =>
    onPage('/element?mode=popup', (page) => approveInPopup(page, '#main')));

  it('signs in with the element by a code', () => onPage('/element?mode=code', approveByCode));
});
