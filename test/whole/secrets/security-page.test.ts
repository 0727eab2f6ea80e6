/** SECURITY.md claims nothing that no test shows. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { threatMutants } from '../../../tools/mutate/threat-mutants.ts';

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

const rows = page.split('\n').filter((line) => /^\| (?!can )(?!---)/.test(line));
const threatOf = (row: string) => row.split(' | ')[0]?.slice(2) ?? '';

describe('SECURITY.md', () => {
  it.each(rows.map((row) => [threatOf(row), row]))(
    'has a mutant for each test that shows a defence: %s',
    (threat = '', row = '') => {
      const own = threatMutants.filter((mutant) => threat.startsWith(mutant.threat));
      const cited = citationsIn(row).flatMap(({ file, names }) => names.map((name) => `${file}: ${name}`));
      expect([...new Set(own.map(({ namedIn, test }) => `${namedIn}: ${test}`))].sort()).toEqual(
        cited.sort(),
      );
    },
  );

  it.each(threatMutants.map((mutant) => [mutant.flaw, mutant] as const))(
    'has one row for the mutant, which fits the code: %s',
    (_flaw, { threat, file, find }) => {
      expect(rows.filter((row) => threatOf(row).startsWith(threat))).toHaveLength(1);
      expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
    },
  );

  it('names what is installed with the package', () => {
    const {
      dependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = JSON.parse(readFileSync('package.json', 'utf8'));
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
    const ofOfetch = Object.keys(packages['node_modules/ofetch'].dependencies);
    for (const name of ofOfetch) expect(packages[`node_modules/${name}`].dependencies).toBeUndefined();
    const needed = Object.keys({ ...peerDependencies, ...dependencies });
    expect(needed.filter((name) => !peerDependenciesMeta[name]?.optional)).toEqual(['xstate', 'ofetch']);
    const [, listed = ''] = /`ofetch` and its dependencies \((.+?)\) are installed/s.exec(page) ?? [];
    expect([...listed.matchAll(/`(.+?)`/g)].map(([, name]) => name)).toEqual(ofOfetch.sort());
  });

  it.each(citations.flatMap(({ file, names }) => names.map((name) => [file, name])))(
    'names a test that is there: %s, %s',
    (file = '', name = '') => {
      expect(existsSync(file)).toBe(true);
      expect(isNamedIn(readFileSync(file, 'utf8'), name)).toBe(true);
    },
  );

  it('names a test in each row of its tables, and no file otherwise', () => {
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
