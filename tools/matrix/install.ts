import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };

const run = promisify(execFile);
/** Outside the project: what a lock file leaves out must not be found in the project's own node_modules. */
const cache = join(tmpdir(), `plex-auth-flow-matrix${process.cwd().replaceAll(/[\\/:]/g, '-')}`);

/** Packs `dist` as it is. Run `npm run build` first. @returns The path of the archive. */
export async function packPackage(): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', cache]);
  const [packed] = JSON.parse(stdout) as [{ filename: string }];
  return join(cache, packed.filename);
}

/** Makes what installs each folder of packages once, with the packed package among them. */
export function createInstaller(archive: string): (packages: string) => Promise<string> {
  const installs = new Map<string, Promise<string>>();
  return (packages) => {
    const known = installs.get(packages) ?? install(packages, archive);
    installs.set(packages, known);
    return known;
  };
}

/**
 * Installs what a lock file lists into the cache, unless an earlier run did, and puts the packed package beside it.
 *
 * @throws {Error} Where the lock file leaves out something that plex-auth-flow cannot do without.
 */
async function install(packages: string, archive: string): Promise<string> {
  const scratch = join(cache, `${basename(dirname(packages))}-${basename(packages)}`);
  const modules = join(scratch, 'node_modules');
  const marker = join(modules, '.installed-from');
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) => join(packages, file));
  const wanted = readFileSync(manifest ?? '', 'utf8') + readFileSync(lock ?? '', 'utf8');
  if (!existsSync(marker) || readFileSync(marker, 'utf8') !== wanted) {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    await run('cp', [manifest ?? '', lock ?? '', scratch]);
    await run('npm', ['ci', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: scratch });
    writeFileSync(marker, wanted);
  }
  for (const name of ['xstate', ...Object.keys(packageJSON.dependencies)]) {
    if (!existsSync(join(modules, name))) throw new Error(`${lock} lacks ${name}`);
  }
  const folder = join(modules, packageJSON.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', folder]);
  return scratch;
}

/** The version of a package that is installed in `scratch`. */
export function versionIn(scratch: string, name: string): string {
  const manifest = readFileSync(join(scratch, 'node_modules', name, 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version.replace(/^v/, '');
}
