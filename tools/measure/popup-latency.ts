/**
 * Measures, in Chromium, how long it takes from the approval to the signed-in page. Prints a table in Markdown.
 *
 *     npm run --silent bundle -- tools/measure/popup-latency.ts
 *     node node_modules/.cache/plex-auth-flow/tools/measure/popup-latency.js [RUNS]
 */
import type { Page } from 'playwright-core';
import { approveButton, openConsent, type Stage, serveApp, setStage } from '../../test/browser/stage.ts';
import { launchChromium } from '../../test/fixture/page-server.ts';

const runs = Number(process.argv[2] ?? 100);
const app = await serveApp();
const browser = await launchChromium();

/** One run's times in milliseconds. */
interface Run {
  /** From Plex having taken the approval. */
  sinceApprovalMs: number;
  /** From the forward page's first script on. `NaN` where the ordinary read of the second was there before. */
  sinceForwardMs: number;
  /** One read, as the page saw it. */
  roundTripMs: number;
}

/** Notes in the page when it is signed in, and how long its reads took. */
const watch = () => {
  const forward = new BroadcastChannel('measure');
  forward.onmessage = ({ data }) => Object.assign(window, { forwardAtMs: data });
  const note = () => {
    if (window.auth?.getSnapshot().status !== 'authenticated') return;
    const reads = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/pins/'));
    Object.assign(window, { signedIn: { atMs: Date.now(), tookMs: reads.at(-1)?.duration ?? 0 } });
  };
  const timer = setInterval(() => {
    if (!window.auth) return;
    clearInterval(timer);
    window.auth.subscribe(note);
    note();
  }, 1);
};

async function signIn(stage: Stage, way: 'popup' | 'redirect'): Promise<Run> {
  const page = await stage.context.newPage();
  await page.addInitScript(watch);
  await page.goto(stage.addressOf('forward'));
  let consent: Page = page;
  if (way === 'popup') consent = await openConsent(page);
  else {
    await page.locator('#redirect').click();
    await approveButton(page).waitFor();
  }
  await approveButton(consent).click({ noWaitAfter: true });
  const handle = await page.waitForFunction(() => (window as { signedIn?: object }).signedIn);
  const { atMs, tookMs } = (await handle.jsonValue()) as unknown as { atMs: number; tookMs: number };
  const at = (path: string) =>
    stage.plex.emulator.requests.findLast((request) => request.path === path)?.atMs ?? 0;
  const startedAtMs = await page.evaluate(
    (isPopup) =>
      isPopup ? ((window as { forwardAtMs?: number }).forwardAtMs ?? null) : performance.timeOrigin,
    way === 'popup',
  );
  await page.close();
  return {
    sinceApprovalMs: atMs - at('/emulator/approve'),
    sinceForwardMs: startedAtMs === null ? Number.NaN : atMs - startedAtMs,
    roundTripMs: tookMs,
  };
}

function median(numbers: number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

console.log(`Chromium ${browser.version()}, ${runs} runs each, median (95th percentile) in ms\n`);
console.log(
  '| way | Plex has the approval → signed in | forward page begins → signed in | one read |\n|---|---|---|---|',
);
for (const way of ['popup', 'redirect'] as const) {
  const stage = await setStage(browser, app);
  const found: Run[] = [];
  for (let run = 0; run < runs; run++) found.push(await signIn(stage, way));
  const cell = (name: keyof Run) => {
    const sorted = found
      .map((run) => run[name])
      .filter((ms) => ms >= 0)
      .toSorted((one, other) => one - other);
    return `${median(sorted).toFixed(0)} (${sorted[Math.floor(sorted.length * 0.95)]?.toFixed(0)})`;
  };
  console.log(`| ${way} | ${cell('sinceApprovalMs')} | ${cell('sinceForwardMs')} | ${cell('roundTripMs')} |`);
  await stage.close();
}
await browser.close();
await app.close();
