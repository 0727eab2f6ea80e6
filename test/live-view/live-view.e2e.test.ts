import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { mountLiveView } from '../../live-view/index.ts';
import type { LiveView } from '../../src/inspect/live-view-module.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import type { DrivePlexAuthOptions } from '../../src/testing/index.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';
import { recordDrive } from './record-drive.ts';

declare global {
  interface Window {
    liveView: LiveView;
    mountLiveView: typeof mountLiveView;
  }
}

/** The page: the view, and how to mount another. */
const script = `
  import { mountLiveView } from './live-view/index.ts';
  Object.assign(window, { mountLiveView, liveView: mountLiveView(document) });
`;

let browser: Browser;
let site: PageServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";
  site = await servePages({ '/': { script, headers: { 'Content-Security-Policy': policy } } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(site.url);
  return async () => {
    await page.close();
    expect(complaints).toEqual([]);
  };
});

const running = (script: DrivePlexAuthOptions['script'] = [], untilMs = 12_300) =>
  recordDrive({ script, untilMs, options: { renewals: 2 } });

/** Shows messages as if the last had just come. The end of the drive, which disposes of its engine, is left out. */
async function show(messages: readonly InspectionMessage[]) {
  const told = messages.filter((one) => !('event' in one) || one.event.type !== 'xstate.stop');
  await page.evaluate((told) => {
    const byMs = Date.now() - Number(told.at(-1)?.createdAt);
    for (const message of told) {
      const context = { ...('snapshot' in message ? message.snapshot.context : {}) } as Record<
        string,
        number
      >;
      for (const name of ['atMs', 'expiresAtMs']) if (context[name]) context[name] += byMs;
      const snapshot = 'snapshot' in message ? { snapshot: { ...message.snapshot, context } } : {};
      window.liveView.receive({
        ...message,
        ...snapshot,
        createdAt: String(Number(message.createdAt) + byMs),
      });
    }
  }, told);
  await frames();
}

/** Waits until what is dirty is drawn. */
const frames = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const button = (name: string | RegExp) => page.getByRole('button', { name });
const heading = () => page.locator('h2').textContent();
const lit = () =>
  page.evaluate(() => ({
    states: [...document.querySelectorAll('.narrow .on')].map((node) => node.getAttribute('data-state')),
    arrows: [...document.querySelectorAll('.narrow .lit > g')].map((node) => node.getAttribute('data-to')),
  }));
const rows = () => page.locator('.row:not([hidden])');

describe('the live view', () => {
  it('waits for a sign-in, with a chart in which nothing is lit', async () => {
    await frames();
    expect(await heading()).toBe('Waiting for a sign-in');
    expect(await lit()).toEqual({ states: [], arrows: [] });
    expect(await button('Copy as a test').isDisabled()).toBe(true);
    await page.evaluate(() => {
      for (const none of [undefined, null, 5, 'x', {}, { type: '@xstate.event' }])
        window.liveView.receive(none);
    });
    await frames();
    expect(await rows().count()).toBe(0);
  });

  it.each([1280, 1920])('keeps each name within its state, in a window of %s pixels', async (width) => {
    await page.setViewportSize({ width, height: 1000 });
    await frames();
    const names = await page.evaluate(() =>
      [...document.querySelectorAll<SVGGElement>('.chart [data-state]:has(text)')]
        .filter((state) => state.getClientRects().length > 0)
        .map((state) => {
          const [box, name] = [state.querySelector('rect'), state.querySelector('text')].map((part) =>
            (part as SVGGraphicsElement).getBBox(),
          ) as [DOMRect, DOMRect];
          const spill = Math.max(box.x - name.x, name.x + name.width - box.x - box.width);
          return { name: state.textContent, spill: Math.round(spill) };
        }),
    );
    expect(names).toHaveLength(10);
    expect(names.filter(({ spill }) => spill > -2)).toEqual([]);
  });

  it('shows where the sign-in stands: chart, words, countdown and timeline', async () => {
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    expect(await heading()).toBe('Waiting for approval');
    expect(await lit()).toEqual({ states: ['pinAuth.awaitingLink'], arrows: ['pinAuth.awaitingLink'] });
    const notes = await page.locator('.notes').textContent();
    expect(notes).toMatch(/code ends in 29:4\d.*next poll in \d\.\d s.*2 renewals left/);
    await expect.poll(() => page.locator('.notes').textContent()).not.toBe(notes);
    expect(await rows().first().textContent()).toContain('0:00.00');
    expect(await page.getByRole('option').last().textContent()).toContain('polls: not yet');
    expect(await page.locator('.row.dim').count()).toBeGreaterThan(0);
  });

  it('steps back and forth by keys, slider and click, and shows what was then', async () => {
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    await page.keyboard.press('ArrowLeft');
    await frames();
    expect(await button('Live').getAttribute('aria-pressed')).toBe('false');
    await page.getByRole('option', { name: /START/ }).click();
    await frames();
    expect(await heading()).toBe('Asking Plex for a code');
    expect(await lit()).toEqual({
      states: ['pinAuth.requestingPin.asking'],
      arrows: ['pinAuth.requestingPin', 'pinAuth.requestingPin.asking'],
    });
    await page
      .getByRole('option', { name: /getToken.*NETWORK/ })
      .first()
      .click();
    await frames();
    expect(await page.locator('.notes').textContent()).toMatch(/next poll in 1\.0 s.*1 failure in a row/);
    const then = await page.locator('.notes').textContent();
    await page.waitForTimeout(300);
    expect(await page.locator('.notes').textContent()).toBe(then);
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await frames();
    expect(await heading()).toBe('Ready');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('ArrowDown');
    await frames();
    expect(await heading()).toBe('Asking Plex for a code');
    await page.keyboard.press('End');
    await frames();
    expect(await button('Live').getAttribute('aria-pressed')).toBe('true');
    expect(await heading()).toBe('Waiting for approval');
  });

  it('goes on following where the list has more room or less', async () => {
    const hints = Array.from({ length: 10 }, (_, index) => ({
      atMs: 1500 + index * 1000,
      app: 'check' as const,
    }));
    const { messages } = await running(hints);
    await show(messages);
    for (const padding of ['160px', '', '80px', '']) {
      await page.evaluate((padding) => {
        (document.querySelector('.status') as HTMLElement).style.paddingBottom = padding;
        const list = document.querySelector('.rows');
        // The browser lays out, moves what was at the end, and may say so before it tells of the new size.
        list?.getBoundingClientRect();
        list?.dispatchEvent(new Event('scroll'));
      }, padding);
      await frames();
      expect(await button('Newest ↓').isVisible()).toBe(false);
      const { scrollTop, scrollHeight, clientHeight } = await page
        .locator('.rows')
        .evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({ scrollTop, scrollHeight, clientHeight }));
      expect(Math.round(scrollHeight - scrollTop - clientHeight)).toBe(0);
    }
  });

  it('stops following while paused, goes on recording, and comes back', async () => {
    const { messages } = await running([{ atMs: 6200, user: 'approve' }]);
    const middle = messages.findIndex(
      ({ createdAt }) => Number(createdAt) > Number(messages[0]?.createdAt) + 4500,
    );
    await show(messages.slice(0, middle));
    await button('Pause').click();
    await show(messages.slice(middle));
    expect(await heading()).toBe('Waiting for approval');
    expect(await button(/^Live · \d+ new$/).count()).toBe(1);
    await button('Resume').click();
    await frames();
    expect(await heading()).toBe('Signed in');
  });

  it('shows the newest sign-in by itself, and another where it is picked', async () => {
    const first = await running([{ atMs: 2000, user: 'approve' }]);
    const second = await running([], 5000);
    await show(first.messages);
    expect(await page.getByRole('combobox').isVisible()).toBe(false);
    const others = second.messages.map((one) => ({ ...one, sessionId: one.sessionId.replace('x:', 'y:') }));
    await show(others);
    expect(await heading()).toBe('Waiting for approval');
    await page.getByRole('combobox').selectOption({ label: 'Sign-in 1' });
    await frames();
    expect(await heading()).toBe('Signed in');
  });

  it('shows what the chips say, and folds polls out and in', async () => {
    const { messages } = await running();
    await show(messages);
    await button('Others').click();
    await button('Requests').click();
    await frames();
    expect(await page.locator('.row.dim:not([hidden])').count()).toBe(0);
    expect(await page.locator('.row.request:not([hidden])').count()).toBe(0);
    const folded = await rows().count();
    await page.locator('.fold:visible').click();
    await frames();
    expect(await rows().count()).toBeGreaterThan(folded + 10);
    await page.getByRole('listbox').evaluate((list) => {
      list.scrollTop = 0;
    });
    await frames();
    await page.locator('.fold:visible').click();
    await frames();
    expect(await rows().count()).toBe(folded);
  });

  it('copies a test, and saves the chart as it is lit', async () => {
    const { messages } = await running([{ atMs: 2000, user: 'approve' }]);
    await show(messages);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy as a test').click();
    await button('Copied').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("user: 'approve'");
    const downloading = page.waitForEvent('download');
    await button('Save SVG').click();
    const svg = readFileSync(await (await downloading).path(), 'utf8');
    const colors = await page.evaluate(() => ({
      good: getComputedStyle(document.querySelector('.narrow .on rect') as Element).stroke,
    }));
    expect(svg).toContain(colors.good);
    expect(svg).not.toMatch(/var\(|light-dark|<script|style=/);
    const alone = await browser.newPage();
    await alone.setContent('<img>');
    const width = await alone.evaluate(async (svg) => {
      const image = document.querySelector('img') as HTMLImageElement;
      image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
      await image.decode();
      return image.naturalWidth;
    }, svg);
    const errors = await alone.evaluate(
      (svg) => new DOMParser().parseFromString(svg, 'image/svg+xml').querySelectorAll('parsererror').length,
      svg,
    );
    await alone.close();
    expect([width > 400, errors]).toEqual([true, 0]);
  });

  it('shows hostile text as text', async () => {
    const evil = '<img src=x onerror="alert(1)">';
    await page.evaluate((evil) => {
      const about = { sessionId: 'x', createdAt: String(Date.now()) };
      window.liveView.receive({ ...about, type: '@xstate.actor', name: 'pinAuth' });
      window.liveView.receive({ ...about, type: '@xstate.event', event: { type: evil } });
      const snapshot = {
        status: 'active',
        value: evil,
        context: { reason: evil, lastError: { code: evil } },
      };
      window.liveView.receive({ ...about, type: '@xstate.snapshot', event: { type: evil }, snapshot });
    }, evil);
    await frames();
    expect(await page.locator('.row').first().textContent()).toContain(evil);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('lives in a blank frame, whose parts are of another realm, and leaves nothing behind', async () => {
    const { messages } = await running();
    const seen = await page.evaluate(
      async (messages) => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        const inside = frame.contentDocument as Document;
        const before = inside.documentElement.outerHTML;
        const own = inside.defaultView as Window;
        const setTimer = own.setTimeout.bind(own);
        let timers = 0;
        own.setTimeout = ((handler: TimerHandler, ms?: number) => {
          timers += 1;
          return setTimer(handler, ms);
        }) as typeof own.setTimeout;
        const view = window.mountLiveView(inside);
        for (const message of messages) view.receive(message);
        const pause = () => new Promise((done) => setTimeout(done, 400));
        await pause();
        const seen = {
          heading: inside.querySelector('h2')?.textContent,
          radius: own.getComputedStyle(inside.querySelector('.card') as Element).borderRadius,
          isTicking: timers > 1,
        };
        view.close();
        const told = timers;
        await pause();
        const timersAfter = timers - told;
        const html = inside.documentElement.outerHTML.replace(/ lang="en"|<title>.*<\/title>/g, '');
        const sheets = inside.adoptedStyleSheets.length;
        frame.remove();
        return { ...seen, timersAfter, isClean: html === before, sheets };
      },
      messages.slice(0, -1),
    );
    expect(seen).toEqual({
      heading: 'Waiting for approval',
      radius: '14px',
      isTicking: true,
      timersAfter: 0,
      isClean: true,
      sheets: 0,
    });
  });

  it('stands still for who wants no motion', async () => {
    const { messages } = await running();
    await show(messages);
    const moving = () => page.evaluate(() => document.getAnimations().length);
    expect(await moving()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await show(messages);
    expect(await moving()).toBeGreaterThan(0);
  });

  it.each([
    [1280, 800],
    [960, 760],
    [420, 900],
    [390, 844],
    [360, 640],
  ])('fits into %i by %i without scrolling sideways', async (width, height) => {
    await page.setViewportSize({ width, height });
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('.card')]
        .filter((card) => card.scrollWidth > card.clientWidth + 1)
        .map((card) => card.className),
    );
    expect(outside).toEqual([]);
  });

  it.each([
    ['light', 'none', 1280],
    ['dark', 'none', 1280],
    ['light', 'active', 1280],
    ['dark', 'none', 390],
  ] as const)(
    'leaves axe nothing to find (%s, forced colours %s, %i wide)',
    async (colorScheme, forcedColors, width) => {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      // Where axe runs there is no policy.
      await page.evaluate(axeScript);
      const flows = [
        [],
        (await running([{ atMs: 3500, untilMs: 5000, network: 'down' }])).messages,
        (await running([{ atMs: 2000, user: 'approve' }])).messages,
        (await recordDrive({ script: [{ atMs: 0, network: 'down' }] })).messages,
      ];
      for (const [index, messages] of flows.entries()) {
        await show(
          messages.map((one) => ({ ...one, sessionId: one.sessionId.replace('x', `flow${index}`) })),
        );
        const results = await page.evaluate(() =>
          (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        expectNothingFound(results, 'color-contrast');
      }
    },
  );

  it('tells a screen reader of each phase once, and of no poll', async () => {
    const { messages } = await running([{ atMs: 8000, user: 'approve' }]);
    await page.evaluate(() => {
      const said: string[] = [];
      const live = document.querySelector('[role=status]') as Element;
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, { childList: true });
      Object.assign(window, { said });
    });
    for (const message of messages) {
      await page.evaluate((message) => window.liveView.receive(message), message);
      await frames();
    }
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
      'Ready',
      'Asking Plex for a code',
      'Waiting for approval',
      'Signed in',
    ]);
  });
});

/**
 * How long the page worked in each frame, shortest first, and in all its scripts, in milliseconds of its thread's own time:
 * what other processes take of a busy machine is not in it.
 */
async function workOf(deed: () => Promise<unknown>): Promise<{ frames: number[]; total: number }> {
  await browser.startTracing(page, { categories: ['devtools.timeline'] });
  await deed();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: { name: string; tdur?: number }[];
  };
  const timesOf = (name: string) =>
    traceEvents.flatMap((event) =>
      event.name === name && event.tdur !== undefined ? event.tdur / 1000 : [],
    );
  const frames = timesOf('FireAnimationFrame').sort((one, other) => one - other);
  const total = [...frames, ...timesOf('TimerFire')].reduce((sum, one) => sum + one, 0);
  return { frames, total };
}

describe('100,000 messages', () => {
  it('stay smooth and small', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / 1_000_000;
    };
    const before = await heap();
    // A fault among every few polls, so that little is folded.
    const faults = Array.from({ length: 10 }, (_, index) => ({
      atMs: 3000 + index * 3000,
      network: 'down' as const,
      times: 2,
    }));
    const { messages } = await recordDrive({ script: faults, untilMs: 33_500 });
    await page.evaluate(async (messages) => {
      const [begin = [], round = []] = [messages.slice(0, 40), messages.slice(40, -1)];
      const request = window.requestAnimationFrame.bind(window);
      // The layout that the view causes is a part of its work.
      window.requestAnimationFrame = (draw) =>
        request((time) => {
          draw(time);
          void document.body.offsetHeight;
        });
      let received = 0;
      const receive = (message: InspectionMessage) => {
        // As fresh as from a wire.
        const fresh = JSON.parse(JSON.stringify(message));
        window.liveView.receive({ ...fresh, createdAt: String(Date.now()) });
        received += 1;
      };
      for (const message of begin) receive(message);
      const pour = async (total: number, perFrame: number) => {
        while (received < total) {
          for (let count = 0; count < perFrame && received < total; count++) {
            receive(round[received % round.length] as InspectionMessage);
          }
          await new Promise((done) => setTimeout(done, 16));
        }
      };
      Object.assign(window, { pour });
      await pour(95_000, 500);
    }, messages);
    const { frames, total } = await workOf(() =>
      page.evaluate(() =>
        (window as unknown as { pour(total: number, each: number): unknown }).pour(100_000, 10),
      ),
    );
    const figures = await page.evaluate(() => {
      return {
        nodes: document.querySelectorAll('.row').length,
        lines: Number(document.querySelector('.row')?.getAttribute('aria-setsize')),
      };
    });
    const heapMB = (await heap()) - before;
    const at = (share: number) => frames[Math.floor((frames.length - 1) * share)] ?? Number.NaN;
    const ms = { median: at(0.5), p99: at(0.99), worst: at(1), perMessage: total / 5000 };
    console.log(JSON.stringify({ ...figures, heapMB, frames: frames.length, ms }));
    expect(frames.length).toBeGreaterThan(100);
    expect(ms.p99).toBeLessThan(16);
    expect(ms.worst).toBeLessThan(32);
    expect(figures.nodes).toBeLessThan(60);
    expect(figures.lines).toBeGreaterThan(15_000);
    expect(heapMB).toBeLessThan(30);
    expect(await page.locator('.lost').textContent()).toMatch(
      /^The last 2\d{4} entries are kept; \d+ older ones are gone\.$/,
    );
  }, 300_000);

  it('are not drawn while the page is hidden, and are there when it is seen', async () => {
    const { messages } = await running([{ atMs: 2000, user: 'approve' }]);
    const drawn = await page.evaluate((messages) => {
      let frames = 0;
      const request = window.requestAnimationFrame.bind(window);
      window.requestAnimationFrame = (draw) => {
        frames += 1;
        return request(draw);
      };
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      for (const message of messages) window.liveView.receive(message);
      const whileHidden = frames;
      Object.defineProperty(document, 'hidden', { configurable: true, value: false });
      document.dispatchEvent(new Event('visibilitychange'));
      return [whileHidden, frames];
    }, messages);
    expect(drawn).toEqual([0, 1]);
    await frames();
    expect(await heading()).toBe('Signed in');
  });
});
