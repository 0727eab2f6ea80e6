/** One bar of a chart. */
interface Bar {
  readonly label: string;
  readonly value: number;
  /** The value as a reader sees it. */
  readonly text: string;
  readonly isOurs: boolean;
  readonly low?: number;
  readonly high?: number;
}

export interface BarChart {
  readonly title: string;
  /** What the numbers are, and which way is better. */
  readonly subtitle: string;
  readonly bars: readonly Bar[];
}

export type Theme = 'light' | 'dark';

/** The colours of the other pictures. A test holds their contrast: 3:1 for bars, 4.5:1 for text. */
export const palettes = {
  light: {
    paper: '#ffffff',
    text: '#1f2328',
    note: '#59636e',
    ours: '#b35900',
    other: '#6e7781',
    line: '#1f2328',
  },
  dark: {
    paper: '#161b22',
    text: '#e6edf3',
    note: '#a3adb8',
    ours: '#e5a00d',
    other: '#7d8793',
    line: '#e6edf3',
  },
} as const;

const width = 720;
const labelWidth = 210;
const valueWidth = 110;
const barWidth = width - labelWidth - valueWidth - 16;
const rowHeight = 28;
const top = 70;

/** Draws horizontal bars. Whiskers show the spread, where there is one. */
export function drawBarChart({ title, subtitle, bars }: BarChart, theme: Theme): string {
  const colors = palettes[theme];
  const height = top + bars.length * rowHeight + 14;
  const most = Math.max(...bars.map(({ value, high = value }) => Math.max(value, high)));
  const toX = (value: number) => tidy((value / most) * barWidth);
  const rows = bars.map((bar, index) => drawBar(bar, top + index * rowHeight, toX));
  const described = bars.map(({ label, text }) => `${label}: ${text}`).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escapeXML(title)}</title>`,
    `<desc>${escapeXML(`${subtitle}. ${described}.`)}</desc>`,
    `<style>text{font:13px -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:${colors.text}}.title{font-size:16px;font-weight:600}.note{fill:${colors.note}}.strong{font-weight:600}.paper{fill:${colors.paper}}.ours{fill:${colors.ours}}.other{fill:${colors.other}}.spread{stroke:${colors.line};stroke-width:1.5;fill:none}</style>`,
    '<rect class="paper" width="100%" height="100%" rx="12"/>',
    `<text class="title" x="16" y="28">${escapeXML(title)}</text>`,
    `<text class="note" x="16" y="50">${escapeXML(subtitle)}</text>`,
    ...rows,
    '</svg>',
    '',
  ].join('\n');
}

function drawBar(
  { label, value, text, isOurs, low, high }: Bar,
  y: number,
  toX: (value: number) => number,
): string {
  const middle = y + 10;
  const strong = isOurs ? ' class="strong"' : '';
  const hasSpread = low !== undefined && high !== undefined && high > low;
  const spread = hasSpread
    ? `<path class="spread" d="M${tidy(labelWidth + toX(low))},${middle}H${tidy(labelWidth + toX(high))}m0,-4v8M${tidy(labelWidth + toX(low))},${middle - 4}v8"/>`
    : '';
  const end = labelWidth + Math.max(toX(value), hasSpread ? toX(high) : 0);
  return [
    `<text${strong} x="${labelWidth - 10}" y="${y + 15}" text-anchor="end">${escapeXML(label)}</text>`,
    `<rect class="${isOurs ? 'ours' : 'other'}" x="${labelWidth}" y="${y}" width="${Math.max(1, toX(value))}" height="20" rx="3"/>`,
    spread,
    `<text${strong} x="${tidy(end + 8)}" y="${y + 15}">${escapeXML(text)}</text>`,
  ].join('');
}

function tidy(number: number): number {
  return Number(number.toFixed(1));
}

function escapeXML(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
