/** One contract for the component of every framework: it shows the engine, and neither starts nor ends anything. */
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { buttonIn, patience, reaches, signInIn, useExamples, waiting } from './stage.ts';

const stage = useExamples({ allow: /status of (400|503)/ });

const frameworks = ['react', 'preact', 'vue', 'svelte', 'solid', 'lit', 'angular'];

async function open(framework: string) {
  const page = await stage.open(`frameworks/?${framework}`);
  const first = page.locator('#first');
  await reaches(first, 'idle');
  return { page, first, second: page.locator('#second') };
}

async function begin(first: Locator): Promise<string | null> {
  await buttonIn(first, 'Sign in with Plex').click();
  await reaches(first, waiting);
  return first.locator('code').textContent();
}

/** Takes the component away, or brings it back. */
function toggle(page: Page, label: 'Component' | 'A second one') {
  return page.getByLabel(label, { exact: true }).click();
}

describe.each(frameworks)('the component in %s', (framework) => {
  it('signs in by a popup that its click opens, and out again', async () => {
    const { page, first } = await open(framework);
    await signInIn(page, buttonIn(first, 'Sign in with Plex'));
    await reaches(first, 'authenticated');
    expect(await first.getByText('Signed in').isVisible()).toBe(true);
    expect(await buttonIn(first, 'Sign in with Plex').count()).toBe(0);
    await buttonIn(first, 'Sign out').click();
    await reaches(first, 'idle');
    await buttonIn(first, 'Sign in with Plex').waitFor();
    expect(stage.pinsMade()).toBe(1);
  });

  it('goes away and comes back to the same code while the user is at it', async () => {
    const { page, first } = await open(framework);
    const code = await begin(first);
    expect(await first.getByRole('link').getAttribute('href')).toContain(`code=${code}`);
    await toggle(page, 'Component');
    await expect.poll(() => first.textContent(), patience).toBe('');
    await toggle(page, 'Component');
    await reaches(first, waiting);
    expect(await first.locator('code').textContent()).toBe(code);
    stage.play.plex.emulator.link(code ?? '');
    await reaches(first, 'authenticated');
    expect(stage.pinsMade()).toBe(1);
  });

  it('shows what was reached while it was away', async () => {
    const { page, first } = await open(framework);
    const code = await begin(first);
    await toggle(page, 'Component');
    await expect.poll(() => first.textContent(), patience).toBe('');
    await toggle(page, 'A second one');
    stage.play.plex.emulator.link(code ?? '');
    await reaches(page.locator('#second'), 'authenticated');
    await toggle(page, 'Component');
    await reaches(first, 'authenticated');
  });

  it('shows in a second one what the first one does', async () => {
    const { page, first, second } = await open(framework);
    await toggle(page, 'A second one');
    await reaches(second, 'idle');
    const code = await begin(first);
    await reaches(second, waiting);
    expect(await second.locator('code').textContent()).toBe(code);
    await toggle(page, 'A second one');
    await expect.poll(() => second.textContent(), patience).toBe('');
    stage.play.plex.emulator.link(code ?? '');
    await reaches(first, 'authenticated');
  });

  it('says what went wrong, and starts again', async () => {
    const { first } = await open(framework);
    const removeFault = stage.play.plex.emulator.fault(
      { type: 'status', status: 400 },
      { operation: 'getPin' },
    );
    await buttonIn(first, 'Sign in with Plex').click();
    await reaches(first, 'failed');
    expect(await first.getByRole('alert').textContent()).toContain('400');
    removeFault();
    await begin(first);
    expect(await first.getByRole('alert').count()).toBe(0);
  });

  it('says that Plex does not answer, and can be cancelled, before there is a code and with one', async () => {
    const { first } = await open(framework);
    const { emulator } = stage.play.plex;
    for (const operation of ['getPin', 'getToken'] as const) {
      const removeFault = emulator.fault(
        { type: 'status', status: 503 },
        { operation, times: Number.POSITIVE_INFINITY },
      );
      await buttonIn(first, 'Sign in with Plex').click();
      await expect.poll(() => first.getByRole('alert').textContent(patience), patience).toContain('503');
      expect(await first.locator('code').count()).toBe(operation === 'getToken' ? 1 : 0);
      await buttonIn(first, 'Cancel').click();
      await reaches(first, 'idle');
      expect(await buttonIn(first, 'Cancel').count()).toBe(0);
      expect(await first.getByRole('alert').count()).toBe(0);
      removeFault();
    }
  });
});
