/** The tables of docs/benchmarks.md, as Markdown. */
import { type BenchmarkResults, faultNames } from '../results.ts';
import { floorName, type ListedSubject, subjects } from '../subject-list.ts';
import { cpuRatio, exact, type Figure, figuresOf, loadSpread } from './figures.ts';
import { formatNumber, formatPercent, formatSpread, formatTable } from './format.ts';
import { goalsTable } from './goals.ts';

/** What a page gets between `<!-- table: name -->` and `<!-- end of table -->`. */
export function toTables(results: BenchmarkResults): Readonly<Record<string, string>> {
  return {
    machine: machineTable(results),
    size: sizeTable(results),
    'sign-in': signInTable(results),
    faults: faultTable(results),
    ...Object.fromEntries(
      Object.keys(results.load).map((flows) => [`load-${flows}`, loadTable(results, Number(flows))]),
    ),
    'virtual-time': virtualTimeTable(results),
    goals: goalsTable(results),
  };
}

const labelOf = ({ label, isOurs }: ListedSubject) => (isOurs ? `**\`${label}\`**` : `\`${label}\``);

function machineTable({ date, machine, versions, plan }: BenchmarkResults): string {
  const { signIns, load } = plan;
  const packages = Object.entries(versions).map(([name, version]) => `\`${name}\` ${version}`);
  return formatTable(
    ['', ''],
    [
      ['measured', `${date}, Node ${machine.node}, ${machine.system}`],
      ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB`],
      ['other work at the start', `load average ${machine.loadAverage}`],
      ['versions', packages.join(', ')],
      ['import', `${plan.importRounds} fresh processes each, in rounds`],
      ['sign-in', `${signIns.flows} at once, ${signIns.roundTripMs} ms round trip`],
      ['load', `rounds: ${load.rounds}, each of all subjects in turn, each of them in a process of its own`],
    ],
  );
}

function sizeTable({ bytes, imports }: BenchmarkResults): string {
  const rows = subjects.map((subject) => {
    const { gzipBytes, runsInBrowsers } = bytes[subject.name] ?? { gzipBytes: 0, runsInBrowsers: false };
    const load = imports[subject.name];
    return [
      labelOf(subject),
      formatNumber(gzipBytes / 1000),
      runsInBrowsers ? 'yes' : 'Node only',
      load ? formatSpread(load) : 'nothing to import',
    ];
  });
  const table = formatTable(['', 'kB, minified and gzipped', 'browsers', 'import, ms'], rows);
  const size = figuresOf((name) => exact(bytes[name]?.gzipBytes));
  return `${table}\n\n${sayLosses('Smaller', 'plex-auth-flow', size)} ${sayLosses(
    'Faster to import',
    'plex-auth-flow',
    figuresOf((name) => imports[name]),
  )}`;
}

function signInTable({ signIns, checkedSignIns }: BenchmarkResults): string {
  const rows = subjects.flatMap((subject) => {
    const polled = signIns[subject.name];
    const checked = checkedSignIns[subject.name];
    const interval = `${formatNumber((subject.fixedIntervalMs ?? 1000) / 1000)} s${subject.fixedIntervalMs ? ', fixed' : ''}`;
    const toRow = (how: string, { latencyMs, requests }: NonNullable<typeof polled>) => [
      labelOf(subject) + how,
      subject.speaks,
      interval,
      formatSpread(latencyMs),
      formatNumber(requests),
    ];
    return [
      ...(checked ? [toRow(', and `check()` when the user is back', checked)] : []),
      ...(polled ? [toRow('', polled)] : []),
    ];
  });
  const table = formatTable(['', 'speaks', 'interval', 'approval to token, ms', 'requests'], rows);
  const latency = figuresOf((name) => signIns[name]?.latencyMs);
  const requests = figuresOf((name) => exact(signIns[name]?.requests));
  return `${table}\n\n${sayLosses('Sooner without a hint', 'plex-auth-flow', latency)} ${sayLosses('Fewer requests', 'plex-auth-flow', requests)}`;
}

function faultTable({ faults }: BenchmarkResults): string {
  const rows = subjects.map((subject) => {
    const results = faults[subject.name];
    const cells = faultNames.map((fault) => {
      if (!results?.[fault]?.isSurvived) return 'no';
      return results[fault].isTooEarly ? 'yes, too early' : 'yes';
    });
    const survived = cells.filter((cell) => cell !== 'no').length;
    return [labelOf(subject), `${survived} of ${cells.length}`, ...cells];
  });
  const survivors = subjects
    .filter(({ name, isOurs }) => !isOurs && faultNames.every((fault) => faults[name]?.[fault]?.isSurvived))
    .map(labelOf);
  const said =
    survivors.length > 0 ? `All eight too: ${survivors.join(', ')}.` : 'No other survives all eight.';
  return `${formatTable(['', 'survived', ...faultNames], rows)}\n\n${said}`;
}

function loadTable(results: BenchmarkResults, flows: number): string {
  const spread = (name: string, read: Parameters<typeof loadSpread>[3]) =>
    loadSpread(results, flows, name, read);
  const cpu = figuresOf((name) => spread(name, (run) => run.cpuSecondsPer1000));
  const rows = cpu.map(({ subject }) => {
    const { name } = subject;
    const median = (read: Parameters<typeof loadSpread>[3]) => spread(name, read)?.median ?? 0;
    const ratio = cpuRatio(results, flows, name, floorName);
    return [
      labelOf(subject),
      formatNumber(median((run) => run.cpuSecondsPer1000)),
      name === floorName || !ratio ? '1' : formatSpread(ratio),
      formatPercent(median((run) => run.doneShare)),
      formatNumber(median((run) => run.lateMs)),
      formatNumber(median((run) => run.loopDelayMs)),
      formatNumber(median((run) => run.heapBytes / 1000)),
    ];
  });
  const head = [
    '',
    'CPU s per 1,000 polls',
    '× the floor',
    'polls done',
    'late, p99 ms',
    'event loop delay, p99 ms',
    'heap per flow, kB',
  ];
  const heap = figuresOf((name) => spread(name, (run) => run.heapBytes));
  const lost = figuresOf((name) => spread(name, (run) => run.lostFlows)).filter(({ high }) => high > 0);
  const sentences = [
    sayLosses('Less CPU', 'plex-auth-flow-fleet', cpu),
    sayLosses('Less heap', 'plex-auth-flow-fleet', heap),
    ...lost.map(({ subject, median }) => `${labelOf(subject)} lost ${formatNumber(median)} flows to errors.`),
  ];
  return `${formatTable(head, rows)}\n\n${sentences.join(' ')}`;
}

function virtualTimeTable({ virtualTime }: BenchmarkResults): string {
  const rows = virtualTime.map(({ engines, seconds, tookMs, cpuMs, requests }) => [
    `${formatNumber(engines)} ${engines === 1 ? 'engine' : 'engines'}, ${seconds < 60 ? `${seconds} s` : `${seconds / 60} min`}`,
    formatSpread(tookMs),
    formatSpread(cpuMs),
    requests.toLocaleString('en'),
  ]);
  return formatTable(['', 'took, ms', 'CPU, ms', 'requests answered'], rows);
}

/** Names everybody who does better than one of ours; where nobody does, it says so. */
function sayLosses(what: string, ours: string, figures: readonly Figure[]): string {
  const own = figures.find(({ subject }) => subject.name === ours);
  if (!own) return '';
  const better = figures
    .filter(({ subject, median }) => !subject.isOurs && median < own.median)
    .sort((one, other) => one.median - other.median)
    .map(({ subject, median }) => `${labelOf(subject)} (${formatNumber(median / own.median)} ×)`);
  return `${what} than ${labelOf(own.subject)}: ${better.join(', ') || 'none'}.`;
}
