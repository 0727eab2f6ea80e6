/** The chart as an SVG file, for readers. */
import type { AnyStateMachine } from 'xstate';
import { drawMarkup } from './chart-markup.ts';
import type { Orientation } from './chart-part.ts';
import { statesOf } from './chart-parts.ts';
import { escaped } from './mark-text.ts';

/** The colours of a picture. Lines have a contrast of 3 with the paper at least, texts 4.5. */
export interface Colors {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  /** Arrows beside the usual way. */
  readonly line: string;
  readonly usual: string;
  readonly usualText: string;
  readonly usualTint: string;
  readonly end: string;
  readonly endTint: string;
  /** A box around states. */
  readonly box: string;
}

export const light: Colors = {
  paper: '#ffffff',
  ink: '#1f2328',
  muted: '#59636e',
  line: '#768390',
  usual: '#b57700',
  usualText: '#8a5a00',
  usualTint: '#fff8e6',
  end: '#b3261e',
  endTint: '#fdeeed',
  box: '#f6f8fa',
};
/** For GitHub's dark pages. */
export const dark: Colors = {
  paper: '#161b22',
  ink: '#e6edf3',
  muted: '#a3adb8',
  line: '#7d8793',
  usual: '#e5a00d',
  usualText: '#f0b429',
  usualTint: '#2b2410',
  end: '#ff9a8f',
  endTint: '#33201f',
  box: '#1c222a',
};

/** Draws the chart. The same machine always gives the same text. */
export async function drawSVG(
  machine: AnyStateMachine,
  colors: Colors = light,
  orientation: Orientation = 'wide',
): Promise<string> {
  const { width, height, lines } = await drawMarkup(machine, orientation);
  const spoken = statesOf(machine).map(({ key, description }) => `${key}: ${description}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>${escaped(`${machine.id}: ${machine.root.description}`)}</title>
<desc>${escaped(spoken.join('\n'))}</desc>
<style>${styles(colors)}</style>
<rect class="paper" width="100%" height="100%" rx="12"/>
${lines.join('\n')}
</svg>
`;
}

function styles({ paper, ink, muted, line, usual, usualText, usualTint, end, endTint, box }: Colors): string {
  return [
    `text{font:12px -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:${muted}}`,
    `.paper{fill:${paper};stroke:none}`,
    `[data-state] text{text-anchor:middle}`,
    `[data-state] .name{font-size:14px;font-weight:600;fill:${ink}}`,
    `[data-state] rect{fill:${paper};stroke:${line};stroke-width:1.5}`,
    `[data-state].usual rect{fill:${usualTint};stroke:${usual}}`,
    `[data-state].end rect{fill:${endTint};stroke:${end}}`,
    `[data-state].box rect{fill:${box};stroke:${line}}`,
    `path{fill:none;stroke:${line};stroke-width:1.5}`,
    `polygon,circle{fill:${line}}`,
    `.usual path{stroke:${usual};stroke-width:4}`,
    `.usual polygon,.usual circle{fill:${usual}}`,
    `.usual[data-ways] text,.title.usual text{fill:${usualText};font-weight:600}`,
    `.end path{stroke:${end}}`,
    `.end polygon,.end[data-ways] text,.title.end text{fill:${end}}`,
    `.title text{font-size:13px;font-weight:600}`,
    `.legend .name{fill:${ink};font-weight:600}`,
    `.rule{stroke-width:1;stroke-opacity:.45}`,
  ].join('');
}
