/** The examples of servers, each as a process of its own, with the package as it is published. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const sources = resolve('examples/servers');
/** Where the examples run: the package is installed there as a user has it. */
const folder = resolve('node_modules/.cache/plex-auth-flow/servers');

/** What all examples are told by their environment, besides the address. */
export interface Surroundings {
  readonly plexURL: string;
  readonly machineIdentifier: string;
}

/** Where an example is served, and the environment that says so. */
export interface ExampleSettings {
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
}

/** An example that is running. */
export interface ServedExample {
  readonly url: string;
  close(): void;
}

/** Packs the package, and unpacks it where the examples find it by its name. @returns The path of the tarball. */
export async function installPackage(): Promise<string> {
  const installed = join(folder, 'node_modules/plex-auth-flow');
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  const { stdout } = await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = join(folder, stdout.trim().split('\n').at(-1) ?? '');
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  return tarball;
}

/** Copies an example to where it finds the package, and compiles its `main.ts`, which a newer Node runs as it is. */
export async function copyExample(name: string): Promise<string> {
  const target = join(folder, name);
  rmSync(target, { recursive: true, force: true });
  cpSync(join(sources, name), target, { recursive: true });
  writeFileSync(join(target, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  if (!existsSync(join(target, 'main.ts'))) return target;
  await build({
    entryPoints: [join(target, 'main.ts')],
    outdir: target,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    tsconfigRaw: {},
  });
  return target;
}

/** Runs the command that the first comment of a file names. */
export async function runCommandOf(file: string, target: string): Promise<void> {
  const [, command] = /`npx (.+)`/.exec(readFileSync(join(target, file), 'utf8')) ?? [];
  const [program = '', ...args] = command?.split(' ') ?? [];
  await run(resolve('node_modules/.bin', program), args, { cwd: target });
}

/** Chooses a free port for an example. */
export async function chooseSettings({ plexURL, machineIdentifier }: Surroundings): Promise<ExampleSettings> {
  const port = String(await findFreePort());
  const url = `http://localhost:${port}`;
  const settings = { PORT: port, BASE_URL: url, PLEX_URL: plexURL, MACHINE_IDENTIFIER: machineIdentifier };
  const secret = 'a secret of the tests, which has 32 bytes or more';
  const ofBetterAuth = { BETTER_AUTH_SECRET: secret, BETTER_AUTH_URL: url };
  return { url, env: { ...ownEnvironment(), ...settings, ...ofBetterAuth, SECRET: secret } };
}

/** The environment without what the tests have put into it. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const { VITEST: _vitest, NODE_ENV: _mode, NODE_OPTIONS: _options, BASE_URL: _base, ...own } = process.env;
  return { ...own, NEXT_TELEMETRY_DISABLED: '1' };
}

/** Starts an example. @returns Once it answers. */
export async function startExample(
  target: string,
  args: readonly string[],
  { url, env }: ExampleSettings,
  node = process.execPath,
): Promise<ServedExample> {
  const program = spawn(node, args, { cwd: target, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const close = () => void program.kill();
  await untilAnswering(url, program).catch((error) => {
    close();
    throw error;
  });
  return { url, close };
}

async function untilAnswering(url: string, program: ChildProcess): Promise<void> {
  let said = '';
  for (const stream of [program.stdout, program.stderr])
    stream?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  while (program.exitCode === null) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return void (await response.arrayBuffer());
    if (response) throw new Error(`The example answers ${response.status}: ${said}`);
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`The example has ended: ${said}`);
}

/** Chooses a port that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

/** What the starter of a framework writes, and what says nothing about a sign-in. */
const starterFiles = ['package.json', 'package-lock.json', 'layout.jsx', 'app.html', 'vite.config.js'];

/**
 * Counts the lines of an example's files that are neither blank nor comment.
 *
 * @param files Default: all its files but those that the starter of a framework writes.
 */
export function countOwnLines(name: string, files?: readonly string[]): number {
  const all = readdirSync(join(sources, name), { recursive: true, encoding: 'utf8' });
  const texts = (files ?? all.filter((file) => !starterFiles.includes(basename(file))))
    .map((file) => join(sources, name, file))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));
  const withoutComments = texts.map((text) => text.replace(/\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/g, ''));
  return withoutComments
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('//')).length;
}
