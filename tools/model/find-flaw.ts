import type { Flaw } from './flaws.ts';
import { plantFlaw } from './plant-flaw.ts';
import type { Scenario } from './scenario.ts';
import { type SearchResult, search } from './search.ts';

/** Searches a chart with a flaw, one scenario after the other, until a rule is broken. Gives the last search. */
export async function findFlaw(flaw: Flaw, scenarios: readonly Scenario[]): Promise<SearchResult> {
  const machine = await plantFlaw(flaw);
  let result: SearchResult | undefined;
  const chosen = scenarios.filter(({ name }) => name === (flaw.scenario ?? name));
  for (const scenario of chosen) {
    result = search({ machine, scenario });
    if (result.violation) return result;
  }
  if (!result) throw new Error('There is no scenario to search');
  return result;
}
