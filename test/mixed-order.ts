import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Spreads the files of each project evenly over the whole run, in their own order.
 *
 * Vitest runs one project after another. Processes are waited for, and unit tests compute: together they fill the cores.
 */
export function mixProjects<File extends { readonly project: { readonly name: string } }>(
  files: readonly File[],
): File[] {
  const counts = new Map<string, number>();
  const ranked = files.map((file) => {
    const rank = counts.get(file.project.name) ?? 0;
    counts.set(file.project.name, rank + 1);
    return { file, rank };
  });
  const shareBefore = ({ file, rank }: (typeof ranked)[number]) =>
    rank / (counts.get(file.project.name) ?? 1);
  return ranked.sort((one, other) => shareBefore(one) - shareBefore(other)).map(({ file }) => file);
}

/** Vitest's own order, the failed and the longest first, with its projects mixed. */
export class MixedOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return mixProjects(await super.sort(files));
  }
}
