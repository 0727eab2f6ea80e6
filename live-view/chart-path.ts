import { lastOf } from './from-the-end.ts';
/** An arrow of the chart's picture. */
export interface ChartArrow {
  readonly from: string;
  readonly to: string;
  /** The types of the events that take it; `always` if it needs none. */
  readonly events: readonly string[];
}

/** The most arrows that one event takes. */
const longestPath = 4;

/** Reads the arrows of a picture that `npm run draw` wrote. */
export function arrowsIn(markup: string): ChartArrow[] {
  return [...markup.matchAll(/data-from="([^"]*)" data-to="([^"]*)" data-events="([^"]*)"/g)].map(
    ([, from = '', to = '', events = '']) => ({ from, to, events: events.split(' ') }),
  );
}

/**
 * Finds the arrows that lead from one state to another by one event: the direct one, or else the way through states that
 * are left at once. A box is entered through its initial dot.
 *
 * @param before The state before the event. Absent before the first state.
 * @returns The arrows in order. Empty if the event has no arrow.
 */
export function pathOf(
  arrows: readonly ChartArrow[],
  before: string | undefined,
  type: string,
  after: string,
): readonly ChartArrow[] {
  const target = `pinAuth.${after}`;
  const starts = before === undefined ? ['pinAuth.initial'] : namesOf(`pinAuth.${before}`);
  let ways = arrows
    .filter(({ from, events }) => starts.includes(from) && events.includes(type))
    .map((arrow) => [arrow]);
  for (let length = 1; length <= longestPath && ways.length > 0; length++) {
    const found = ways.find((way) => lastOf(way)?.to === target);
    if (found) return found;
    ways = ways.flatMap((way) => {
      const at = lastOf(way)?.to ?? '';
      const exits = [...namesOf(at), `${at}.initial`];
      const next = arrows.filter(({ from, events }) => exits.includes(from) && events.includes('always'));
      return next.filter((arrow) => !way.includes(arrow)).map((arrow) => [...way, arrow]);
    });
  }
  return [];
}

/** The ids of a state and of the boxes around it. */
function namesOf(state: string): string[] {
  const parts = state.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.')).slice(1);
}
