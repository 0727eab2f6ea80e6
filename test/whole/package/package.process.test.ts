/** The packed tarball, installed in an empty folder as a user would, and the documentation's code tried in it as printed. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'plex-auth-flow-'));
const subpaths = Object.keys(packageJSON.exports).map((subpath) => join('plex-auth-flow', subpath));
let packed: string[] = [];

beforeAll(async () => {
  // `npm test` has just built; packing must not build again under the feet of the other tests.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path).sort();
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const beside = [
    'xstate',
    'typescript',
    '@types/node',
    'react',
    '@types/react',
    'vue',
    'solid-js',
    'rxjs',
  ] as const;
  const packages = beside.map((name) => `${name}@${packageJSON.devDependencies[name]}`);
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--prefer-offline', join(folder, tarball.filename), ...packages],
    {
      cwd: folder,
    },
  );
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds one script and one declaration for each source, and nothing else', () => {
    const sources = ['machines', 'src'].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts'))
        .map((file) => `dist/${root}/${file.replaceAll('\\', '/').slice(0, -3)}`),
    );
    const emitted = sources.flatMap((source) => [`${source}.js`, `${source}.d.ts`]);
    const beside = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'machines/pin-auth.svg',
      'machines/pin-auth.ts',
      'package.json',
    ];
    expect(packed).toEqual([...emitted, ...beside].sort());
  });

  it.each(subpaths)('lets %s be imported', async (subpath) => {
    const attributes = subpath.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
    const code = `console.log(Object.keys(await import('${subpath}'${attributes})).length)`;
    const { stdout } = await run('node', ['--no-warnings', '--input-type=module', '-e', code], {
      cwd: folder,
    });
    expect(Number(stdout)).toBeGreaterThan(0);
  });

  it('brings the program', async () => {
    const { stdout } = await run(join(folder, 'node_modules/.bin/plex-auth'), ['--version'], { cwd: folder });
    expect(stdout.trim()).toBe(packageJSON.version);
  });

  it('needs no dependency that it does not import', () => {
    const code = packed
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    for (const name of Object.keys(packageJSON.dependencies))
      expect(code).toMatch(new RegExp(`['"]${name}[/'"]`));
  });
});

/** The documentation's pages. */
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/stately.md', 'docs/wire.md'];

/** Each piece of TypeScript in them, and whether it is marked to be run. */
const snippets = pages.flatMap((page) =>
  Array.from(
    readFileSync(page, 'utf8').matchAll(/(<!-- run -->\n)?```ts\n([\s\S]*?)```/g),
    ([, mark, code = ''], index) => ({
      name: `${basename(page, '.md')}-${index + 1}`,
      isRun: mark !== undefined,
      code,
    }),
  ),
);

describe("the documentation's code, in that folder", () => {
  it('is there', () => {
    expect(snippets.filter(({ isRun }) => isRun).length).toBeGreaterThanOrEqual(4);
  });

  it('has a quick start of ten lines', () => {
    const lines = snippets[0]?.code.split('\n').filter((line) => line.trim() !== '') ?? [];
    expect(lines.length).toBeLessThanOrEqual(10);
  });

  it('is right in its types', async () => {
    for (const { name, code } of snippets)
      writeFileSync(join(folder, `${name}.ts`), code.includes('import') ? code : `export {};\n${code}`);
    const options = [
      '--strict',
      '--noEmit',
      '--skipLibCheck',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2023,dom,dom.iterable',
      '--types',
      'node',
    ];
    const tsc = await run('npx', ['tsc', ...options, ...snippets.map(({ name }) => `${name}.ts`)], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error);
    expect(tsc.stdout).toBe('');
  });

  it.each(snippets.filter(({ isRun }) => isRun))('does what it says: $name', async ({ name, code }) => {
    const { transform } = await import('esbuild');
    writeFileSync(join(folder, `${name}.mjs`), (await transform(code, { loader: 'ts' })).code);
    // plex.tv itself cannot be reached from a test: what stands in for it answers in place of the platform's fetch.
    writeFileSync(
      join(folder, 'emulated.mjs'),
      "import { createPlexEmulator } from 'plex-auth-flow/testing';\nglobalThis.fetch = createPlexEmulator({ approveAfterMs: 500 }).fetch;\n",
    );
    const { stdout, stderr } = await run('node', ['--import', './emulated.mjs', `${name}.mjs`], {
      cwd: folder,
      timeout: 20_000,
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Approve at https:\/\/app\.plex\.tv\/auth#\?clientID=|^authenticated$/m);
  });
});

describe('the repository', () => {
  it.each(pages)('has every file that %s links to', (page) => {
    const text = readFileSync(page, 'utf8');
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, link = '']) => link);
    expect(links.filter((link) => !existsSync(resolve(dirname(page), link)))).toEqual([]);
  });
});
