/** SECURITY.md claims nothing that no test shows. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = readFileSync('SECURITY.md', 'utf8');

/** Every test that the page names: a file, then one name or more in quotes. */
function citationsIn(text: string): { file: string; names: string[] }[] {
  return [...text.matchAll(/`(test\/[\w/.-]+\.test\.ts)`: ((?:"[^"\n]+"(?:; )?)+)/g)].map(
    ([, file = '', names = '']) => ({
      file,
      names: [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name),
    }),
  );
}

function isNamedIn(source: string, name: string): boolean {
  return ["'", '"', '`'].some((quote) =>
    source.includes(quote + name.replaceAll(quote, `\\${quote}`) + quote),
  );
}

const citations = citationsIn(page);

describe('SECURITY.md', () => {
  it.each(citations.flatMap(({ file, names }) => names.map((name) => [file, name])))(
    'names a test that is there: %s, %s',
    (file = '', name = '') => {
      expect(existsSync(file)).toBe(true);
      expect(isNamedIn(readFileSync(file, 'utf8'), name)).toBe(true);
    },
  );

  it('names a test in each row of its tables, and no file otherwise', () => {
    const rows = page.split('\n').filter((line) => /^\| (?!can )(?!---)/.test(line));
    expect(rows.length).toBeGreaterThan(20);
    expect(rows.filter((row) => citationsIn(row).length === 0)).toEqual([]);
    const files = [...page.matchAll(/`(test\/[\w/.-]+\.ts)`/g)].map(([, file]) => file);
    expect(citations.map(({ file }) => file)).toEqual(files);
  });

  it('is held to it: a name that no test has is not found', () => {
    const [
      {
        file,
        names: [name = ''],
      } = { file: '', names: [] },
    ] = citations;
    const source = readFileSync(file, 'utf8');
    expect([
      isNamedIn(source, name),
      isNamedIn(source, `${name}, too`),
      isNamedIn(source, name.slice(1)),
    ]).toEqual([true, false, false]);
    expect(citationsIn('| x | y | `test/a.test.ts`: "one"; "two" |')).toEqual([
      { file: 'test/a.test.ts', names: ['one', 'two'] },
    ]);
  });
});
