/** The charts of docs/benchmarks.md, by their files' names. */
import type { BenchmarkResults, LoadRun } from '../results.ts';
import type { Spread } from '../spread.ts';
import { type BarChart, drawBarChart } from './bar-chart.ts';
import { exact, figuresOf, loadSpread } from './figures.ts';
import { formatNumber } from './format.ts';

export function toCharts(results: BenchmarkResults): Readonly<Record<string, string>> {
  const charts = chartsOf(results);
  return Object.fromEntries(
    Object.entries(charts).flatMap(([name, chart]) => [
      [`bench-${name}.svg`, drawBarChart(chart, 'light')],
      [`bench-${name}-dark.svg`, drawBarChart(chart, 'dark')],
    ]),
  );
}

function chartsOf(results: BenchmarkResults): Record<string, BarChart> {
  const { bytes, signIns, checkedSignIns } = results;
  const ofLoad = (flows: number, read: (run: LoadRun) => number) => (name: string) =>
    loadSpread(results, flows, name, read);
  const latency = toBars((name) => signIns[name]?.latencyMs, 'ms');
  const checked = toBars((name) => checkedSignIns[name]?.latencyMs, 'ms');
  return {
    cpu: {
      title: 'CPU time per 1,000 polls, 10,000 sign-ins waiting',
      subtitle: 'Seconds of one core; less is better',
      bars: toBars(
        ofLoad(10_000, (run) => run.cpuSecondsPer1000),
        's',
      ),
    },
    done: {
      title: 'Polls done of those due, 10,000 sign-ins waiting',
      subtitle: 'Per cent, a poll every 2 s; more is better',
      bars: toBars(
        ofLoad(10_000, (run) => run.doneShare * 100),
        '%',
      ),
    },
    heap: {
      title: 'Heap per waiting sign-in, 1,000 of them',
      subtitle: 'kB of 1,000 bytes; less is better',
      bars: toBars(
        ofLoad(1000, (run) => run.heapBytes / 1000),
        'kB',
      ),
    },
    latency: {
      title: 'From approval to token',
      subtitle: 'Milliseconds, median and middle half; less is better',
      bars: [...checked.map((bar) => ({ ...bar, label: `${bar.label} + check()` })), ...latency],
    },
    bytes: {
      title: 'Size of a sign-in, minified and gzipped',
      subtitle: 'kB of 1,000 bytes; less is better',
      bars: toBars((name) => exact((bytes[name]?.gzipBytes ?? 0) / 1000), 'kB'),
    },
  };
}

function toBars(read: (name: string) => Spread | undefined, unit: string): BarChart['bars'] {
  return figuresOf(read).map(({ subject, median, low, high }) => ({
    label: subject.label,
    value: median,
    text: `${formatNumber(median)} ${unit}`,
    isOurs: subject.isOurs === true,
    low,
    high,
  }));
}
