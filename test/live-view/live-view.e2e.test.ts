import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { running, setUpLiveView } from './live-view-stage.ts';

const stage = setUpLiveView();
const { show, frames } = stage;
const button = (name: string | RegExp) => stage.page.getByRole('button', { name });
const heading = () => stage.page.locator('h2').textContent();
const lit = () =>
  stage.page.evaluate(() => ({
    states: [...document.querySelectorAll('.narrow .on')].map((node) => node.getAttribute('data-state')),
    arrows: [...document.querySelectorAll('.narrow .lit > g')].map(
      (node) => node.querySelector('title')?.textContent,
    ),
  }));
const rows = () => stage.page.locator('.row:not([hidden])');
const details = async () => {
  await button('Details').click();
  await frames();
};

describe('the live view', () => {
  it('waits for a sign-in, with a chart in which nothing is lit', async () => {
    await frames();
    expect(await heading()).toBe('Waiting for a sign-in');
    expect(await lit()).toEqual({ states: [], arrows: [] });
    expect(await button('Copy as a test').isDisabled()).toBe(true);
    await stage.page.evaluate(() => {
      for (const none of [undefined, null, 5, 'x', {}, { type: '@xstate.event' }])
        window.liveView.receive(none);
    });
    await frames();
    expect(await rows().count()).toBe(0);
  });

  it('shows where the sign-in stands: chart, words, countdown and timeline', async () => {
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    expect(await heading()).toBe('Waiting for approval');
    expect(await lit()).toEqual({ states: ['pinAuth.awaitingLink'], arrows: ['getToken, getToken error'] });
    // The words of the arrow are there once: those of the copy are wider.
    const words = stage.page.locator('.chart text:visible', { hasText: /^not yet$/ });
    expect(await words.count()).toBe(1);
    const notes = await stage.page.locator('.notes').textContent();
    expect(notes).toMatch(/code ends in 29:4\d.*next poll in \d\.\d s.*2 renewals left/);
    await expect.poll(() => stage.page.locator('.notes').textContent()).not.toBe(notes);
    await details();
    expect(await rows().first().textContent()).toContain('0:00.00');
    expect(await stage.page.getByRole('option').last().textContent()).toContain('polls: not yet');
    expect(await stage.page.locator('.row.dim').count()).toBeGreaterThan(0);
  });

  it('steps back and forth by keys, slider and click, and shows what was then', async () => {
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    await details();
    await stage.page.keyboard.press('ArrowLeft');
    await frames();
    expect(await button('Live').getAttribute('aria-pressed')).toBe('false');
    await stage.page.getByRole('option', { name: /START/ }).click();
    await frames();
    expect(await heading()).toBe('Asking Plex for a code');
    expect(await lit()).toEqual({
      states: ['pinAuth.requestingPin.asking'],
      arrows: ['START'],
    });
    await stage.page
      .getByRole('option', { name: /getToken.*NETWORK/ })
      .first()
      .click();
    await frames();
    expect(await stage.page.locator('.notes').textContent()).toMatch(
      /next poll in 1\.0 s.*1 failure in a row/,
    );
    const then = await stage.page.locator('.notes').textContent();
    await stage.page.waitForTimeout(300);
    expect(await stage.page.locator('.notes').textContent()).toBe(then);
    await stage.page.getByRole('slider').focus();
    await stage.page.keyboard.press('Home');
    await frames();
    expect(await heading()).toBe('Ready');
    await stage.page.getByRole('listbox').focus();
    await stage.page.keyboard.press('ArrowDown');
    await frames();
    expect(await heading()).toBe('Asking Plex for a code');
    await stage.page.keyboard.press('End');
    await frames();
    expect(await button('Live').getAttribute('aria-pressed')).toBe('true');
    expect(await heading()).toBe('Waiting for approval');
  });

  it('keeps the focus on a button that has nothing more to do', async () => {
    const { messages } = await running([{ atMs: 2500, app: 'cancel' }]);
    await show(messages);
    for (const name of ['Step back', 'Step forward']) {
      await button(name).focus();
      for (let times = 0; times < 20 && !(await button(name).isDisabled()); times++) {
        await stage.page.keyboard.press('Enter');
        await frames();
      }
      expect(await button(name).isDisabled()).toBe(true);
      const said = await heading();
      await stage.page.keyboard.press('Enter');
      await frames();
      expect(await heading()).toBe(said);
      expect(await stage.page.evaluate(() => document.activeElement?.textContent)).toBe(name);
    }
  });

  it('highlights in the legend what is no arrow, and replays the way taken', async () => {
    const { messages } = await running([{ atMs: 2500, app: 'cancel' }]);
    await show(messages);
    const taken = stage.page.locator('.narrow .legend.taken .name');
    expect([await taken.allTextContents(), (await lit()).states]).toEqual([['CANCEL'], ['pinAuth.idle']]);
    expect(await stage.page.locator('.narrow .legend.taken text').allTextContents()).toEqual([
      'CANCEL → idle',
    ]);
    await button('Replay').click();
    await button('Stop').waitFor();
    await expect.poll(async () => (await lit()).states).toEqual(['pinAuth.awaitingLink']);
    await button('Replay').waitFor();
    expect([await taken.allTextContents(), (await lit()).states]).toEqual([['CANCEL'], ['pinAuth.idle']]);
  });

  it('keeps following where the list has more room or less', async () => {
    const hints = Array.from({ length: 10 }, (_, index) => ({
      atMs: 1500 + index * 1000,
      app: 'check' as const,
    }));
    const { messages } = await running(hints);
    await show(messages);
    for (const padding of ['160px', '', '80px', '']) {
      await stage.page.evaluate((padding) => {
        (document.querySelector('.status') as HTMLElement).style.paddingBottom = padding;
        const list = document.querySelector('.rows');
        // The browser lays out, moves what was at the end, and may say so before it tells of the new size.
        list?.getBoundingClientRect();
        list?.dispatchEvent(new Event('scroll'));
      }, padding);
      await frames();
      expect(await button('Newest ↓').isVisible()).toBe(false);
      const { scrollTop, scrollHeight, clientHeight } = await stage.page
        .locator('.rows')
        .evaluate(({ scrollTop, scrollHeight, clientHeight }) => ({ scrollTop, scrollHeight, clientHeight }));
      expect(Math.round(scrollHeight - scrollTop - clientHeight)).toBe(0);
    }
  });

  it('stops following while paused, keeps recording, and comes back', async () => {
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

  it('shows the newest sign-in automatically, and another where it is picked', async () => {
    const first = await running([{ atMs: 2000, user: 'approve' }]);
    const second = await running([], 5000);
    await show(first.messages);
    expect(await stage.page.getByRole('combobox').isVisible()).toBe(false);
    const others = second.messages.map((one) => ({ ...one, sessionId: one.sessionId.replace('x:', 'y:') }));
    await show(others);
    expect(await heading()).toBe('Waiting for approval');
    await stage.page.getByRole('combobox').selectOption({ label: 'Sign-in 1' });
    await frames();
    expect(await heading()).toBe('Signed in');
  });

  it('shows what the chips say, and folds polls out and in', async () => {
    const { messages } = await running();
    await show(messages);
    expect(await button('Others').isVisible()).toBe(false);
    const plain = await rows().count();
    await details();
    expect(await rows().count()).toBeGreaterThan(plain);
    await button('Others').click();
    await button('Requests').click();
    await frames();
    expect(await stage.page.locator('.row.dim:not([hidden])').count()).toBe(0);
    expect(await stage.page.locator('.row.request:not([hidden])').count()).toBe(0);
    const folded = await rows().count();
    await stage.page.locator('.fold:visible').click();
    await frames();
    expect(await rows().count()).toBeGreaterThan(folded + 10);
    await stage.page.getByRole('listbox').evaluate((list) => {
      list.scrollTop = 0;
    });
    await frames();
    await stage.page.locator('.fold:visible').click();
    await frames();
    expect(await rows().count()).toBe(folded);
  });

  it('copies a test, and saves the chart as it is lit', async () => {
    const { messages } = await running([{ atMs: 2000, user: 'approve' }]);
    await show(messages);
    await stage.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy as a test').click();
    await button('Copied').waitFor();
    expect(await stage.page.evaluate(() => navigator.clipboard.readText())).toContain("user: 'approve'");
    const downloading = stage.page.waitForEvent('download');
    await button('Save SVG').click();
    const svg = readFileSync(await (await downloading).path(), 'utf8');
    const colors = await stage.page.evaluate(() => ({
      good: getComputedStyle(document.querySelector('.narrow .on rect') as Element).stroke,
    }));
    expect(svg).toContain(colors.good);
    expect(svg).not.toMatch(/var\(|light-dark|<script|style=/);
    const alone = await stage.browser.newPage();
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

  it('saves the chart as it is once the light has moved on, even while it moves', async () => {
    await stage.page.emulateMedia({ reducedMotion: 'no-preference' });
    // Slowly enough for a busy machine.
    await stage.page.evaluate(() => {
      const slow = new CSSStyleSheet();
      slow.replaceSync('.chart svg * { transition-duration: 5s !important }');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, slow];
    });
    await show((await running()).messages);
    for (const _ of ['to the code', 'to the question for it']) await button('Step back').click();
    await frames();
    const downloading = stage.page.waitForEvent('download');
    const shown = await stage.page.evaluate(async () => {
      const svg = [...document.querySelectorAll('.chart svg')].find((one) => one.getClientRects().length > 0);
      const moving = svg?.getAnimations({ subtree: true }) ?? [];
      [...document.querySelectorAll('button')].find((one) => one.textContent === 'Save SVG')?.click();
      await Promise.all(moving.map(({ finished }) => finished));
      const looks = [...(svg?.querySelectorAll('rect, text') ?? [])].map((node) => {
        const { fill, stroke, visibility } = getComputedStyle(node);
        return { fill, stroke, visibility };
      });
      return { moving: moving.length, looks };
    });
    expect(shown.moving).toBeGreaterThan(0);
    const svg = readFileSync(await (await downloading).path(), 'utf8');
    const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
    // The first is the ground that the file has beneath the chart.
    const [, ...saved] = (svg.match(/<(rect|text)[^>]*>/g) ?? []).map((tag) => ({
      fill: attribute(tag, 'fill'),
      stroke: attribute(tag, 'stroke'),
      visibility: attribute(tag, 'visibility'),
    }));
    expect(saved).toEqual(shown.looks);
  });

  it('shows hostile text as text', async () => {
    const evil = '<img src=x onerror="alert(1)">';
    await stage.page.evaluate((evil) => {
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
    expect(await stage.page.locator('.row').first().textContent()).toContain(evil);
    expect(await stage.page.locator('img').count()).toBe(0);
  });

  it('lives in a blank frame, whose parts are of another realm, and leaves nothing behind', async () => {
    const { messages } = await running();
    const seen = await stage.page.evaluate(
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
});
