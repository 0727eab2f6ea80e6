/** The packed tarball, installed in an empty folder as a user would, and the documentation's code tried in it as printed. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };
import * as entries from '../../../tools/build/entries.ts';
import { documentationPages } from '../documentation-pages.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'plex-auth-flow-'));
const install = ['install', '--no-audit', '--no-fund', '--prefer-offline'];
const subpaths = Object.keys(packageJSON.exports).map((subpath) => join('plex-auth-flow', subpath));
/** Where nothing else is installed. */
const alone = join(folder, 'alone');
let packed: string[] = [];
let tarballPath = '';

beforeAll(async () => {
  // `npm test` has just built; packing must not build again under the feet of the other tests.
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]);
  const [tarball] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  packed = tarball.files.map(({ path }) => path).sort();
  tarballPath = join(folder, tarball.filename);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const beside = [
    'better-auth',
    'bullmq',
    'ioredis',
    'undici',
    'xstate',
    'typescript',
    '@types/node',
    'react',
    '@xstate/react',
    '@types/react',
    'vue',
    'solid-js',
    'rxjs',
    'msw',
    'playwright-core',
  ] as const;
  const packages = beside.map((name) => `${name}@${packageJSON.devDependencies[name]}`);
  await run('npm', [...install, tarballPath, ...packages], { cwd: folder });
  mkdirSync(alone);
  writeFileSync(join(alone, 'package.json'), '{ "type": "module", "private": true }');
  await run('npm', [...install, tarballPath], { cwd: alone });
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball', () => {
  it('holds a script for each entry of the build, a declaration for each subpath, and what those share', () => {
    const scripts = Object.keys({ ...entries.subpaths, ...entries.internals });
    const pages = Object.keys(entries.pageScripts);
    const beside = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist/THIRD-PARTY-LICENSES.txt',
      'dist/custom-elements.json',
      'machines/pin-auth.svg',
      'machines/pin-auth.ts',
      'package.json',
      // One for each subpath, for what does not read `exports`.
      ...Object.entries(packageJSON.exports).flatMap(([subpath, file]) =>
        subpath !== '.' && file.endsWith('.js') ? [join(subpath, 'package.json')] : [],
      ),
    ];
    const built = [
      ...[...scripts, ...pages].map((name) => `dist/${name}.js`),
      ...Object.keys(entries.subpaths).map((name) => `dist/${name}.d.ts`),
    ];
    const isShared = (file: string) => /^dist\/chunks\/[\w-]+(\.d\.ts|\.js)$/.test(file);
    const isMap = (file: string) => file.endsWith('.js.map') && packed.includes(file.slice(0, -4));
    expect(packed.filter((file) => !isShared(file) && !isMap(file))).toEqual([...built, ...beside].sort());
    expect(packed.length).toBeLessThanOrEqual(232);
  });

  it('brings xstate, ofetch and what that needs, and no more, to those who install it', async () => {
    const { stdout } = await run('npm', ['ls', '--all', '--parseable'], { cwd: alone });
    const packages = stdout
      .trim()
      .split('\n')
      .map((path) => path.split('node_modules/').pop());
    expect(packages.slice(1).sort()).toEqual([
      'destr',
      'node-fetch-native',
      'ofetch',
      'plex-auth-flow',
      'ufo',
      'xstate',
    ]);
  });

  it('runs by npx, in an empty folder and to the end', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    const args = [
      '--yes',
      '--prefer-offline',
      '--package',
      tarballPath,
      'plex-auth-flow',
      'login',
      '--emulator',
      '--approve-after',
      '1',
    ];
    const { stdout } = await run('npx', args, { cwd: empty });
    expect(stdout).toContain('Signed in as');
  });

  // The runners' own import a runner, and run in the examples.
  it.each(subpaths.filter((subpath) => !/testing\/(vitest|jest)$/.test(subpath)))(
    'lets %s be imported',
    async (subpath) => {
      const attributes = subpath.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
      const code = `console.log(Object.keys(await import('${subpath}'${attributes})).length)`;
      const { stdout } = await run('node', ['--no-warnings', '--input-type=module', '-e', code], {
        cwd: folder,
      });
      expect(Number(stdout)).toBeGreaterThan(0);
    },
  );

  it.each([
    ['fleet', /Cannot find package 'undici'/],
    ['bullmq', /Cannot find package '(bullmq|ioredis|undici)'/],
  ])('names the package that %s needs where it is missing', async (subpath, message) => {
    // Above it no folder has the packages either.
    const apart = mkdtempSync(join(tmpdir(), 'plex-auth-flow-apart-'));
    cpSync(alone, apart, { recursive: true });
    const importing = run('node', ['--input-type=module', '-e', `import 'plex-auth-flow/${subpath}'`], {
      cwd: apart,
    });
    await expect(importing).rejects.toThrow(message);
    rmSync(apart, { recursive: true });
  });

  it.each(Object.keys(packageJSON.bin))('brings the program as %s', async (name) => {
    const { stdout } = await run(join(folder, 'node_modules/.bin', name), ['--version'], { cwd: folder });
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

/** Each piece of TypeScript in them, and whether it is marked to be run. What is for another JSX than React's is tried with the tag. */
const snippets = documentationPages.flatMap((page) =>
  Array.from(
    readFileSync(page, 'utf8').matchAll(/(<!-- run -->\n)?```(tsx?)\n([\s\S]*?)```/g),
    ([, mark, extension, code = ''], index) => ({
      name: `${basename(page, '.md')}-${index + 1}`,
      file: `${basename(page, '.md')}-${index + 1}.${extension}`,
      isRun: mark !== undefined,
      code,
    }),
  ).filter(({ code }) => !/element\/(preact|solid)'/.test(code)),
);

/** What the documentation says that a reader has. */
const filesOfTheReader = {
  'database.ts':
    "import { memoryAdapter } from 'better-auth/adapters/memory';\nexport const database = memoryAdapter({});\n",
  'auth.ts': "export { auth } from './better-auth-1.js';\n",
  'plex-auth.ts': "export { auth } from './react-1.js';\n",
  'use-plex-auth.ts': "export { usePlexAuth } from './react-2.js';\n",
  'sign-in.ts': "export { SignIn } from './react-3.js';\n",
};

describe("the documentation's code, in that folder", () => {
  it('is there', () => {
    expect(snippets.filter(({ isRun }) => isRun).length).toBeGreaterThanOrEqual(4);
  });

  it('has a quick start of ten lines', () => {
    const quickStart = snippets.find(({ code }) => code.includes('await signIn('));
    const lines = quickStart?.code.split('\n').filter((line) => line.trim() !== '');
    expect(quickStart?.name).toMatch(/^README-/);
    expect(lines?.length).toBeLessThanOrEqual(10);
  });

  it('is right in its types', async () => {
    for (const [name, code] of Object.entries(filesOfTheReader)) writeFileSync(join(folder, name), code);
    for (const { file, code } of snippets) {
      // A page's bundler finds a file without its extension.
      const text = code.replaceAll(/ from '\.\/[\w-]+(?=')/g, '$&.js');
      writeFileSync(join(folder, file), code.includes('import') ? text : `export {};\n${text}`);
    }
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
      '--jsx',
      'react-jsx',
      '--types',
      'node',
    ];
    const tsc = await run('npx', ['tsc', ...options, ...snippets.map(({ file }) => file)], {
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
    const shown = [
      String.raw`Approve at https://app\.plex\.tv/auth#\?clientID=`,
      '^authenticated$',
      String.raw`'member'[\s\S]+'none'[\s\S]+'rejected'`,
      String.raw`^303 session=\d+$`,
    ];
    expect(stdout).toMatch(new RegExp(shown.join('|'), 'm'));
  });
});

describe('the repository', () => {
  it('is named where npm looks for it, since npm resolves the links of the README against it', () => {
    const { repository, homepage, bugs } = packageJSON;
    expect(repository).toEqual({ type: 'git', url: `git+${homepage.replace('#readme', '.git')}` });
    expect(bugs.url).toBe(homepage.replace('#readme', '/issues'));
  });
});
