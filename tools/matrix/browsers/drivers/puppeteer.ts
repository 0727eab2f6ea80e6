/** Chromium and Firefox, by the package puppeteer-core as it is installed in the scratch folder. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DrivenWindow, LaunchBrowser } from '../driver.ts';

/** The part of the package that is used. */
interface Page {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  evaluate(code: string): Promise<unknown>;
  bringToFront(): Promise<void>;
  close(): Promise<void>;
  isClosed(): boolean;
  readonly mouse: { click(x: number, y: number): Promise<void> };
}

interface Browser {
  version(): Promise<string>;
  newPage(): Promise<Page>;
  pages(): Promise<Page[]>;
  close(): Promise<void>;
}

interface Puppeteer {
  launch(options: object): Promise<Browser>;
}

/** Popups are blocked and pages go into the page cache as they are at home. */
const firefoxOptions = {
  browser: 'firefox',
  executablePath: '/usr/bin/firefox-esr',
  extraPrefsFirefox: {
    'dom.disable_open_during_load': true,
    'browser.sessionhistory.max_total_viewers': -1,
    'fission.bfcacheInParent': true,
  },
};

const chromiumOptions = {
  browser: 'chrome',
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  ignoreDefaultArgs: ['--disable-popup-blocking', '--disable-back-forward-cache'],
};

export const launchFirefox: LaunchBrowser = (scratch) => launch(scratch, firefoxOptions);
export const launchChromium: LaunchBrowser = (scratch) => launch(scratch, chromiumOptions);

async function launch(scratch: string, options: object): ReturnType<LaunchBrowser> {
  const file = join(scratch, 'node_modules/puppeteer-core/lib/esm/puppeteer/puppeteer-core.js');
  const { default: puppeteer } = (await import(pathToFileURL(file).href)) as { default: Puppeteer };
  const browser = await puppeteer.launch({ ...options, headless: true, defaultViewport: null });
  const known = new WeakMap<Page, DrivenWindow>();
  const toWindow = (page: Page): DrivenWindow => {
    const found = known.get(page) ?? createWindow(page);
    known.set(page, found);
    return found;
  };
  return {
    version: (await browser.version()).replace(/^\D*\//, ''),
    open: async () => toWindow(await browser.newPage()),
    windows: async () => (await browser.pages()).filter((page) => !page.isClosed()).map(toWindow),
    quit: () => browser.close(),
  };
}

function createWindow(page: Page): DrivenWindow {
  return {
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    async run<Value>(body: string) {
      const json = await page.evaluate(`(async () => JSON.stringify(await (async () => { ${body} })()))()`);
      return (json === undefined ? undefined : JSON.parse(String(json))) as Value;
    },
    async clickAt(x, y) {
      await page.bringToFront();
      await page.mouse.click(x, y);
    },
    close: () => page.close(),
  };
}
