import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { palettes } from '../../tools/bench/report/bar-chart.ts';
import { toCharts } from '../../tools/bench/report/charts.ts';
import { toTables } from '../../tools/bench/report/tables.ts';
import { chartFolder, reportPage, withTables } from '../../tools/bench/report/write.ts';
import { faultNames, readResults } from '../../tools/bench/results.ts';
import { toSpread } from '../../tools/bench/spread.ts';
import { subjects } from '../../tools/bench/subject-list.ts';

const results = readResults();

function readJSON(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** WCAG 2.2, "contrast ratio". */
function contrastOf(one: string, other: string): number {
  const luminance = (color: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('the page of benchmarks', () => {
  it('has the tables of the results that are checked in', () => {
    const page = readFileSync(reportPage, 'utf8');
    expect(page, 'run: npm run bench -- --draw').toBe(withTables(page, toTables(results)));
  });

  it.each(Object.entries(toCharts(results)))('has the chart %s of these results', (file, svg) => {
    expect(readFileSync(`${chartFolder}/${file}`, 'utf8'), 'run: npm run bench -- --draw').toBe(svg);
    expect(readFileSync(reportPage, 'utf8')).toContain(`pictures/${file}`);
  });

  it.each(Object.entries(palettes))('has charts that are legible in the %s', (_theme, colors) => {
    for (const color of [colors.text, colors.note]) {
      expect(contrastOf(color, colors.paper)).toBeGreaterThanOrEqual(4.5);
    }
    for (const color of [colors.ours, colors.other, colors.line]) {
      expect(contrastOf(color, colors.paper)).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('the results of the benchmark', () => {
  const peers = readJSON('tools/bench/peers/package.json') as { dependencies: Record<string, string> };
  const { 'plex-auth-flow': _own, ...versions } = results.versions;

  it('name the versions of the peers that would be measured now', () => {
    expect(versions, 'run: npm run bench').toEqual(peers.dependencies);
  });

  it('stand on the versions of xstate, ofetch and undici that this package is tested with', () => {
    const { packages } = readJSON('package-lock.json') as { packages: Record<string, { version: string }> };
    for (const name of ['xstate', 'ofetch', 'undici']) {
      expect([name, versions[name]]).toEqual([name, packages[`node_modules/${name}`]?.version]);
    }
  });

  it('are there for every subject', () => {
    const names = subjects.map(({ name }) => name);
    for (const part of [results.bytes, results.signIns, results.faults, results.load[1000] ?? {}]) {
      expect(Object.keys(part).sort()).toEqual([...names].sort());
    }
    for (const name of names)
      expect(Object.keys(results.faults[name] ?? {}).sort()).toEqual([...faultNames].sort());
  });
});

describe('a spread', () => {
  it.each([
    { numbers: [5], spread: { median: 5, low: 5, high: 5 } },
    { numbers: [3, 1, 2], spread: { median: 2, low: 1, high: 3 } },
    { numbers: [4, 1, 3, 2], spread: { median: 2.5, low: 1, high: 4 } },
    { numbers: [1, 2, 3, 4, 5, 6, 7, 8, 100], spread: { median: 5, low: 3, high: 7 } },
  ])('of $numbers is their median and middle half', ({ numbers, spread }) => {
    expect(toSpread(numbers)).toEqual(spread);
  });
});
