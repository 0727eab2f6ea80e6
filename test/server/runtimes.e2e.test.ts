/** The server end runs from Web standards alone: in Node, Deno, Bun and workerd, each from its npm package. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, expect, it } from 'vitest';
import { installApart } from '../fixture/install-apart.ts';

const run = promisify(execFile);
/** Where the runtimes are installed, apart from the package: together they are 350 MB. */
const folder = resolve('node_modules/.cache/plex-auth-flow/runtimes');
const packages = { deno: '2.9.6', bun: '1.4.5', miniflare: '4.20260730.0' };

const inWorkerd = `
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
const worker = "import { probe } from './probe.mjs'; export default { fetch: async () => new Response(await probe()) };";
const modules = [
  { type: 'ESModule', path: 'worker.mjs', contents: worker },
  { type: 'ESModule', path: 'probe.mjs', contents: readFileSync('probe.mjs', 'utf8') },
];
const miniflare = new Miniflare({ modules, compatibilityDate: '2026-01-01' });
console.log(await (await miniflare.dispatchFetch('http://localhost/')).text());
await miniflare.dispose();
`;

beforeAll(async () => {
  await installApart(folder, JSON.stringify({ private: true, dependencies: packages }));
  await run('npm', ['run', '--silent', 'build']);
  await build({
    entryPoints: ['test/server/runtime-probe.ts'],
    outfile: resolve(folder, 'probe.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import'],
  });
  writeFileSync(
    resolve(folder, 'run.mjs'),
    "import { probe } from './probe.mjs';\nconsole.log(await probe());\n",
  );
  writeFileSync(resolve(folder, 'workerd.mjs'), inWorkerd);
}, 300_000);

it.each([
  ['Node', process.execPath, ['run.mjs']],
  ['Deno', 'node_modules/.bin/deno', ['run', '--node-modules-dir=manual', 'run.mjs']],
  ['Bun', 'node_modules/.bin/bun', ['run', 'run.mjs']],
  ['workerd', process.execPath, ['workerd.mjs']],
])('signs in on a server in %s', async (_, program, args) => {
  const path = program.startsWith('node_modules') ? resolve(folder, program) : program;
  const { stdout } = await run(path, args, { cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  expect(stdout.trim()).toBe('201 200 session=ada theme=dark __Host-plex-auth-attempt 200');
});
