/** The page of all examples. */
import { expect, it } from 'vitest';
import { examples } from '../../examples/play/examples.ts';
import { buttonIn, patience, reaches, signInIn, useExamples } from './stage.ts';

const stage = useExamples();

it('shows each example in a card that loads, with its source', async () => {
  const page = await stage.context.newPage();
  await page.goto(stage.play.url);
  const cards = page.getByRole('listitem');
  expect(await cards.getByRole('heading').allTextContents()).toEqual(examples.map(({ title }) => title));
  for (const { title, sources, isAlone } of examples) {
    const card = cards.filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    expect(await card.locator('summary').allTextContents()).toEqual(sources);
    if (isAlone) continue;
    // Frames load when they come into sight.
    await card.scrollIntoViewIfNeeded();
    const first = card
      .frameLocator('iframe')
      .getByRole(title === 'A television' ? 'heading' : 'status')
      .first();
    await expect.poll(() => first.textContent(patience), patience).toMatch(/\w/);
  }
});

it('keeps the sign-in of one card from the others', async () => {
  const page = await stage.context.newPage();
  await page.goto(stage.play.url);
  const card = (title: string) => page.frameLocator(`iframe[title="${title}"]`);
  await signInIn(page, buttonIn(card('React'), 'Sign in with Plex'));
  await reaches(card('React'), 'authenticated');
  await reaches(card('Vue'), 'idle');
  await page.reload();
  await reaches(card('Vue'), 'idle');
});

it('fits a phone, in dark as in light', async () => {
  const page = await stage.context.newPage();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(stage.play.url);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  }
});
