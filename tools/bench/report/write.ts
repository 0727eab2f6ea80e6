import { readFileSync, writeFileSync } from 'node:fs';
import type { BenchmarkResults } from '../results.ts';
import { toCharts } from './charts.ts';
import { toTables } from './tables.ts';

export const reportPage = 'docs/benchmarks.md';
export const chartFolder = 'docs/pictures';

const endMark = '<!-- end of table -->';

/** Puts each table between its marks. @throws {Error} For a table that the page has no place for. */
export function withTables(page: string, tables: Readonly<Record<string, string>>): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const mark = `<!-- table: ${name} -->`;
    const begin = text.indexOf(mark);
    const end = text.indexOf(endMark, begin);
    if (begin < 0 || end < 0) throw new Error(`${reportPage} has no place for the table "${name}"`);
    return `${text.slice(0, begin)}${mark}\n\n${table}\n\n${text.slice(end)}`;
  }, page);
}

/** Writes the tables into the page, and the charts beside it. */
export function writeReport(results: BenchmarkResults): void {
  writeFileSync(reportPage, withTables(readFileSync(reportPage, 'utf8'), toTables(results)));
  for (const [file, svg] of Object.entries(toCharts(results))) writeFileSync(`${chartFolder}/${file}`, svg);
}
