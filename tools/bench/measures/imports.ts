import { execFileSync } from 'node:child_process';
import { type Spread, toSpread } from '../spread.ts';
import type { ListedSubject } from '../subject-list.ts';

/**
 * Loads each subject in fresh processes, in rounds that ask all of them: a machine that is busy for a while slows down all.
 *
 * @param folder Where they are installed.
 */
export function measureImports(
  folder: string,
  subjects: readonly ListedSubject[],
  rounds: number,
): Record<string, Spread> {
  const loadsMs = new Map<string, number[]>();
  // The first round fills the caches of the disk.
  for (let round = -1; round < rounds; round++) {
    for (const { name, imports } of round % 2 === 0 ? subjects : [...subjects].reverse()) {
      if (!imports) continue;
      const loadMs = loadOnce(folder, imports);
      if (round >= 0) loadsMs.set(name, [...(loadsMs.get(name) ?? []), loadMs]);
    }
  }
  return Object.fromEntries([...loadsMs].map(([name, loads]) => [name, toSpread(loads)]));
}

/** @returns Milliseconds from the first `import` on: what it takes to start Node is left out. */
function loadOnce(folder: string, imports: readonly string[]): number {
  const loads = imports.map((name) => `await import('${name}');`).join('');
  const code = `const begun = performance.now(); ${loads} console.log(performance.now() - begun)`;
  const options = { cwd: folder, encoding: 'utf8' } as const;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], options));
}
