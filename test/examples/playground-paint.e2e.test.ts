/** How long `npm run play` takes until there is something to see. */
import { spawn } from 'node:child_process';
import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../fixture/page-server.ts';

/** Twice what an idle machine of two cores may need: others may be busy. */
const mostMs = { painted: 6000, ready: 12_000 };

it('shows the playground soon after the command', async () => {
  const browser = await launchChromium();
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const startMs = Date.now();
  const url = await startPlay();
  const servedMs = Date.now() - startMs;
  await page.goto(url, { waitUntil: 'commit' });
  const paintedMs = (await firstPaintMs(page)) - startMs;
  await page.locator('plex-sign-in').getByRole('button').first().waitFor();
  const readyMs = Date.now() - startMs;
  console.log(
    `npm run play: the address after ${servedMs} ms, the first paint after ${Math.round(paintedMs)} ms, the element after ${readyMs} ms`,
  );
  expect(paintedMs).toBeLessThan(mostMs.painted);
  expect(readyMs).toBeLessThan(mostMs.ready);
});

/** Starts the command, in a group of processes that ends with the test, and waits for the address that it prints. */
function startPlay(): Promise<string> {
  const play = spawn('npm', ['run', '--silent', 'play'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = play;
  if (pid) onTestFinished(() => void process.kill(-pid));
  return new Promise((resolve, reject) => {
    let text = '';
    play.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      const [, address] = /^Playground: (\S+)\n/m.exec(text) ?? [];
      if (address) resolve(address);
    });
    play.once('error', reject).once('exit', () => reject(new Error('npm run play ended')));
  });
}

/** In milliseconds since the epoch. */
function firstPaintMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName('first-contentful-paint');
          if (paint) resolve(performance.timeOrigin + paint.startTime);
        }).observe({ type: 'paint', buffered: true });
      }),
  );
}
