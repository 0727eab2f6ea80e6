import { describe, expect, it } from 'vitest';
import type { DrivePlexAuthOptions } from '../../src/testing/index.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { running, setUpLiveView } from './live-view-stage.ts';
import { recordDrive } from './record-drive.ts';

const stage = setUpLiveView();
const { show, frames } = stage;

describe('the live view', () => {
  it.each([1280, 1920])('keeps each name within its state, in a window of %s pixels', async (width) => {
    await stage.page.setViewportSize({ width, height: 1000 });
    await frames();
    const names = await stage.page.evaluate(() =>
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

  it.each(['light', 'dark'] as const)(
    'draws lines with a contrast of 3 at least, in %s',
    async (colorScheme) => {
      await stage.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await show((await running()).messages);
      const contrasts = await stage.page.evaluate(() => {
        const partsOf = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
        const luminance = (color: string) =>
          partsOf(color)
            .map((part) => part / 255)
            .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
            .reduce((sum, share, index) => sum + share * ([0.2126, 0.7152, 0.0722][index] ?? 0), 0);
        const styleOf = (node: Element) => getComputedStyle(node);
        const card = luminance(styleOf(document.querySelector('.card') as Element).backgroundColor);
        return [...document.querySelectorAll('.narrow :is([data-ways] path, [data-state] rect)')].map(
          (line) => {
            const [dim = 0, bright = 0] = [card, luminance(styleOf(line).stroke)].sort((a, b) => a - b);
            return (bright + 0.05) / (dim + 0.05);
          },
        );
      });
      expect(contrasts.length).toBeGreaterThan(20);
      expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(3);
    },
  );

  it.each([390, 1280, 1600])('keeps words clear of their dots, in a window of %s pixels', async (width) => {
    await stage.page.setViewportSize({ width, height: 1000 });
    await show((await running()).messages);
    const gaps = await stage.page.evaluate(() =>
      [...document.querySelectorAll('.row:not([hidden])')].map((row) => {
        const [mark, title] = ['.mark', '.title'].map((part) => row.querySelector(part)) as [
          Element,
          Element,
        ];
        // The dot's own edge: it may stick out of its mark.
        const { insetInlineStart, inlineSize } = getComputedStyle(mark, '::after');
        const dotEnd =
          mark.getBoundingClientRect().left +
          Number.parseFloat(insetInlineStart) +
          Number.parseFloat(inlineSize);
        return title.getBoundingClientRect().left - dotEnd;
      }),
    );
    expect(gaps.length).toBeGreaterThan(2);
    expect(Math.min(...gaps)).toBeGreaterThan(4);
  });

  it.each([
    [1280, 720],
    [1024, 768],
    [1024, 700],
    [390, 844],
  ])('has a slider to be used, in a window of %s × %s', async (width, height) => {
    await stage.page.setViewportSize({ width, height });
    await show((await running()).messages);
    const box = await stage.page.getByRole('slider').boundingBox();
    expect(box?.width).toBeGreaterThan(120);
  });

  it.each([320, 360, 390, 430, 600, 1280])(
    'keeps its steps side by side, in a window of %s pixels',
    async (width) => {
      await stage.page.setViewportSize({ width, height: 844 });
      await show((await running()).messages);
      const boxes = await Promise.all(
        ['Step back', 'Pause', 'Step forward'].map((name) =>
          stage.page.getByRole('button', { name, exact: true }).boundingBox(),
        ),
      );
      expect(new Set(boxes.map((box) => box?.y)).size).toBe(1);
    },
  );

  it('stands still for who wants no motion', async () => {
    const { messages } = await running();
    await show(messages);
    const moving = () => stage.page.evaluate(() => document.getAnimations().length);
    expect(await moving()).toBe(0);
    await stage.page.emulateMedia({ reducedMotion: 'no-preference' });
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
    await stage.page.setViewportSize({ width, height });
    const { messages } = await running([{ atMs: 3500, untilMs: 5000, network: 'down' }]);
    await show(messages);
    expect(await stage.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    const outside = await stage.page.evaluate(() =>
      [...document.querySelectorAll('.card')]
        .filter((card) => card.scrollWidth > card.clientWidth + 1)
        .map((card) => card.className),
    );
    expect(outside).toEqual([]);
  });

  /** Sign-ins whose status differs in what it has to say. */
  const flows: readonly DrivePlexAuthOptions[] = [
    { untilMs: 0 },
    { untilMs: 2500 },
    { untilMs: 2500, options: { renewals: 2, giveUpAfterMs: 600_000 } },
    { script: [{ atMs: 0, network: 'down' }], untilMs: 3000, options: { renewals: 2 } },
    { script: [{ atMs: 1500, network: 'down' }], untilMs: 20_000, options: { renewals: 2 } },
    {
      script: [{ atMs: 1500, network: { type: 'rateLimited', retryAfter: 30 } }],
      untilMs: 3500,
      options: { renewals: 2 },
    },
    { script: [{ atMs: 2000, user: 'approve' }], untilMs: 6000 },
    { script: [{ atMs: 2000, plex: 'expirePin' }], untilMs: 9000 },
  ];

  async function showFlow(index: number): Promise<void> {
    const { messages } = await recordDrive(flows[index] ?? {});
    await show(messages.map((one) => ({ ...one, sessionId: one.sessionId.replace('x', `flow${index}`) })));
  }

  it.each([
    [1280, 800],
    // The frame in a playground of 1280 by 720.
    [662, 616],
    [960, 760],
    [390, 844],
    [360, 640],
  ])('moves no button as the status changes, in %i by %i', async (width, height) => {
    await stage.page.setViewportSize({ width, height });
    const tops: Record<string, number> = {};
    for (const index of flows.keys()) {
      await showFlow(index);
      const top = await stage.page.evaluate(
        () => document.querySelector('.chip')?.getBoundingClientRect().top ?? 0,
      );
      tops[index] = Math.round(top);
    }
    expect(tops).toEqual(Object.fromEntries([...flows.keys()].map((index) => [index, tops[0]])));
  });

  it.each([
    [1280, 800],
    [662, 616],
    [360, 640],
  ])('cuts no state’s name in the timeline, and no words, in %i by %i', async (width, height) => {
    await stage.page.setViewportSize({ width, height });
    for (const index of flows.keys()) await showFlow(index);
    const cutIn = (selector: string) =>
      stage.page.evaluate(
        (selector) =>
          [...document.querySelectorAll<HTMLElement>(selector)]
            .filter((part) => part.scrollWidth > part.clientWidth)
            .map((part) => part.closest('.row')?.textContent),
        selector,
      );
    for (const number of flows.keys()) {
      await stage.page.getByRole('combobox', { name: 'Sign-in' }).selectOption(String(number + 1));
      await frames();
      expect(await cutIn('.row :is(.title, .target, .words)')).toEqual([]);
    }
    await stage.page.getByRole('button', { name: 'Details' }).click();
    for (const number of flows.keys()) {
      await stage.page.getByRole('combobox', { name: 'Sign-in' }).selectOption(String(number + 1));
      await frames();
      expect(await cutIn('.row :is(.target, .words)')).toEqual([]);
    }
  });

  it.each([
    ['light', 'none', 1280],
    ['dark', 'none', 1280],
    ['light', 'active', 1280],
    ['dark', 'none', 390],
  ] as const)(
    'leaves axe nothing to find (%s, forced colours %s, %i wide)',
    async (colorScheme, forcedColors, width) => {
      await stage.page.setViewportSize({ width, height: 800 });
      await stage.page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      // Where axe runs there is no policy.
      await stage.page.evaluate(axeScript);
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
        const results = await stage.page.evaluate(() =>
          (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
        );
        expectNothingFound(results, 'color-contrast');
      }
    },
  );

  it('announces each phase once to screen readers, and no poll', async () => {
    const { messages } = await running([{ atMs: 8000, user: 'approve' }]);
    await stage.page.evaluate(() => {
      const said: string[] = [];
      const live = document.querySelector('[role=status]') as Element;
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, { childList: true });
      Object.assign(window, { said });
    });
    for (const message of messages) {
      await stage.page.evaluate((message) => window.liveView.receive(message), message);
      await frames();
    }
    expect(await stage.page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([
      'Ready',
      'Asking Plex for a code',
      'Waiting for approval',
      'Signed in',
    ]);
  });
});
