/** Puts the probe into a folder, and runs it in a process of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import type { Cell } from './check.ts';
import type { ProbeWorld } from './probe/probe-check.ts';
import { startProbeServer } from './probe-server.ts';

const run = promisify(execFile);

/** Which probe a runtime is given. */
export type Probe = 'web-probe' | 'files-probe' | 'node-probe';

/** How a runtime runs the probe. */
export interface ProbeRun {
  /** Of the check: its folder in `scratch`. */
  readonly name: string;
  readonly probe: Probe;
  /** How the whole probe is made into one file, which imports nothing. Default: it imports what is installed. */
  readonly bundle?: BuildOptions;
  /** A module of the folder that runs `./probe.mjs` with `./world.mjs`, and prints the cells by `printCells`. Default: it does just that. */
  readonly main?: string;
  /** The program, and its arguments before `main.mjs`. */
  readonly command: readonly [program: string, ...args: string[]];
}

/** Separates what we print from what the package or the runtime may print. */
const mark = 'cells of the probe: ';

const plainMain = `
import { probe } from './probe.mjs';
import { world } from './world.mjs';
console.log('${mark}' + JSON.stringify(await probe(world)));
`;

/** The statement of a `main` that prints cells, which are JSON already. */
export const printCells = (expression: string) => `console.log('${mark}' + ${expression});`;

/**
 * Runs the probe.
 *
 * @throws {Error} Where the runtime prints no cells: with what it printed instead.
 */
export async function runProbe(scratch: string, { name, bundle, ...how }: ProbeRun): Promise<Cell[]> {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'files'), { recursive: true });
  await bundleEntry(`probe/${how.probe}.ts`, join(folder, bundle ? 'imports.mjs' : 'probe.mjs'));
  if (bundle) {
    await build({
      outfile: join(folder, 'probe.mjs'),
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      ...bundle,
      entryPoints: [join(folder, 'imports.mjs')],
    });
  }
  const { servePlexEmulator } = await importInstalled<typeof import('../../src/testing/index.ts')>(
    scratch,
    'testing',
  );
  const server = await startProbeServer(servePlexEmulator);
  try {
    const world: ProbeWorld = {
      controlURL: server.url,
      timelines: await playInNode(scratch, folder),
      folder: join(folder, 'files'),
    };
    writeFileSync(join(folder, 'world.mjs'), `export const world = ${JSON.stringify(world)};\n`);
    writeFileSync(join(folder, 'main.mjs'), how.main ?? plainMain);
    return await readCells(how.command, folder);
  } finally {
    await server.close();
  }
}

async function readCells([program, ...args]: ProbeRun['command'], cwd: string): Promise<Cell[]> {
  const env = { ...process.env, NO_COLOR: '1' };
  const limits = { cwd, env, timeout: 120_000, maxBuffer: 50_000_000 };
  const { stdout, stderr } = await run(program, [...args, 'main.mjs'], limits).catch(
    // A runtime that breaks off, or does not end, may have printed the cells before.
    (error: Error & { stdout: string; stderr: string }) => ({
      ...error,
      stderr: error.message + error.stderr,
    }),
  );
  const line = stdout.split('\n').find((found) => found.startsWith(mark));
  if (!line) throw new Error(`${program} printed no cells: ${stdout} ${stderr}`);
  return JSON.parse(line.slice(mark.length)) as Cell[];
}

/** Every drive's timeline, as the Node has it that runs the unit tests. */
export async function playInNode(scratch: string, folder: string): Promise<Record<string, string>> {
  const file = join(folder, 'drives.mjs');
  await bundleEntry('probe/drives.ts', file);
  const code = `import { playDrives } from ${JSON.stringify(pathToFileURL(file).href)};
    console.log(JSON.stringify(await playDrives()));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    cwd: scratch,
    maxBuffer: 50_000_000,
  });
  return JSON.parse(stdout) as Record<string, string>;
}

/** Bundles a file of ours that imports the package by its name, and leaves that import as it is. */
export async function bundleEntry(entry: string, outfile: string, more: BuildOptions = {}): Promise<void> {
  await build({
    entryPoints: [resolve('tools/matrix', entry)],
    outfile,
    bundle: true,
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
    // Ours leads to the sources.
    tsconfigRaw: {},
    ...more,
  });
}

/** Imports a subpath of the package as it is installed there. */
export function importInstalled<Module>(scratch: string, subpath: string): Promise<Module> {
  const file = join(scratch, 'node_modules/plex-auth-flow/dist', `${subpath}.js`);
  return import(pathToFileURL(file).href) as Promise<Module>;
}
