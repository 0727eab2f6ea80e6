import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Cell, Check } from '../check.ts';
import { versionIn } from '../install.ts';
import {
  type Entry,
  isQuickEntry,
  signInEntry,
  type Target,
  weighedEntries,
  wholeEntries,
} from './entries.ts';

const run = promisify(execFile);
const scripts = 'tools/matrix/bundlers/build-with';

/** One bundler. */
export interface Bundler {
  /** The name of its script and its package, unless these are given. */
  readonly name: string;
  readonly title: string;
  readonly packageName?: string;
  /** Default: its own name. */
  readonly script?: string;
  /** What the project's package.json must say. */
  readonly settings?: object;
  readonly targets: readonly Target[];
  /** The subpaths that it cannot bundle for a page as it is. Default: none. With one of these left out, nobody signs in. */
  readonly without?: readonly string[];
  /** Whether a quick run gives it a few entries only. */
  readonly isSlow?: true;
}

/** What a bundler builds at once. */
interface Job {
  readonly name: string;
  readonly target: Target;
  readonly entries: readonly Entry[];
}

const subjectOf: Record<Target, string> = { page: 'for a page', server: 'for a server' };
const signsIn = 'signs in';

/** Bundles every subpath, signs in with a bundle, and weighs what pages load. */
export function toBundlerCheck(bundler: Bundler): Check {
  const { name, title, packageName = name, targets, without = [], isSlow } = bundler;
  const single: readonly Entry[] = [...(without.length > 0 ? [] : [signInEntry]), ...weighedEntries];
  return {
    name,
    table: 'bundlers',
    environment: title,
    packages: 'tools/matrix/bundlers/web',
    subjects: [
      ...targets.map((target) => subjectOf[target]),
      ...(without.length > 0 ? [] : [signsIn]),
      ...weighedEntries.map(({ what }) => what),
    ],
    async run(scratch, { isQuick }) {
      const isTried = (entry: Entry) =>
        !without.includes(entry.name) && (!isQuick || !isSlow || isQuickEntry(entry));
      const entriesFor = (target: Target) => wholeEntries[target].filter(isTried);
      const folder = join(scratch, name);
      const complaints = await runJobs(folder, bundler, [
        ...targets.map((target) => ({ name: target, target, entries: entriesFor(target) })),
        ...single.map((entry): Job => ({ name: entry.name, target: 'page', entries: [entry] })),
      ]);
      const complaintsOf = ({ name: job }: { name: string }) => complaints.get(job) ?? [];
      const cells = [
        ...targets.flatMap((target) =>
          toWholeCells(target, entriesFor(target), complaintsOf({ name: target })),
        ),
        ...(without.length > 0
          ? []
          : [await trySignIn(join(folder, signInEntry.name), complaintsOf(signInEntry))]),
        ...weighedEntries.map((entry) => weigh(join(folder, entry.name), entry.what, complaintsOf(entry))),
      ];
      return { cells, versions: { [packageName.replace(/-\d+$/, '')]: versionIn(scratch, packageName) } };
    },
  };
}

/** @returns What the bundler complained of, by the name of the job. */
async function runJobs(
  folder: string,
  { script, name, settings }: Bundler,
  jobs: readonly Job[],
): Promise<Map<string, string[]>> {
  rmSync(folder, { recursive: true, force: true });
  cpSync(scripts, folder, { recursive: true });
  const described = jobs.map(({ name: outFolder, target, entries }) => {
    for (const entry of entries) writeFileSync(join(folder, `${entry.name}.js`), entry.code);
    const inputs = Object.fromEntries(entries.map((entry) => [entry.name, `./${entry.name}.js`]));
    return { inputs, outFolder, target };
  });
  writeFileSync(join(folder, 'jobs.json'), JSON.stringify(described));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', ...settings }));
  const { stdout } = await run('node', [`${script ?? name}.mjs`, 'jobs.json'], {
    cwd: folder,
    maxBuffer: 2 ** 26,
  });
  const answers = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as string[][];
  return new Map(jobs.map((job, index) => [job.name, answers[index] ?? []]));
}

function toWholeCells(target: Target, entries: readonly Entry[], complaints: readonly string[]): Cell[] {
  return entries.map(({ name }) => ({
    subject: subjectOf[target],
    check: `bundles ${name} ${subjectOf[target]}, without a warning`,
    ...toResult(complaints),
  }));
}

/** A page's own name for what is global, by which webpack loads later parts. */
const pageNames = 'data:text/javascript,globalThis.self=globalThis';

async function trySignIn(folder: string, complaints: readonly string[]): Promise<Cell> {
  const check = 'signs in with a bundle';
  if (complaints.length > 0) return { subject: signsIn, check, ...toResult(complaints) };
  const file = join(folder, `${signInEntry.name}.js`);
  const { stdout, stderr } = await run('node', ['--import', pageNames, file]).catch(
    (error) => error as typeof error & { stdout: string },
  );
  return { subject: signsIn, check, ...toResult(stdout.trim() === 'signed in' ? [] : [stdout + stderr]) };
}

function weigh(folder: string, what: string, complaints: readonly string[]): Cell {
  const check = `bundles ${what}, minified and gzipped`;
  if (complaints.length > 0) return { subject: what, check, ...toResult(complaints) };
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const bytes = files.map((file) => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length);
  const kB = bytes.reduce((sum, size) => sum + size, 0) / 1000;
  return { subject: what, check, result: 'pass', figure: `${kB.toFixed(1)} kB` };
}

/** Only the beginning: a bundler may print a page of its source. */
function toResult(complaints: readonly string[]): Pick<Cell, 'result' | 'detail'> {
  if (complaints.length === 0) return { result: 'pass' };
  return { result: 'fail', detail: complaints.join(' ').replace(/\s+/g, ' ').trim().slice(0, 200) };
}
