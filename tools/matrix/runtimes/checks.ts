import { join } from 'node:path';
import type { Check } from '../check.ts';
import { versionIn } from '../install.ts';
import { runWithoutPermissions } from '../run-permissions.ts';
import { type Probe, printCells, runProbe } from '../run-probe.ts';

const folder = 'tools/matrix/runtimes';

const subjectsOfWeb = [
  'imports',
  'sign-in over a socket',
  'network faults',
  'redirects',
  'aborts',
  'drives',
  'virtual time',
  'server',
];
const subjectsOfFiles = [...subjectsOfWeb, 'files and terminal'];

/** The first Node whose permissions include the network. */
const firstWithNetPermission = 25;

function nodeCheck(major: number): Check {
  const alias = `node-${major}`;
  const hasNetPermission = major >= firstWithNetPermission;
  return {
    name: alias,
    table: 'runtimes',
    environment: `Node ${major}`,
    packages: `${folder}/node`,
    subjects: hasNetPermission ? [...subjectsOfFiles, 'no permissions'] : subjectsOfFiles,
    async run(scratch) {
      const program = join(scratch, 'node_modules', alias, 'bin/node');
      const denied = [program, '--permission', '--allow-fs-read=*'] as const;
      return {
        cells: [
          ...(await runProbe(scratch, { name: alias, probe: 'node-probe', command: [program] })),
          ...(hasNetPermission ? await runWithoutPermissions(scratch, alias, denied) : []),
        ],
        versions: { Node: versionIn(scratch, alias), xstate: versionIn(scratch, 'xstate') },
      };
    },
  };
}

const xstateFloor: Check = {
  name: 'xstate-floor',
  table: 'runtimes',
  environment: 'Node with the oldest xstate',
  packages: `${folder}/xstate-floor`,
  subjects: subjectsOfFiles,
  async run(scratch) {
    const command = [process.execPath] as const;
    return {
      cells: await runProbe(scratch, { name: 'xstate-floor', probe: 'node-probe', command }),
      versions: { Node: process.versions.node, xstate: versionIn(scratch, 'xstate') },
    };
  },
};

const deno: Check = {
  name: 'deno',
  table: 'runtimes',
  environment: 'Deno 2',
  packages: `${folder}/deno`,
  subjects: [...subjectsOfFiles, 'no permissions'],
  note: '`/better-auth` and `/fleet` need `--allow-env`, for the packages on which they stand.',
  async run(scratch) {
    const program = join(scratch, 'node_modules/.bin/deno');
    const base = [program, 'run', '--no-prompt', '--node-modules-dir=manual'] as const;
    const allowed = ['--allow-net=127.0.0.1', '--allow-env', '--allow-read', `--allow-write=${scratch}`];
    return {
      cells: [
        ...(await runProbe(scratch, { name: 'deno', probe: 'node-probe', command: [...base, ...allowed] })),
        ...(await runWithoutPermissions(scratch, 'deno', base)),
      ],
      versions: { Deno: versionIn(scratch, 'deno'), xstate: versionIn(scratch, 'xstate') },
    };
  },
};

const bun: Check = {
  name: 'bun',
  table: 'runtimes',
  environment: 'Bun 1',
  packages: `${folder}/bun`,
  subjects: subjectsOfFiles,
  async run(scratch) {
    const program = join(scratch, 'node_modules/.bin/bun');
    return {
      cells: await runProbe(scratch, { name: 'bun', probe: 'node-probe', command: [program, 'run'] }),
      versions: { Bun: versionIn(scratch, 'bun'), xstate: versionIn(scratch, 'xstate') },
    };
  },
};

/** A worker is one file, and is answered when it is asked. */
function workerdMain(flags: readonly string[]): string {
  return `
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
const worker = \`
import { probe } from './probe.mjs';
import { world } from './world.mjs';
export default { fetch: async () => Response.json(await probe(world)) };
\`;
const read = (path) => ({ type: 'ESModule', path, contents: readFileSync(path, 'utf8') });
const modules = [{ type: 'ESModule', path: 'worker.mjs', contents: worker }, read('probe.mjs'), read('world.mjs')];
const options = { modules, compatibilityDate: '2026-07-01', compatibilityFlags: ${JSON.stringify(flags)} };
const miniflare = new Miniflare(options);
const response = await miniflare.dispatchFetch('http://localhost/');
const text = await response.text();
${printCells('text')}
await miniflare.dispose();
`;
}

function workerdCheck(name: string, environment: string, probe: Probe, flags: readonly string[]): Check {
  return {
    name,
    table: 'runtimes',
    environment,
    packages: `${folder}/workerd`,
    subjects: probe === 'web-probe' ? subjectsOfWeb : subjectsOfFiles,
    async run(scratch) {
      const cells = await runProbe(scratch, {
        name,
        probe,
        bundle: { conditions: ['workerd', 'worker', 'browser'], external: ['node:*'] },
        main: workerdMain(flags),
        command: [process.execPath],
      });
      return {
        cells,
        versions: { workerd: versionIn(scratch, 'workerd'), xstate: versionIn(scratch, 'xstate') },
      };
    },
  };
}

const edgeMain = `
import { readFileSync } from 'node:fs';
import { EdgeVM } from '@edge-runtime/vm';
import { world } from './world.mjs';
const vm = new EdgeVM();
vm.evaluate(readFileSync('probe.mjs', 'utf8'));
const text = await vm.evaluate('Probe.probe(' + JSON.stringify(world) + ').then(JSON.stringify)');
${printCells('text')}
process.exit();
`;

const edgeVM: Check = {
  name: 'edge-vm',
  table: 'runtimes',
  environment: 'Edge Runtime',
  packages: `${folder}/edge-vm`,
  subjects: subjectsOfWeb,
  async run(scratch) {
    const cells = await runProbe(scratch, {
      name: 'edge-vm',
      probe: 'web-probe',
      bundle: { conditions: ['edge-light', 'worker', 'browser'], format: 'iife', globalName: 'Probe' },
      main: edgeMain,
      command: [process.execPath],
    });
    const versions = {
      '@edge-runtime/vm': versionIn(scratch, '@edge-runtime/vm'),
      xstate: versionIn(scratch, 'xstate'),
    };
    return { cells, versions };
  },
};

export const runtimeChecks: readonly Check[] = [
  ...[20, 22, 24, 26].map(nodeCheck),
  xstateFloor,
  deno,
  bun,
  workerdCheck('workerd', 'workerd without flags', 'web-probe', []),
  workerdCheck('workerd-node', 'workerd with nodejs_compat', 'files-probe', ['nodejs_compat']),
  edgeVM,
];
