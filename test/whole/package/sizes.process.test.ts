/** Holds the bundles to their budgets, and the documentation to the bundles. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a browser app imports, and the most that it may weigh, minified and gzipped, in kB of 1000 bytes. */
const budgets = [
  {
    what: '`createPlexAuth`, `xstate` and `ofetch` included',
    code: "export { createPlexAuth } from './dist/index.js'",
    most: 33.6,
  },
  {
    what: '`plex-auth-flow/client`, `ofetch` included',
    code: "export * from './dist/client.js'",
    most: 13.1,
  },
  {
    what: '`plex-auth-flow/adapters`, all five',
    code: "export * from './dist/adapters.js'",
    most: 1.1,
  },
];

async function weigh(code: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length / 1000;
}

/** A bundle of the element, as an application makes it. */
interface ElementBundle {
  /** What is loaded at once, and with it these parts later, in kB of gzip. */
  weigh(laterParts: readonly string[]): number;
  /** Whether something of this name is loaded at once. */
  isAtOnce(name: string): boolean;
}

async function bundleElement(): Promise<ElementBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "import './dist/element.js'", resolveDir: '.' },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    outdir: 'out',
    metafile: true,
    write: false,
  });
  const { outputs } = metafile;

  /** A file and all that it imports before it runs. */
  function reachOf(path: string, reach: Set<string> = new Set()): Set<string> {
    if (reach.has(path)) return reach;
    reach.add(path);
    for (const { kind, path: next } of outputs[path]?.imports ?? [])
      if (kind === 'import-statement') reachOf(next, reach);
    return reach;
  }

  const sizeOf = (path: string) => {
    const file = outputFiles.find((output) => output.path.replaceAll('\\', '/').endsWith(`/${path}`));
    return gzipSync(file?.contents ?? '', { level: 9 }).length / 1000;
  };
  return {
    weigh(laterParts) {
      const loaded = reachOf('out/stdin.js');
      for (const part of laterParts) {
        const found = Object.keys(outputs).filter((path) => path.startsWith(`out/${part}-`));
        expect(found).toHaveLength(1);
        for (const path of found) reachOf(path, loaded);
      }
      return [...loaded].reduce((sum, path) => sum + sizeOf(path), 0);
    },
    isAtOnce: (name) =>
      [...reachOf('out/stdin.js')].some((path) =>
        Object.keys(outputs[path]?.inputs ?? {}).some((input) => input.includes(name)),
      ),
  };
}

function expectInPage(what: string, weight: number): void {
  const lines = readFileSync('docs/size-and-speed.md', 'utf8').split('\n');
  const row = lines.find((line) => line.startsWith(`| ${what} |`));
  expect(row).toBe(`| ${what} | ${weight.toFixed(1)} kB |`);
}

describe('the size of what a browser loads', () => {
  it.each(budgets)(
    'stays within $most kB for $what, and is what the documentation says',
    async ({ what, code, most }) => {
      const weight = await weigh(code);
      expect(weight).toBeLessThanOrEqual(most);
      expectInPage(what, weight);
    },
  );

  it.each([
    { what: '`<plex-sign-in>`, to draw its first screen', parts: ['en'], most: 11.7 },
    {
      what: '`<plex-sign-in>`, its engine and all else for a popup included',
      parts: ['en', 'later-part', 'own-engine'],
      most: 54,
    },
  ])('stays within $most kB for $what, and is what the documentation says', async ({ what, parts, most }) => {
    const weight = (await bundleElement()).weigh(parts);
    expect(weight).toBeLessThanOrEqual(most);
    expectInPage(what, weight);
  });

  it('is what the documentation says for the one file without a bundler', () => {
    const weight = gzipSync(readFileSync('dist/plex-auth-flow.min.js'), { level: 9 }).length / 1000;
    expect(weight).toBeLessThanOrEqual(80);
    expect(readFileSync('docs/element-in-frameworks.md', 'utf8')).toContain(
      `(${weight.toFixed(0)} kB gzipped)`,
    );
  });

  it('leaves what the element shows later to files of their own', async () => {
    const { isAtOnce, weigh: weighWith } = await bundleElement();
    expect(isAtOnce('chunks/plex-sign-in')).toBe(true);
    for (const part of [
      'xstate',
      'ofetch',
      'chunks/engine',
      'chunks/wire',
      'chunks/qr',
      'code-steps',
      'code-styles',
      'button-look',
      'button-styles',
      'television',
      'later-part',
      'user-picture',
      'old-accent',
      'chunks/ground',
      'chunks/en',
    ])
      expect(isAtOnce(part)).toBe(false);
    const atOnce = weighWith([]);
    const most = {
      en: 1.2,
      'code-steps': 3.3,
      'qr-picture': 4.7,
      'button-look': 3.4,
      'television-look': 1,
      'later-part': 3.9,
      'user-picture': 0.8,
      'old-accent': 0.6,
    };
    for (const [part, mostKB] of Object.entries(most))
      expect(weighWith([part]) - atOnce).toBeLessThanOrEqual(mostKB);
  });
});
