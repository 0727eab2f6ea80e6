/** What the package does in a runtime that gives it no permission. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cell } from './check.ts';

const run = promisify(execFile);
const subject = 'no permissions';

/** The subpaths that need none to be imported. better-auth itself reads the environment. */
const subpaths = [
  '',
  '/machine',
  '/client',
  '/adapters',
  '/browser',
  '/node',
  '/server',
  '/inspect',
  '/testing',
];

const signIn = `
import { signIn } from 'plex-auth-flow';
const begunAtMs = Date.now();
// One has to be looked up.
for (const host of ['127.0.0.1', 'localhost']) {
  const serverURL = 'http://' + host + ':9990';
  const error = await signIn({ product: 'Probe', serverURL }).catch((error) => error);
  console.log(error.code, /--allow-net$/.test(error.message), Date.now() - begunAtMs < 1000);
}
`;

/** @param command The program with arguments that deny everything but to read files. */
export async function runWithoutPermissions(
  scratch: string,
  name: string,
  [program, ...args]: readonly [string, ...string[]],
): Promise<Cell[]> {
  const folder = join(scratch, `${name}-denied`);
  mkdirSync(folder, { recursive: true });
  const tryModule = async (file: string, code: string, check: string, wanted: string): Promise<Cell> => {
    writeFileSync(join(folder, file), code);
    const { stdout, stderr } = await run(program, [...args, file], { cwd: folder, timeout: 60_000 }).catch(
      (error: { stdout: string; stderr: string }) => error,
    );
    const found = stdout.trim().replaceAll('\n', ', ');
    if (found === wanted) return { subject, check, result: 'pass' };
    return {
      subject,
      check,
      result: 'fail',
      detail: `${found} ${stderr}`.replace(/\s+/g, ' ').slice(0, 300),
    };
  };
  const imports = subpaths.map((subpath) => `import 'plex-auth-flow${subpath}';`).join('\n');
  return [
    await tryModule('imports.mjs', `${imports}\nconsole.log('loaded');`, 'imports every subpath', 'loaded'),
    await tryModule(
      'sign-in.mjs',
      signIn,
      'says at once which one it lacks',
      'PLEX_UNEXPECTED true true, PLEX_UNEXPECTED true true',
    ),
  ];
}
