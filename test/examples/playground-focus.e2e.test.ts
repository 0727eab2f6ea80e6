/** Who uses the keyboard keeps a place in the playground, whatever is pressed. */
import { expect, it } from 'vitest';
import { type Playground, usePlayground } from './playground-stage.ts';

const stage = usePlayground();

/** Presses a button as a keyboard does. */
async function pressByKey({ page, control }: Playground, name: string): Promise<void> {
  await control(name).focus();
  await page.keyboard.press('Enter');
}

/** In the page: what has the focus, within the element too. */
function focusedNow(): string {
  const { activeElement } = document;
  return (activeElement?.shadowRoot?.activeElement ?? activeElement)?.textContent ?? '';
}

it('leaves the focus where it was pressed, or on what is there next', async () => {
  const playground = await stage.openPlayground({ isStill: true });
  const { page, waitForCode, press, says, reads, control } = playground;
  const focused = () => page.evaluate(focusedNow);
  await waitForCode();

  await pressByKey(playground, 'Deny');
  await reads('#decision', /^Denied\./);
  expect(await focused()).toBe('Deny');
  await pressByKey(playground, 'Expire the code');
  await reads('#pins', /waiting\w{4} expired/);
  expect(await focused()).toBe('Expire the code');
  await waitForCode();

  await pressByKey(playground, 'Approved during a request');
  await says('Signed in as emulated');
  expect(await focused()).toBe('Approved during a request');
  await pressByKey(playground, 'Sign out');
  await says('Sign in to Moviebox');
  expect(await focused()).toBe('Get a code');
  await page.keyboard.press('Enter');
  await waitForCode();

  await pressByKey(playground, 'Approve');
  await says('Signed in as emulated');
  expect(await focused()).toBe('Approve');
  expect(await control('Approve').isEnabled()).toBe(false);
  const commands: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && commands.push(request.url()));
  await page.keyboard.press('Enter');
  await press('All is well again');
  await expect.poll(() => commands.length).toBe(1);
});
