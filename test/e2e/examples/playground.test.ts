/** The playground: the element, the emulator's buttons and the live chart, side by side. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { mishaps } from '../../../examples/play/mishaps.ts';
import { patience, useExamples } from './stage.ts';

const stage = useExamples({ allow: /ERR_EMPTY_RESPONSE|status of (404|429|503)/ });
let page: Page;

beforeEach(async () => {
  page = await stage.context.newPage();
  await page.goto(stage.play.url);
});

const element = () => page.locator('#playground plex-sign-in');
const live = () => page.frameLocator('#live-view');
const control = (name: string) => page.locator('#playground').getByRole('button', { name, exact: true });
const press = (name: string) => control(name).click();

/** Waits for the element's heading. */
async function says(heading: string | RegExp): Promise<void> {
  const title = element().getByRole('heading');
  await expect.poll(() => title.textContent(patience), { timeout: 60_000 }).toMatch(heading);
}

/** Waits for the state that is lit in the chart. */
async function lights(state: string): Promise<void> {
  const chart = live().getByRole('img', { name: `The chart of the sign-in: ${state}`, exact: true });
  await expect.poll(() => chart.count(), patience).toBe(1);
}

/** Waits until there is a code that the user can approve. */
async function waitForCode(): Promise<void> {
  await expect.poll(() => control('Approve').isEnabled(), patience).toBe(true);
}

it('shows one sign-in in the element, at the emulator and in the chart', async () => {
  await press('Get a code');
  await expect.poll(() => page.locator('#pins').textContent(patience), patience).toMatch(/^\w{4} waiting/);
  await press('Approve');
  await says('You are signed in');
  await lights('authenticated');
  await press('Sign out');
  await says('Sign in to Moviebox');
  await lights('idle');
  await press('Get a code');
  await waitForCode();
  await press('Expire the code');
  // Long before its time: Plex knows no such PIN.
  await lights('failed');
  await expect.poll(() => page.locator('#pins').textContent(patience), patience).toMatch(/^\w{4} expired/);
});

describe('where other clients break', () => {
  it.each(mishaps)('$title: here the sign-in goes on', async ({ title, command }) => {
    await press('Get a code');
    await waitForCode();
    await press(title);
    const faults = page.locator('#faults');
    await expect.poll(() => faults.textContent(patience), { timeout: 60_000 }).toBe('Nothing goes wrong.');
    expect(await page.locator('#refusal').textContent()).toBe('');
    if (command.do !== 'approveInRead') {
      await waitForCode();
      await press('Approve');
    }
    await says('You are signed in');
    await lights('authenticated');
    await press('All is well again');
  });
});
