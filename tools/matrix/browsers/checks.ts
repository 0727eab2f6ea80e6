import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Cell, Check } from '../check.ts';
import { playInNode } from '../run-probe.ts';
import type { LaunchBrowser } from './driver.ts';
import { launchChromium, launchFirefox } from './drivers/puppeteer.ts';
import { launchWebKit } from './drivers/webkit.ts';
import { elementFlows } from './flows/element.ts';
import { driveFlow, networkFlows } from './flows/network.ts';
import { pageFlows } from './flows/pages.ts';
import { popupFlows } from './flows/popup.ts';
import { tabFlows } from './flows/tabs.ts';
import { playFlow } from './play-flow.ts';
import { buildSite } from './site.ts';
import type { Flow } from './stage.ts';

/** Every flow, in the order of the columns. */
export const flows: readonly Flow[] = [
  ...popupFlows,
  ...pageFlows,
  ...tabFlows,
  ...elementFlows,
  ...networkFlows,
  driveFlow,
];

/** Plays the flows in one browser, one after another. */
function toBrowserCheck(name: string, environment: string, launch: LaunchBrowser): Check {
  return {
    name,
    table: 'browsers',
    environment,
    packages: 'tools/matrix/browsers',
    subjects: [...new Set(flows.map(({ subject }) => subject))],
    async run(scratch, { isQuick }) {
      const folder = join(scratch, name);
      const site = await buildSite(scratch, name);
      mkdirSync(folder, { recursive: true });
      const timelines = await playInNode(scratch, folder);
      const browser = await launch(scratch);
      try {
        const cells: Cell[] = [];
        for (const flow of flows) {
          if (isQuick && !flow.isQuick) continue;
          cells.push(...(await playFlow({ scratch, browser, site, timelines }, flow)));
        }
        return { cells, versions: { [environment]: browser.version } };
      } finally {
        await browser.quit();
      }
    },
  };
}

export const browserChecks: readonly Check[] = [
  toBrowserCheck('chromium', 'Chromium', launchChromium),
  toBrowserCheck('firefox', 'Firefox', launchFirefox),
  toBrowserCheck('webkit', 'WebKit', launchWebKit),
];
