import { expect, it } from 'vitest';
import { mixProjects } from './mixed-order.ts';

it('spreads the files of a project over the whole run, and keeps their order', () => {
  const names = (project: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `${project}${index}`, project: { name: project } }));
  const mixed = mixProjects([...names('process', 2), ...names('unit', 6)]);
  expect(mixed.map(({ name }) => name)).toEqual([
    'process0',
    ...['unit0', 'unit1', 'unit2'],
    'process1',
    ...['unit3', 'unit4', 'unit5'],
  ]);
});
