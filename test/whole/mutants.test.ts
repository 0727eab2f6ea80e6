import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { mutants } from '../../tools/mutate/mutants.ts';

it.each(mutants.map((mutant) => [mutant.fault, mutant] as const))(
  'the fault still fits the code: %s',
  (_fault, { file, find, namedIn }) => {
    expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2);
    expect(readFileSync(namedIn, 'utf8')).toContain('it');
  },
);
