/** A recording of a terminal as an SVG that plays automatically, for a page that cannot run scripts. */
import type { Frame, Recording, Run } from './terminal-recording.ts';

/** Something on the screen that stays as it is for a while. */
interface Piece {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly drawing: string;
}

/** In pixels. Half a cell is a square, which the modules of a QR code are drawn in. */
const cell = { width: 9, height: 18 };
const margin = 24;
const bar = 48;
const round = 10;

const style = `
text { font: 15px ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; fill: #e6edf3; white-space: pre }
.bold { font-weight: 700 }
.dim { fill: #9198a1 }
.green { fill: #56d364 }
.yellow { fill: #e3b341 }
.box { fill: none; stroke: #7d8590; stroke-width: 1.5 }
.title { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #9198a1; text-anchor: middle }
.qr { shape-rendering: crispEdges }
.then { visibility: hidden }
.poster { visibility: visible }`;

/**
 * Draws a recording: a window in which it plays over and over.
 *
 * For readers who want no motion, and where nothing is animated, it stands still at the recording's poster.
 */
export function drawTerminal(recording: Recording): string {
  const { columns, rows, posterAtMs, durationMs } = recording;
  const width = columns * cell.width + 2 * margin;
  const height = bar + rows * cell.height + margin;
  const moments = groupByMoment(piecesOf(recording));
  const isPoster = ({ fromMs, untilMs }: Piece) => fromMs <= posterAtMs && posterAtMs < untilMs;
  const isAlways = ({ fromMs, untilMs }: Piece) => fromMs === 0 && untilMs === durationMs;
  const animated = moments.filter((piece) => !isAlways(piece));
  const groups = moments.map((piece) => {
    if (isAlways(piece)) return piece.drawing;
    const names = ['then', ...(isPoster(piece) ? ['poster'] : []), `m${animated.indexOf(piece)}`];
    return `<g class="${names.join(' ')}">\n${piece.drawing}\n</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<title>A sign-in with plex-auth in a terminal</title>
<desc>${escaped(spokenAt(recording, posterAtMs))}\n${escaped(spokenAt(recording, durationMs))}</desc>
<style>${style}
@media (prefers-reduced-motion: no-preference) {
${animated.map((piece, index) => toRule(piece, `m${index}`, durationMs)).join('\n')}
}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="${round}" fill="#14181f" stroke="#8b949e" stroke-opacity="0.45"/>
<circle cx="24" cy="22" r="6" fill="#ff5f57"/><circle cx="44" cy="22" r="6" fill="#febc2e"/><circle cx="64" cy="22" r="6" fill="#28c840"/>
<text class="title" x="${width / 2}" y="26.5">plex-auth-flow</text>
<g transform="translate(${margin} ${bar})">
${groups.join('\n')}
</g>
</svg>
`;
}

/** What each row and the cursor look like, for as long as they look so. */
function piecesOf({ frames, rows, durationMs }: Recording): Piece[] {
  const places: ((frame: Frame) => string)[] = [
    ...Array.from({ length: rows }, (_, row) => (frame: Frame) => drawRow(frame.rows[row] ?? [], row)),
    ({ cursor }) => (cursor ? drawCursor(cursor) : ''),
  ];
  return places
    .flatMap((draw) => {
      const drawn = frames.map((frame) => ({ atMs: frame.atMs, drawing: draw(frame) }));
      const starts = drawn.filter(({ drawing }, index) => drawing !== drawn[index - 1]?.drawing);
      return starts.map(({ atMs, drawing }, index) => ({
        fromMs: atMs,
        untilMs: starts[index + 1]?.atMs ?? durationMs,
        drawing,
      }));
    })
    .filter(({ drawing }) => drawing !== '');
}

/** Puts together what comes and goes at the same moments. */
function groupByMoment(pieces: readonly Piece[]): Piece[] {
  const groups = new Map<string, Piece>();
  for (const piece of pieces) {
    const key = `${piece.fromMs} ${piece.untilMs}`;
    const group = groups.get(key);
    groups.set(key, group ? { ...group, drawing: `${group.drawing}\n${piece.drawing}` } : piece);
  }
  return [...groups.values()];
}

function toRule({ fromMs, untilMs }: Piece, name: string, durationMs: number): string {
  const at = (ms: number) => `${Number(((ms / durationMs) * 100).toFixed(3))}%`;
  const shown = fromMs === 0 ? '' : '0% { visibility: hidden } ';
  const gone = untilMs === durationMs ? '' : ` ${at(untilMs)} { visibility: hidden }`;
  return `.${name} { animation: ${name} ${durationMs}ms step-end infinite } @keyframes ${name} { ${shown}${at(fromMs)} { visibility: visible }${gone} }`;
}

function drawRow(runs: readonly Run[], row: number): string {
  return runs.flatMap((run) => (run.isOnWhite ? drawModules(run, row) : drawText(run, row))).join('\n');
}

/** Draws half blocks as the squares that they stand for, which a camera can read in any font. */
function drawModules({ column, text }: Run, row: number): string[] {
  const [x, y, half] = [column * cell.width, row * cell.height, cell.height / 2];
  const line = (dark: RegExp, top: number) =>
    [...text.matchAll(dark)].map(({ 0: { length }, index }) => {
      const run = length * cell.width;
      return `M${x + index * cell.width} ${top}h${run}v${half}h-${run}z`;
    });
  const modules = [...line(/[█▀]+/g, y), ...line(/[█▄]+/g, y + half)].join('');
  const ground = `<rect class="qr" x="${x}" y="${y}" width="${text.length * cell.width}" height="${cell.height}" fill="#fff"/>`;
  return modules ? [ground, `<path class="qr" d="${modules}"/>`] : [ground];
}

function drawText(run: Run, row: number): string[] {
  return [...run.text.matchAll(/[─│╭╮╰╯]+|[^─│╭╮╰╯]+/g)].flatMap(({ 0: text, index }) => {
    const column = run.column + index;
    if (/[─│╭╮╰╯]/.test(text)) return drawLines(text, column, row);
    return text.trim() === '' ? [] : drawWords({ ...run, text, column }, row);
  });
}

/** Words at their columns, whatever the width of the reader's font. */
function drawWords({ text, column, color, isBold, isDim }: Run, row: number): string[] {
  const indent = text.length - text.trimStart().length;
  const words = text.trim();
  const names = [isBold && 'bold', isDim && 'dim', color !== 'ink' && color].filter(Boolean).join(' ');
  const look = names && ` class="${names}"`;
  const x = (column + indent) * cell.width;
  const y = row * cell.height + 13.5;
  return [
    `<text${look} x="${x}" y="${y}" textLength="${words.length * cell.width}" lengthAdjust="spacingAndGlyphs">${escaped(words)}</text>`,
  ];
}

/** The parts of a frame, drawn so that they meet. From the middle of a cell: up, right, down, left, or round a corner. */
function drawLines(text: string, column: number, row: number): string[] {
  const [w, h] = [cell.width / 2, cell.height / 2];
  const shapes: Record<string, string> = {
    '─': `m0 ${h}h${2 * w}`,
    '│': `m${w} 0v${2 * h}`,
    '╭': `m${w} ${2 * h}v-${h - w}q0 -${w} ${w} -${w}`,
    '╮': `m0 ${h}q${w} 0 ${w} ${w}v${h - w}`,
    '╰': `m${w} 0v${h - w}q0 ${w} ${w} ${w}`,
    '╯': `m0 ${h}q${w} 0 ${w} -${w}v-${h - w}`,
  };
  const parts = [...text].map(
    (part, index) => `M${(column + index) * cell.width} ${row * cell.height}${shapes[part]}`,
  );
  return [`<path class="box" d="${parts.join('')}"/>`];
}

function drawCursor({ column, row }: { column: number; row: number }): string {
  return `<rect x="${column * cell.width}" y="${row * cell.height}" width="${cell.width}" height="${cell.height}" fill="#9198a1"/>`;
}

/** The screen's words, for those who do not see it: neither frames nor the modules of the QR code. */
function spokenAt({ frames }: Recording, atMs: number): string {
  const frame = frames.findLast((one) => one.atMs <= atMs);
  const lines = (frame?.rows ?? []).map((runs) =>
    runs.reduce((line, { column, text, isOnWhite }) => line.padEnd(column) + (isOnWhite ? '' : text), ''),
  );
  return lines.flatMap((line) => line.replace(/[─│╭╮╰╯]/g, ' ').trim() || []).join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
