/** What a bundler makes of an inspector for a browser, and of an engine without one. */
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a page loads at once, and what it may load later. */
async function bundle(code: string) {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'out',
    write: false,
    metafile: true,
  });
  const outputs = Object.entries(metafile.outputs);
  const first = outputs.find(([, { entryPoint }]) => entryPoint === '<stdin>')?.[0] ?? '';
  const atOnce = reachOf(metafile, first);
  const textOf = (path: string) => outputFiles.find((file) => file.path.endsWith(path))?.text ?? '';
  const inputsOf = (paths: string[]) =>
    paths.flatMap((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}));
  return {
    atOnce: inputsOf(atOnce),
    all: Object.keys(metafile.inputs),
    text: outputFiles.map(({ text }) => text).join('\n'),
    kB: gzipSync(atOnce.map(textOf).join('\n'), { level: 9 }).length / 1000,
  };
}

/** A file with all that it imports statically. */
function reachOf({ outputs }: Metafile, path: string): string[] {
  const seen = new Set([path]);
  for (const file of seen)
    for (const { path: next, kind } of outputs[file]?.imports ?? [])
      if (kind === 'import-statement') seen.add(next);
  return [...seen];
}

const isInspector = (file: string) => /dist\/(inspect|live-view|relay)|@statelyai/.test(file);

describe('an engine', () => {
  it.each(['index.js', 'browser.js', 'element.js', 'adapters.js'])(
    'holds nothing of an inspector: %s',
    async (entry) => {
      const { all, text } = await bundle(`export * from './dist/${entry}'`);
      expect(all.filter(isInspector)).toEqual([]);
      expect(text).not.toMatch(/@xstate\.snapshot.*_version|xstateinspector|live-view/);
    },
  );
});

describe('an inspector in a browser', () => {
  const code = "export { createPlexInspector } from './dist/inspect.js'";

  it('holds nothing of Node, and the live view only when it is shown', async () => {
    const { all, atOnce } = await bundle(code);
    expect(all.some((file) => file.endsWith('dist/live-view.js'))).toBe(true);
    expect(atOnce.filter((file) => file.includes('live-view'))).toEqual([]);
    expect(all.filter((file) => /^node:|hono|dist\/relay/.test(file))).toEqual([]);
  });

  it('weighs at most 14.5 kB before the live view, minified and gzipped', async () => {
    const { kB } = await bundle(code);
    expect(kB).toBeLessThan(14.5);
    expect(kB).toBeGreaterThan(5);
  });
});
