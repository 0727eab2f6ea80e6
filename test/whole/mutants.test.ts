import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutants } from '../../tools/mutate/mutants.ts';

it.each(mutants.map((mutant) => [mutant.flaw, mutant] as const))(
  'the flaw still fits the code: %s',
  (_flaw, { file, find, namedIn }) => {
    expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
    expect(existsSync(namedIn)).toBe(true);
  },
);

it('are as many as the documentation says', () => {
  expect(readFileSync('docs/how-it-is-tested.md', 'utf8')).toContain(
    `puts ${mutants.length} plausible bugs into the code`,
  );
});
