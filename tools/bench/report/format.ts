import type { Spread } from '../spread.ts';

/** A number to three digits, as a reader compares it. */
export function formatNumber(number: number): string {
  if (number === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))));
  return Number(number.toFixed(Math.min(digits, 4))).toLocaleString('en', { maximumFractionDigits: 4 });
}

/** `1,234 (1,200–1,300)`; `1,234` where there is no spread. */
export function formatSpread({ median, low, high }: Spread): string {
  const spread = low < high ? ` (${formatNumber(low)}–${formatNumber(high)})` : '';
  return `${formatNumber(median)}${spread}`;
}

export function formatPercent(share: number): string {
  return `${formatNumber(share * 100)} %`;
}

export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
