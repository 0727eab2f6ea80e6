/** Holds the bundles to their budgets, and the README to the bundles. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a browser app imports, and the most that it may weigh, minified and gzipped, in kB of 1000 bytes. */
const budgets = [
  {
    what: '`createPlexAuth`, `xstate` and `ofetch` included',
    code: "export { createPlexAuth } from './dist/index.js'",
    most: 26,
  },
  {
    what: '`plex-auth-flow/client`, `ofetch` included',
    code: "export * from './dist/client.js'",
    most: 9.5,
  },
  {
    what: '`plex-auth-flow/adapters`, all five',
    code: "export * from './dist/adapters.js'",
    most: 1,
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

describe('the size of what a browser loads', () => {
  it.each(budgets)(
    'stays within $most kB for $what, and is what the README says',
    async ({ what, code, most }) => {
      const weight = await weigh(code);
      expect(weight).toBeLessThanOrEqual(most);
      const row = readFileSync('README.md', 'utf8')
        .split('\n')
        .find((line) => line.startsWith(`| ${what} |`));
      expect(row).toBe(`| ${what} | ${weight.toFixed(1)} kB |`);
    },
  );
});
