import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };

const page = readFileSync('docs/exports.md', 'utf8');
const subpaths = Object.keys(packageJSON.exports).filter(
  // Outside jest, its globals cannot be imported.
  (subpath) => !subpath.endsWith('.json') && subpath !== './testing/jest',
);

/** What a subpath exports at run time, as its row in the page names it. */
function namedInPage(subpath: string): string[] {
  const name = subpath === '.' ? 'plex-auth-flow' : `plex-auth-flow/${subpath.slice(2)}`;
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  const names = row?.split('|')[2] ?? '';
  return Array.from(names.matchAll(/`(\w+)`/g), ([, word]) => word ?? '').sort();
}

describe('the list of exports in the documentation', () => {
  it.each(subpaths)('names just what %s exports', async (subpath) => {
    const target = packageJSON.exports[subpath as keyof typeof packageJSON.exports];
    const module = (await import(resolve(target))) as Record<string, unknown>;
    expect(namedInPage(subpath)).toEqual(Object.keys(module).sort());
  });
});
