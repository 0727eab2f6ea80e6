/** Holds the examples to what their index says: each can be copied as it stands, and each is named there. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

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

  it('is in the index', () => {
    const named = name.startsWith('servers/') ? 'servers' : name;
    expect(index).toContain(`(${named})`);
  });
});
