/**
 * How long the packed library takes to load beside what it stands on, each in a process of its own. Run with
 * `npm run bench:imports`, after a build; `-- --rounds 60` for more rounds.
 *
 * The rounds are paired: each asks every subject once, in an order of its own, and the ratios are taken within a round,
 * so that a machine that is busy for a while slows down both sides.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import packageJSON from '../../package.json' with { type: 'json' };

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '40' } } });

/** What is loaded, and beside what. */
const subjects = {
  'plex-auth-flow': { imports: ['plex-auth-flow'], beside: ['xstate', 'ofetch'], most: 1.15 },
  'plex-auth-flow/client': { imports: ['plex-auth-flow/client'], beside: ['ofetch', 'valibot'], most: 1.1 },
};

/** Installs the packed library with what it is compared to. */
function install(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plex-auth-flow-imports-'));
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [tarball] = JSON.parse(execFileSync('npm', pack, { encoding: 'utf8' })) as [{ filename: string }];
  const { xstate, ofetch, valibot } = { ...packageJSON.devDependencies, ...packageJSON.dependencies };
  const packages = [`xstate@${xstate}`, `ofetch@${ofetch}`, `valibot@${valibot}`];
  writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--silent'];
  execFileSync('npm', ['install', ...flags, join(folder, tarball.filename), ...packages], { cwd: folder });
  return folder;
}

/** One load, in milliseconds, from the first `import` on: what starting Node costs is left out. */
function loadOnce(folder: string, imports: readonly string[]): number {
  const loads = imports.map((name) => `await import('${name}');`).join('');
  const code = `const begun = performance.now(); ${loads} console.log(performance.now() - begun)`;
  const options = { cwd: folder, encoding: 'utf8' } as const;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', code], options));
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const folder = install();
try {
  const results = Object.entries(subjects).map(([name, subject]) => ({
    name,
    ...subject,
    loads: [] as number[],
    besideLoads: [] as number[],
  }));
  // The first round fills the caches of the disk.
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const { imports, beside, loads, besideLoads } of results) {
      const sides = [
        () => loads.push(loadOnce(folder, imports)),
        () => besideLoads.push(loadOnce(folder, beside)),
      ];
      for (const side of round % 2 === 0 ? sides : sides.reverse()) side();
      if (round < 0) loads.length = besideLoads.length = 0;
    }
  }
  for (const { name, beside, most, loads, besideLoads } of results) {
    const ratio = median(loads.map((ms, round) => ms / (besideLoads[round] ?? Number.NaN)));
    console.log(
      `import '${name}': median ${median(loads).toFixed(1)} ms, ${beside.join(' and ')} ${median(besideLoads).toFixed(1)} ms; ` +
        `${ratio.toFixed(2)} times (at most ${most})`,
    );
    if (ratio > most) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
