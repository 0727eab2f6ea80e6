import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import type { Flaw } from './flaws.ts';
import type { Chart } from './world.ts';

const chartPath = 'machines/pin-auth.ts';
/** Below node_modules, so that the chart's import of xstate is found; of this process, since others plant the same flaws. */
const folder = `node_modules/.cache/plex-auth-flow/flawed-charts/${process.pid}`;

/** Loads the chart with a flaw in it. The chart's other imports are types, of which nothing is left at run time. */
export async function plantFlaw({ flaw, find, replace }: Flaw): Promise<Chart> {
  const source = readFileSync(chartPath, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`The flaw "${flaw}" no longer fits ${chartPath}`);
  const { code } = transformSync(
    source.replace(find, () => replace),
    { loader: 'ts', target: 'es2022' },
  );
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, `${flaw.replaceAll(/\W+/g, '-')}.mjs`);
  writeFileSync(file, code);
  const { pinAuthMachine } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    pinAuthMachine: Chart;
  };
  return pinAuthMachine;
}
