import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cell, Check, Report } from '../check.ts';
import { versionIn } from '../install.ts';
import { isQuickEntry, wholeEntries } from './entries.ts';

const run = promisify(execFile);
const room = 'tools/matrix/bundlers';

/** React Native of today, and the oldest: its Metro knows no `exports`, and its `URL` throws for each of its parts. */
export const metroChecks: readonly Check[] = [
  toMetroCheck('metro', 'Metro, of React Native'),
  toMetroCheck('metro-floor', 'Metro, of React Native 0.76'),
];

/** Bundles every subpath for React Native, and its example, and signs in on React Native's own fetch. */
function toMetroCheck(name: string, environment: string): Check {
  return {
    name,
    table: 'bundlers',
    environment,
    packages: join(room, name),
    subjects: ['for a page', 'an app', 'signs in'],
    run: runMetro,
  };
}

async function runMetro(scratch: string, { isQuick }: { isQuick: boolean }): Promise<Report> {
  const folder = join(scratch, 'probe');
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(room, 'metro/probe'), folder, { recursive: true });
  cpSync('examples/react-native', join(folder, 'example'), { recursive: true });
  for (const { name, code } of wholeEntries.page) writeFileSync(join(folder, `${name}.js`), code);
  mkdirSync(join(folder, 'out/probe/example'), { recursive: true });

  const bundle = async (mode: string, names: readonly string[]): Promise<string> => {
    const files = names.map((name) => `probe/${name}.js`);
    const { stderr } = await tryToRun(scratch, ['probe/bundle.cjs', mode, ...files]);
    return stderr;
  };
  const entries = isQuick ? wholeEntries.page.filter(isQuickEntry) : wholeEntries.page;
  const subpaths = entries.map(({ name }) => name);
  const subpathsComplaint = await bundle('with-stand-ins', [...subpaths, 'sign-in']);
  const appComplaint = await bundle('for-a-phone', ['example/index']);
  const { stdout, stderr } = await tryToRun(scratch, ['probe/run.mjs', 'probe/out/probe/sign-in.js']);
  const cells: Cell[] = [
    ...subpaths.map((name) => toCell('for a page', `bundles ${name}, without a warning`, subpathsComplaint)),
    toCell('an app', 'bundles the example for React Native, without a warning', appComplaint),
    toCell(
      'signs in',
      'signs in with the example on React Native’s own fetch',
      stdout.trim() === 'signed in: valid' ? '' : stdout + stderr,
    ),
  ];
  const versions = Object.fromEntries(
    ['metro', 'react-native', '@xstate/react'].map((name) => [name, versionIn(scratch, name)]),
  );
  return { cells, versions };
}

async function tryToRun(cwd: string, args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  // Metro keeps its cache there. A packed file is always of the same date: by that of another run, an earlier package would
  // be bundled.
  const TMPDIR = mkdtempSync(join(tmpdir(), 'metro-'));
  try {
    return await run('node', [...args], { cwd, maxBuffer: 2 ** 26, env: { ...process.env, TMPDIR } });
  } catch (error) {
    return error as { stdout: string; stderr: string };
  } finally {
    rmSync(TMPDIR, { recursive: true, force: true });
  }
}

function toCell(subject: string, check: string, complaint: string): Cell {
  if (complaint.trim() === '') return { subject, check, result: 'pass' };
  return { subject, check, result: 'fail', detail: complaint.trim().replace(/\s+/g, ' ').slice(0, 200) };
}
