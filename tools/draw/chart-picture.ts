/** The chart as the live view draws it. */
import type { AnyStateMachine } from 'xstate';
import { type ChartMarkup, drawMarkup } from './chart-markup.ts';

/** Writes the module that the live view draws the chart from, in the two layouts of the README. */
export async function writeChartPicture(machine: AnyStateMachine): Promise<string> {
  const wide = toSVG(await drawMarkup(machine, 'wide'));
  const narrow = toSVG(await drawMarkup(machine, 'narrow', 'brief'));
  return `/** The chart of \`machines/pin-auth.ts\` as SVG, without colours and sizes. Made by \`npm run draw\`. */
export const wideChart: string = \`${wide}\`;

/** The same for narrow places, from top to bottom. Its legend is brief. */
export const narrowChart: string = \`${narrow}\`;
`;
}

function toSVG({ width, height, lines }: ChartMarkup): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">\n${lines.join('\n')}\n</svg>`;
}
