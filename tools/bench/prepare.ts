/** Installs what is compared into a folder of its own, and builds what runs there. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { subjects } from './subject-list.ts';

export const peersFolder = resolve('tools/bench/peers');
const builtFolder = join(peersFolder, 'node_modules/.cache/bench');

/** The built files that run the subject of a name. */
export type SubjectFiles = (name: string) => { mainFile: string; subjectFile: string };

export const builtFile = (path: string) => join(builtFolder, path.replace(/\.ts$/, '.js'));

export const filesOf: SubjectFiles = (name) => ({
  mainFile: builtFile('child/main.ts'),
  subjectFile: builtFile(`peers/subjects/${name}.ts`),
});

export const sourceOf = (name: string) => join(peersFolder, `subjects/${name}.ts`);

/** Installs the peers by their lock file, and this package as it would be published, from the `dist` that is there. */
export function installPeers(): void {
  const quiet = ['--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['ci', '--prefer-offline', ...quiet], { cwd: peersFolder, stdio: 'inherit' });
  const target = join(peersFolder, 'node_modules/.cache');
  mkdirSync(target, { recursive: true });
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', target];
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [
    { filename: string },
  ];
  const tarball = join(target, filename);
  // Without its dependencies, which the lock file has already.
  const own = join(peersFolder, 'node_modules/plex-auth-flow');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1']);
  rmSync(tarball);
}

/** Checks the subjects against the types of what they use, and builds all that runs in processes of its own. */
export async function buildSubjects(): Promise<void> {
  execFileSync('npx', ['tsc', '-p', 'tools/bench/peers'], { stdio: 'inherit' });
  const own = ['child/main.ts', 'child/virtual-time.ts', 'servers/load-server.ts'];
  await build({
    entryPoints: [...own, ...subjects.map(({ name }) => `peers/subjects/${name}.ts`)].map((path) =>
      resolve('tools/bench', path),
    ),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outbase: 'tools/bench',
    outdir: builtFolder,
    // Without the paths of our own configuration: they lead to the sources.
    tsconfigRaw: {},
    logLevel: 'warning',
  });
}

/** @returns The versions that are installed, this package's own included. */
export function readVersions(): Record<string, string> {
  const names = new Set(['plex-auth-flow', ...subjects.flatMap(({ packages }) => packages)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const text = readFileSync(join(peersFolder, 'node_modules', name, 'package.json'), 'utf8');
      return [name, (JSON.parse(text) as { version: string }).version];
    }),
  );
}
