import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** Bundles as an application does, and gives what is loaded at once and what later, in bytes of gzip. */
async function measure(contents: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'out',
    write: false,
    metafile: true,
    plugins: [
      {
        name: 'own sources',
        setup({ onResolve }) {
          // The sources stand outside of the package's `sideEffects`, which names what is built.
          onResolve({ filter: /^element$/ }, () => ({ path: resolve('src/element/index.ts') }));
          onResolve({ filter: /^browser$/ }, () => ({
            path: resolve('src/browser/create-browser-plex-auth.ts'),
          }));
        },
      },
    ],
  });
  const { outputs } = metafile;
  const atOnce = new Set<string>();
  const visit = (path: string) => {
    if (atOnce.has(path)) return;
    atOnce.add(path);
    for (const found of outputs[path]?.imports ?? []) {
      if (found.kind === 'import-statement') visit(found.path);
    }
  };
  visit('out/stdin.js');
  const sizes = outputFiles.map(({ path, contents: bytes }) => ({
    path: path.slice(resolve('.').length + 1),
    bytes: gzipSync(bytes, { level: 9 }).length,
  }));
  const sum = (isWanted: (path: string) => boolean) =>
    sizes.filter(({ path }) => isWanted(path)).reduce((total, { bytes }) => total + bytes, 0);
  return {
    atOnce: sum((path) => atOnce.has(path)),
    later: (name: string) => sum((path) => !atOnce.has(path) && path.includes(name)),
    isAtOnce: (input: string) =>
      [...atOnce].some((path) =>
        Object.keys(outputs[path]?.inputs ?? {}).some((name) => name.includes(input)),
      ),
  };
}

it('costs 6 kB more than the engine, and draws and speaks from files of their own', async () => {
  const element = await measure(`import 'element'`);
  const engine = await measure(
    `import { createBrowserPlexAuth } from 'browser'; createBrowserPlexAuth({ product: 'My App' });`,
  );
  expect(element.atOnce - engine.atOnce).toBeLessThanOrEqual(6000);
  expect(element.isAtOnce('plex-sign-in')).toBe(true);
  for (const part of ['uqr', 'qr-picture', 'code-steps', 'countdown', 'languages/', 'render-plex-sign-in']) {
    expect(element.isAtOnce(part)).toBe(false);
  }
  for (const [part, mostBytes] of [
    ['en-', 1100],
    ['countdown', 800],
    // The mode's styles, its arrow keys and its clipboard.
    ['code-steps', 2100],
    ['qr-picture', 4500],
  ] as const) {
    expect(element.later(part)).toBeGreaterThan(0);
    expect(element.later(part)).toBeLessThanOrEqual(mostBytes);
  }
});
