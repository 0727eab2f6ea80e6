/** Examples that are apps of a framework. Each is installed apart, since the project itself needs no framework. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { installApart } from '../fixture/install-apart.ts';
import { type ExampleSettings, ownEnvironment } from './server-process.ts';

const run = promisify(execFile);
/** Not below the project's `node_modules`: Next and Vite do not compile a file as an app's own that has a folder of that name above it. */
export const appsFolder = join(
  tmpdir(),
  `plex-auth-flow-${createHash('sha256').update(resolve('.')).digest('hex').slice(0, 8)}`,
);

/** How an example of a framework is made and run, as arguments of Node. */
export interface Framework {
  readonly build: readonly string[];
  readonly start: readonly string[];
  /** The least major version of Node that it runs on. */
  readonly leastNode: number;
  /** A page besides, with a link to the first one, as a file of the app: its path and its text. */
  readonly awayPage: readonly [path: string, text: string];
}

/** Installs an example with its own versions, as `npm ci` does, and the packed package in addition. @returns Its folder. */
export async function installApp(
  name: string,
  { awayPage: [path, text] }: Framework,
  tarball: string,
): Promise<string> {
  const source = resolve('examples/servers', name);
  const target = join(appsFolder, name);
  const [manifest, lock] = ['package.json', 'package-lock.json'].map((file) =>
    readFileSync(join(source, file), 'utf8'),
  );
  await installApart(target, manifest ?? '', lock);
  for (const file of readdirSync(target))
    if (file !== 'node_modules') rmSync(join(target, file), { recursive: true });
  cpSync(source, target, { recursive: true });
  const page = join(target, path);
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
  // The same version again would be kept as it is.
  rmSync(join(target, 'node_modules/plex-auth-flow'), { recursive: true, force: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--prefer-offline'];
  await run('npm', ['install', ...options, tarball], { cwd: target });
  return target;
}

/** Builds an app where its address is known, and no secret is. */
export async function buildApp(
  target: string,
  { build }: Framework,
  { url }: ExampleSettings,
  node: string,
): Promise<void> {
  await run(node, build, { cwd: target, env: { ...ownEnvironment(), BASE_URL: url } });
}

/** Finds a Node that is new enough: this one, or one from the npm registry. @returns Its path. */
export async function findNode(leastVersion: number): Promise<string> {
  if (Number.parseInt(process.versions.node, 10) >= leastVersion) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  await installApart(
    join(appsFolder, 'node'),
    JSON.stringify({ private: true, dependencies: { [name]: '22.23.5' } }),
  );
  return join(appsFolder, 'node/node_modules', name, 'bin/node');
}
