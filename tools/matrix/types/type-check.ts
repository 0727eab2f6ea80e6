import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Check, Report } from '../check.ts';
import { versionIn } from '../install.ts';
import { type Setting, settingsOf } from './settings.ts';

const run = promisify(execFile);
const room = 'tools/matrix/types';

const libraryNote =
  'any version needs the types of `fetch`, `AbortSignal` and `CustomEvent`: those of a page, of Node or of Workers, with a `lib` of ES2018 or later. xstate needs the first two too. React Native has no types of `CustomEvent`, which its default `skipLibCheck: true` passes over. A CommonJS project takes `nodenext` of TypeScript 5.8 or later, not `node16`, for packages like this one, which are ES modules alone.';

/**
 * Compiles code that uses every subpath, in every setting, with one version of TypeScript.
 *
 * @param xstateVersion Default: the newest xstate.
 */
export function toTypeCheck(version: string, xstateVersion?: string): Check {
  const compiler = `typescript-${version}`;
  const xstate = xstateVersion ? `xstate-${xstateVersion}` : 'xstate';
  const isFirst = version === '5.0';
  const all = settingsOf(Number.parseInt(version, 10), xstate);
  const name = `types-${version}${xstateVersion ? `-${xstate}` : ''}`.replaceAll('.', '-');
  return {
    name,
    table: 'types',
    environment: `TypeScript ${version}${xstateVersion ? ` with xstate ${xstateVersion}` : ''}`,
    packages: room,
    ...(isFirst && { note: libraryNote }),
    subjects: [...new Set(all.map(toSubject))],
    async run(scratch, { isQuick }): Promise<Report> {
      const settings = all.filter((setting) => setting.isQuick || !isQuick);
      const folder = join(scratch, name);
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder, { recursive: true });
      cpSync(join(room, 'consumer'), join(folder, 'consumer'), { recursive: true });
      cpSync(join(room, 'check-with-api.mjs'), join(folder, 'check-with-api.mjs'));
      symlinkSync('../node_modules', join(folder, 'node_modules'));
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      const compile = version.startsWith('7') ? compileByProgram : compileByAPI;
      const complaints = await compile(folder, compiler, settings);
      const cells = settings.map((setting, index) => {
        const [complaint] = complaints[index] ?? [];
        return {
          subject: toSubject(setting),
          check: `compiles with ${setting.name}`,
          ...(complaint === undefined
            ? { result: 'pass' as const }
            : { result: 'fail' as const, detail: complaint.slice(0, 300) }),
        };
      });
      const versions = { typescript: versionIn(scratch, compiler), xstate: versionIn(scratch, xstate) };
      return { cells, versions };
    },
  };
}

/** The way of finding modules. */
function toSubject({ name }: Setting): string {
  return name.replace(/,.*/, '');
}

/** What the compiler complains of, a list for each setting. */
type Compile = (
  folder: string,
  compiler: string,
  settings: readonly Setting[],
) => Promise<readonly (readonly string[])[]>;

const compileByAPI: Compile = async (folder, compiler, settings) => {
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  const { stdout } = await run('node', ['check-with-api.mjs', compiler, 'settings.json'], { cwd: folder });
  return JSON.parse(stdout) as string[][];
};

/** TypeScript 7 has no interface for programs yet. What it complains of in other packages is left out. */
const compileByProgram: Compile = async (folder, compiler, settings) => {
  const complaints: string[][] = [];
  for (const { files, compilerOptions } of settings) {
    const config = { compilerOptions, files: files.map((file) => `consumer/${file}`) };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const program = join('node_modules', compiler, 'bin/tsc');
    const { stdout } = await run('node', [program, '--pretty', 'false'], { cwd: folder }).catch(
      (error: { stdout: string }) => error,
    );
    complaints.push(stdout.split('\n').filter((line) => /^(error|consumer|.*\/plex-auth-flow\/)/.test(line)));
  }
  return complaints;
};
