import { lastOf } from './from-the-end.ts';

/** A transition in the chart's picture, by the ids of its states. */
export interface ChartWay {
  /** The type of the event that takes it; `always` if it needs none. */
  readonly event: string;
  readonly from: string;
  readonly to: string;
}

/** The most transitions that one event takes. */
const longestPath = 4;

/** Reads the transitions of a picture that `npm run draw` wrote. */
export function waysIn(markup: string): ChartWay[] {
  return [...markup.matchAll(/data-ways="([^"]*)"/g)].flatMap(([, ways = '']) => ways.split(',').map(toWay));
}

/** Reads one transition of a `data-ways` attribute: `event from to`. */
export function toWay(text: string): ChartWay {
  const [event = '', from = '', to = ''] = text.split(' ');
  return { event, from, to };
}

/**
 * Finds the transitions that lead from one state to another by one event: the direct one, or else the way through states
 * that are left at once.
 *
 * @param before The state before the event. Absent before the first state.
 * @returns The transitions in order. Empty if the event has none.
 */
export function pathOf(
  all: readonly ChartWay[],
  before: string | undefined,
  type: string,
  after: string,
): readonly ChartWay[] {
  const target = `pinAuth.${after}`;
  const starts = before === undefined ? [''] : namesOf(`pinAuth.${before}`);
  const own = all.filter(({ from, event }) => starts.includes(from) && event === type);
  const staying = before === after && own.find(({ from, to }) => from === to);
  let paths = own.map((way) => [way]);
  for (let length = 1; length <= longestPath && paths.length > 0; length++) {
    const found = paths.find((path) => lastOf(path)?.to === target);
    if (found) return found;
    paths = paths.flatMap((path) => {
      const at = namesOf(lastOf(path)?.to ?? '');
      const next = all.filter(({ from, event }) => at.includes(from) && event === 'always');
      return next.filter((way) => !path.includes(way)).map((way) => [...path, way]);
    });
  }
  return staying ? [staying] : [];
}

/** The ids of a state and of all around it. */
function namesOf(state: string): string[] {
  const parts = state.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
