/** Screenshots are younger than what they show. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };
import { changedSince, missingFrom, noteMadeFrom, readMadeFrom } from '../../../tools/pictures/made-from.ts';

const sets = Object.entries(readMadeFrom()).map(([set, made]) => ({ set, ...made }));

describe('the screenshots of the docs', () => {
  it('are known', () => {
    expect(sets.map(({ set }) => set)).toEqual(['docs/element', 'docs/pictures/playground']);
    expect(sets.filter(({ pictures }) => pictures.length === 0)).toEqual([]);
  });

  it.each(sets)('$set are all there (else: $command)', (made) => {
    expect(missingFrom(made)).toEqual([]);
  });

  it.each(sets)('$set show what is there now (else: $command)', (made) => {
    expect(changedSince(made)).toEqual([]);
  });

  it.each(sets)('$set are made by a command that there is', ({ command }) => {
    expect(Object.keys(packageJSON.scripts).map((name) => `npm run ${name}`)).toContain(command);
  });
});

describe('what screenshots were made from', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'made-from-'));
    write('docs/pictures/.keep', '');
    write('src/button/index.ts', 'a button');
    write('src/button/words/de.ts', 'ein Knopf');
    write('shots.ts', 'click');
    write('docs/button/dark.png', 'a dark button');
    write('docs/button/light.png', 'a light button');
    noteMadeFrom('docs/button', { command: 'npm run shots', paths: ['src/button', 'shots.ts'] }, root);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  function changed(): string[] {
    const { 'docs/button': made } = readMadeFrom(root);
    if (!made) throw new Error('The set is gone');
    return changedSince(made, root);
  }

  it('is unchanged at first', () => {
    expect(changed()).toEqual([]);
  });

  it.each([
    { change: 'a file', path: 'shots.ts', text: 'press', names: ['shots.ts'] },
    {
      change: 'a file deep in a folder',
      path: 'src/button/words/de.ts',
      text: 'Taste',
      names: ['src/button'],
    },
    { change: 'a file that is new', path: 'src/button/words/fr.ts', text: 'bouton', names: ['src/button'] },
    { change: 'nothing that is shown', path: 'src/other.ts', text: 'other', names: [] },
  ])('notices $change', ({ path, text, names }) => {
    write(path, text);
    expect(changed()).toEqual(names);
  });

  it('notices what is gone, and what has another name', () => {
    rmSync(join(root, 'shots.ts'));
    rmSync(join(root, 'src/button/words/de.ts'));
    write('src/button/words/at.ts', 'ein Knopf');
    expect(changed()).toEqual(['shots.ts', 'src/button']);
  });

  it('misses a picture that is gone', () => {
    const missing = () => Object.values(readMadeFrom(root)).flatMap((made) => missingFrom(made, root));
    expect(missing()).toEqual([]);
    rmSync(join(root, 'docs/button/dark.png'));
    expect(missing()).toEqual(['docs/button/dark.png']);
  });

  it('knows the pictures of a set in a folder of others by the beginning of their names', () => {
    for (const name of ['page-dark.png', 'page-light.png', 'other.svg'])
      write(`docs/pictures/${name}`, 'a page');
    noteMadeFrom('docs/pictures/page', { command: 'npm run shots', paths: ['shots.ts'] }, root);
    const { 'docs/pictures/page': made } = readMadeFrom(root);
    expect(made?.pictures).toEqual(['docs/pictures/page-dark.png', 'docs/pictures/page-light.png']);
  });

  it('is noted again, beside the other sets and in the order of their names', () => {
    write('shots.ts', 'press');
    noteMadeFrom('docs/z', { command: 'npm run z', paths: ['shots.ts'] }, root);
    noteMadeFrom('docs/a', { command: 'npm run a', paths: ['shots.ts'] }, root);
    noteMadeFrom('docs/button', { command: 'npm run shots', paths: ['src/button', 'shots.ts'] }, root);
    expect(changed()).toEqual([]);
    expect(Object.keys(readMadeFrom(root))).toEqual(['docs/a', 'docs/button', 'docs/z']);
    expect(readFileSync(join(root, 'docs/pictures/made-from.json'), 'utf8')).toMatch(
      /^\{\n {2}"docs\/a": \{\n/,
    );
  });

  it('must be there to be noted', () => {
    expect(() => noteMadeFrom('docs/c', { command: 'npm run c', paths: ['gone.ts'] }, root)).toThrow(
      'gone.ts',
    );
  });
});
