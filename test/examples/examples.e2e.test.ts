/** The examples that are no component: each does what it is there to show. */
import { expect, it } from 'vitest';
import { buttonIn, patience, reaches, signInIn, useExamples } from './stage.ts';

const stage = useExamples({ allow: /status of 503/ });

it('signs in and out without a framework', async () => {
  const page = await stage.open('vanilla/');
  await reaches(page, 'idle');
  for (const later of ['#waiting', '[role=alert]', '#signed-in'])
    expect(await page.locator(later).isVisible()).toBe(false);
  await signInIn(page, buttonIn(page, 'Sign in with Plex'));
  await reaches(page, 'authenticated');
  expect(await page.getByText('Signed in').isVisible()).toBe(true);
  await buttonIn(page, 'Sign out').click();
  await reaches(page, 'idle');
  expect(await page.getByText('Signed in').isVisible()).toBe(false);
});

it.each(['vanilla/', 'redirect/'])(
  'says in %s that Plex does not answer, and can be cancelled',
  async (name) => {
    const page = await stage.open(name);
    const removeFault = stage.play.plex.emulator.fault(
      { type: 'status', status: 503 },
      { operation: 'getPin', times: Number.POSITIVE_INFINITY },
    );
    await buttonIn(page, 'Sign in with Plex').click();
    await expect.poll(() => page.getByRole('alert').textContent(patience), patience).toContain('503');
    await buttonIn(page, 'Cancel').click();
    await reaches(page, 'idle');
    for (const later of ['#cancel', '[role=alert]'])
      expect(await page.locator(later).isVisible()).toBe(false);
    removeFault();
  },
);

it('leaves for the consent in the same tab, is signed in when it is back, and at the next visit', async () => {
  const page = await stage.open('redirect/');
  await reaches(page, 'idle');
  await buttonIn(page, 'Sign in with Plex').click();
  await buttonIn(page, 'Approve').click();
  await page.waitForURL(stage.play.addressOf('redirect/'));
  await reaches(page, 'authenticated');
  expect(stage.pinsMade()).toBe(1);
  await page.reload();
  await reaches(page, 'authenticated');
  await buttonIn(page, 'Sign out').click();
  await reaches(page, 'idle');
  await page.reload();
  await reaches(page, 'idle');
});

it('shows on a television a code that is approved on another device', async () => {
  const page = await stage.open('television/');
  const tag = page.locator('plex-sign-in');
  const code = tag.locator('#code');
  await expect.poll(() => code.textContent(patience), patience).toMatch(/^[A-Z0-9]{4}$/);
  const picture = tag.getByRole('img', { name: /QR/ });
  await expect.poll(() => picture.getAttribute('viewBox', patience), patience).toMatch(/^0 0 \d+ \d+$/);
  // Read from three metres, on a screen of 1280 pixels.
  const size = await code.evaluate((node) => Number.parseFloat(getComputedStyle(node).fontSize));
  expect(size).toBeGreaterThan(64);
  // Nobody opens Plex's page on a television, or copies from it.
  expect(await tag.getByRole('link').count()).toBe(0);
  expect(await tag.getByRole('button').allTextContents()).toEqual(['Cancel']);
  // The code was there before anybody pressed a button: OK, pressed all the same, cancels nothing.
  await page.keyboard.press('Enter');
  const phone = await stage.context.newPage();
  await phone.goto(`http://${await tag.locator('#address').textContent()}`);
  await phone.getByRole('textbox').fill((await code.textContent()) ?? '');
  await buttonIn(phone, 'Continue').click();
  await buttonIn(phone, 'Approve').click();
  await expect
    .poll(() => tag.getByRole('heading').textContent(patience), patience)
    .toBe('Signed in as emulated');
});

it('runs the sign-in as an actor of the application’s own machine', async () => {
  const page = await stage.open('parent-machine/');
  await reaches(page, '"welcome"');
  await buttonIn(page, 'Sign in with Plex').click();
  await reaches(page, '{"session":"entrance"}');
  const opened = page.waitForEvent('popup');
  await page.getByRole('link').click();
  await buttonIn(await opened, 'Approve').click();
  await reaches(page, '{"session":"library"}');
  await buttonIn(page, 'Leave').click();
  await reaches(page, '"welcome"');
  expect(stage.pinsMade()).toBe(1);
});

it('ends the sign-in with the state of the application that invoked it', async () => {
  const page = await stage.context.newPage();
  await page.clock.install();
  await page.goto(stage.play.addressOf('parent-machine/'));
  await buttonIn(page, 'Sign in with Plex').click();
  await page.locator('code').waitFor();
  await buttonIn(page, 'Leave').click();
  await reaches(page, '"welcome"');
  const { requests } = stage.play.plex.emulator;
  // What was on its way when the state ended is there by then.
  await page.clock.runFor(1000);
  const asked = requests.length;
  await page.clock.runFor(60_000);
  expect(requests.length).toBe(asked);
});
