import type { SearchResult, Violation } from './search.ts';

/** Says what a search visited, in one line. */
export function reportLine({ scenario, ...found }: SearchResult, seconds: number): string {
  const { states, edges, depth, isComplete, violation } = found;
  const end = violation ? 'VIOLATION' : isComplete ? 'complete' : 'NOT COMPLETE';
  return (
    `${scenario.name.padEnd(32)} ${toText(states)} states ${toText(edges)} edges ${toText(depth)} deep ` +
    `${seconds.toFixed(1).padStart(7)} s  ${end}`
  );
}

/** Says which rule was broken, and what happened before. */
export function reportViolation({ finding, trace }: Violation): string {
  return [`  ${finding}`, ...trace.map((line, index) => `  ${String(index + 1).padStart(4)}  ${line}`)].join(
    '\n',
  );
}

function toText(count: number): string {
  return count.toLocaleString('en').padStart(10);
}
