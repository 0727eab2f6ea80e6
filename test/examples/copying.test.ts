/** Holds the examples to what their index says: each imports nothing outside its folder, and says how to run it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { indexedExamples } from './copied-examples.ts';

const index = readFileSync('examples/README.md', 'utf8');

/** The folders that a reader copies. */
const folders = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'play')
  .flatMap(({ name }) => (name === 'frameworks' || name === 'servers' ? foldersIn(name) : [name]));

function foldersIn(folder: string): string[] {
  return readdirSync(`examples/${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);
}

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(m?[tj]sx?|vue|svelte)$/.test(path) && !path.includes('node_modules'))
    .map((path) => join(folder, path));
}

describe.each(folders)('the example %s', (name) => {
  const folder = `examples/${name}`;

  it('imports nothing outside its folder but packages', () => {
    const outside = sourcesIn(folder).flatMap((file) =>
      Array.from(readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g), ([, path = '']) =>
        join(dirname(file), path),
      ).filter((path) => relative(folder, path).startsWith('..')),
    );
    expect(outside).toEqual([]);
  });

  it('loads nothing into its page that its folder does not have', () => {
    const pages = readdirSync(folder).filter((file) => file.endsWith('.html'));
    const loaded = pages.flatMap((page) =>
      Array.from(
        readFileSync(join(folder, page), 'utf8').matchAll(
          /<(?:link rel="stylesheet"|script)[^>]* (?:href|src)="([^"]+)"/g,
        ),
        ([, path = '']) => path,
      ),
    );
    // A page that a program of its own serves has its script under the name that the program builds.
    const served = existsSync(join(folder, 'serve.mjs'))
      ? loaded.map((path) => path.replace('.js', '.ts'))
      : loaded;
    expect(served.filter((path) => path.startsWith('/') || !existsSync(join(folder, path)))).toEqual([]);
  });

  it('is in the index, with the command that runs it', () => {
    // These have no page: one is run on a phone, the other is a part of an app.
    if (name === 'react-native' || name === 'state-libraries') return expect(index).toContain(`(${name})`);
    if (name.startsWith('servers/')) return expect(index).toContain('(servers)');
    return expect(indexedExamples.map(({ folder }) => folder)).toContain(name);
  });
});
