/** Copies of the examples in a new project, with the packed package and what their index tells a reader to install. */
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };
import { installApart } from '../fixture/install-apart.ts';
import { appsFolder } from './framework-app.ts';

const run = promisify(execFile);
const project = join(appsFolder, 'copied-examples');
const quiet = ['--silent', '--no-audit', '--no-fund', '--prefer-offline'];

/** What the project itself has no need of. */
const ownVersions: Readonly<Record<string, string>> = {
  vite: '^8.3.0',
  '@vitejs/plugin-vue': '^6.0.0',
  '@sveltejs/vite-plugin-svelte': '^7.0.0',
};

/** A row of the index. */
export interface IndexedExample {
  /** Its folder below `examples`. */
  readonly folder: string;
  /** The packages to install. */
  readonly packages: readonly string[];
  readonly command: string;
}

/** What the index says of each example. */
export const indexedExamples: readonly IndexedExample[] = Array.from(
  readFileSync('examples/README.md', 'utf8').matchAll(
    /^\| \[([\w/-]+)\]\(\1\) \|.*\| (?:`([^`]*)`)? ?\| `([^`]+)` \|$/gm,
  ),
  ([, folder = '', packages = '', command = '']) => ({
    folder,
    packages: packages.split(' ').filter((name) => name !== ''),
    command,
  }),
);

/** Makes the project: installs what the index names and the packed package, and copies each example into it. @returns Its folder. */
export async function copyExamples(): Promise<string> {
  const versions: Record<string, string> = { ...packageJSON.devDependencies, ...ownVersions };
  const names = new Set(['xstate', ...indexedExamples.flatMap(({ packages }) => packages)]);
  const dependencies = Object.fromEntries(Array.from(names, (name) => [name, versions[name]]));
  await installApart(project, JSON.stringify({ private: true, type: 'module', dependencies }));
  for (const file of readdirSync(project))
    if (!['node_modules', 'package.json', 'package-lock.json'].includes(file))
      rmSync(join(project, file), { recursive: true });
  // The same version again would be kept as it is.
  rmSync(join(project, 'node_modules/plex-auth-flow'), { recursive: true, force: true });
  // The build is there, as for the other tests of what is published.
  const { stdout } = await run('npm', [
    'pack',
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    project,
  ]);
  await run(
    'npm',
    ['install', '--no-save', ...quiet, join(project, stdout.trim().split('\n').at(-1) ?? '')],
    {
      cwd: project,
    },
  );
  for (const { folder } of indexedExamples)
    cpSync(resolve('examples', folder), join(project, basename(folder)), { recursive: true });
  return project;
}

/** Builds what a command such as `npx vite vanilla` serves. @returns The folder of the built page. */
export async function buildPage(command: string): Promise<string> {
  const root = join(project, command.replace('npx vite ', ''));
  const { build } = await import(pathToFileURL(createRequire(join(project, 'x')).resolve('vite')).href);
  await build({ root, logLevel: 'error', build: { minify: false, reportCompressedSize: false } });
  return join(root, 'dist');
}
