/** What the marks of the chart's picture say, as SVG. */
import type { PlacedText } from './chart-part.ts';
import { labelOf } from './chart-parts.ts';
import type { Way } from './chart-story.ts';

/** The transitions behind a mark, as the chart itself names them. */
export function labelsText(ways: readonly Way[]): string {
  return [...new Set(ways.map(({ transition }) => labelOf(transition)))].join(', ');
}

export function waysText(ways: readonly Way[]): string {
  const texts = ways.map(({ transition, from, to }) => {
    const { eventType, guard, target } = transition;
    // Nobody sees whether the guard of such a transition refused it.
    return `${eventType || 'always'}${guard && !target ? '?' : ''} ${from.id} ${to.id}`;
  });
  return [...new Set(texts)].join(',');
}

export function textMarkup({ text, x, y, anchor }: PlacedText): string {
  const at = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${round(x)}" y="${round(y)}"${at}>${escaped(text)}</text>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
