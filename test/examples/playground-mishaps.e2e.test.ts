/** The playground's mishaps: each of them happens, is told, and does not end the sign-in. */
import { beforeEach, expect, it } from 'vitest';
import { mishaps } from '../../examples/play/mishaps.ts';
import { type Playground, usePlayground } from './playground-stage.ts';
import { patience } from './stage.ts';

const stage = usePlayground();
let playground: Playground;

beforeEach(async () => {
  playground = await stage.openPlayground({ isStill: true });
  await playground.waitForCode();
});

/** What else there is to see of a mishap. */
const more: Record<string, () => Promise<void>> = {
  'Three requests fail': async () => {
    await playground.live.getByText('3 failures in a row').waitFor();
    // The browser repeats none of them on its own.
    await playground.reads('#measured', /× 3\. Asked again after \d+\.\d s, then \d+\.\d s, then \d+\.\d s/);
  },
  'A hotel’s login page': copyAsTest,
};

it.each(mishaps)('$title: here the sign-in continues', async ({ title, others, here, command }) => {
  const { page, press, reads, waitForCode, says, lights } = playground;
  const since = stage.play.playgroundPlex.emulator.requests.length;
  await press(title);
  await reads('#mishap', title);
  await more[title]?.();
  await reads('#faults', 'No faults.');
  const said = await page.locator(':is(#mishap, #others, #here)').allTextContents();
  expect(said).toEqual([title, others, here]);
  expect(await page.locator('#refusal').textContent()).toBe('');
  await expectPromised(title, since);
  if (command.do !== 'approveInRead') {
    await waitForCode();
    await press('Approve');
  }
  await says('Signed in as emulated');
  await lights('authenticated');
  await press('All is well again');
});

it('happen one after another, each with what came of it, if they are pressed at once', async () => {
  const { page, says } = playground;
  // What is told only for a moment is seen too.
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(globalThis, { told });
    const parts = ['mishap', 'faults', 'measured'].map((id) => document.getElementById(id) as HTMLElement);
    const tell = () => told.push(parts.map((part) => part.textContent).join(' | '));
    const observer = new MutationObserver(tell);
    for (const part of parts) observer.observe(part, { characterData: true, childList: true, subtree: true });
    const buttons = document.querySelectorAll<HTMLButtonElement>('[data-mishap]');
    buttons[2]?.click();
    buttons[1]?.click();
    buttons[5]?.click();
  });
  const textsOf = () => page.evaluate(() => (globalThis as unknown as { told: string[] }).told);
  let seen = 0;
  for (const line of [
    /^A hotel’s login page \| Next: html, html\. Still to come: 2 of the above\. \|/,
    /^A hotel’s login page \| Still to come: 2 of the above\. \|/,
    /^A hotel’s login page \|.*\| PLEX_BAD_REPLY × 2\./,
    /^Plex asks to wait \|/,
    /^Plex asks to wait \|.*\| PLEX_RATE_LIMITED\. Asked again after \d\.\d s\./,
    /^The lid closes for an hour \|.*\| A new code came without a click\.$/,
  ]) {
    const find = async () => (await textsOf()).findIndex((text, at) => at >= seen && line.test(text));
    await expect.poll(find, patience).toBeGreaterThanOrEqual(0);
    seen = await find();
  }
  await playground.waitForCode();
  await playground.press('Approve');
  await says('Signed in as emulated');
}, 120_000);

it('the lid that closes ends no sign-in, however long the page waits for the playground’s server', async () => {
  const { waitForCode, press, reads } = await stage.openPlayground({
    isStill: true,
    first: () => {
      const { fetch } = globalThis;
      globalThis.fetch = async (input, init) => {
        const answer = await fetch(input, init);
        // Plex would be asked meanwhile.
        if (`${init?.body}`.includes('"sleep"')) await new Promise((resolve) => setTimeout(resolve, 3000));
        return answer;
      };
    },
  });
  await waitForCode();
  await press('The lid closes for an hour');
  await reads('#measured', /^A new code came without a click\.$/);
});

it('happen and are told in a window’s sign-in too, and the way is shown at its end', async () => {
  const { page, press, reads, says, waitForCode, live } = playground;
  await page.getByLabel('Popup', { exact: true }).check();
  const opened = page.context().waitForEvent('page');
  await press('Sign in with Plex');
  await opened;
  await waitForCode();
  await press('A hotel’s login page');
  await press('Plex asks to wait');
  await reads('#measured', /^PLEX_BAD_REPLY × 2\. Asked again after/);
  await reads('#mishap', 'Plex asks to wait');
  await reads('#measured', /^PLEX_RATE_LIMITED\. Asked again after/);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await press('Approve');
  await live.locator('.chart.replaying').waitFor();
  await says('Signed in as emulated');
});

async function copyAsTest(): Promise<void> {
  const { page, reads, press } = playground;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await reads('#measured', /Asked again/);
  await press('Copy as a test');
  await reads('#copy-test', 'Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain('drivePlexAuth');
  expect(copied).toContain("type: 'html'");
}

/** How long the text of a mishap says that nothing is asked. */
const promises: Record<string, { said: string; status: number | undefined; leastMs: number }> = {
  'Plex asks to wait': { said: 'no request for 5 s', status: 429, leastMs: 5_000 },
  'An answer that never comes': { said: '15 s, then asks again', status: undefined, leastMs: 15_000 },
};

async function expectPromised(title: string, since: number): Promise<void> {
  const promise = promises[title];
  if (!promise) return;
  const { said, status, leastMs } = promise;
  const { pinRequests, reads } = playground;
  await reads('#here', said);
  const struck = () => pinRequests(since).findIndex((request) => request.status === status);
  const next = () => pinRequests(since)[struck() + 1];
  await expect.poll(() => struck() >= 0 && next() !== undefined, patience).toBe(true);
  const waitedMs = (next()?.atMs ?? 0) - (pinRequests(since)[struck()]?.atMs ?? 0);
  expect(waitedMs).toBeGreaterThan(leastMs - 100);
  expect(waitedMs).toBeLessThan(leastMs + 3_000);
}
