import type { Cell } from '../check.ts';
import { type ProbeCheck, runChecks } from '../probe/probe-check.ts';
import { importInstalled } from '../run-probe.ts';
import type { DrivenBrowser } from './driver.ts';
import { type BuiltSite, serveSite } from './site.ts';
import type { Flow, Stage } from './stage.ts';

/** What all flows of one browser share. */
export interface FlowWorld {
  readonly scratch: string;
  readonly browser: DrivenBrowser;
  readonly site: BuiltSite;
  readonly timelines: Stage['timelines'];
}

/** How long one flow may take, in milliseconds. */
const longestMs = 60_000;

/** Plays a flow on a plex.tv and a site of its own, and closes its windows. It never rejects. */
export async function playFlow(world: FlowWorld, flow: Flow): Promise<Cell[]> {
  const { subject, check } = flow;
  const played: ProbeCheck = { subject, check, run: () => playOnStage(world, flow) };
  return runChecks([played], { controlURL: '', timelines: world.timelines }, longestMs);
}

async function playOnStage(
  { scratch, browser, site: built, timelines }: FlowWorld,
  flow: Flow,
): Promise<void> {
  const { createPlexEmulator, servePlexEmulator } = await importInstalled<
    typeof import('../../../src/testing/index.ts')
  >(scratch, 'testing');
  const plex = await servePlexEmulator({ emulator: createPlexEmulator(flow.emulator) });
  const site = await serveSite(built);
  const before = new Set(await browser.windows());
  const addressOf: Stage['addressOf'] = (path, ...options) =>
    `${site.url}${path}?${[`plex=${encodeURIComponent(plex.url)}`, ...options].join('&')}`;
  try {
    await flow.play({
      browser,
      plex,
      timelines,
      addressOf,
      async open(path, ...options) {
        const window = await browser.open();
        await window.goto(addressOf(path, ...options));
        return window;
      },
    });
  } finally {
    for (const window of await browser.windows())
      if (!before.has(window)) await window.close().catch(() => {});
    await site.close();
    await plex.close();
  }
}
