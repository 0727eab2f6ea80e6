import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Check } from '../check.ts';
import { versionIn } from '../install.ts';

const run = promisify(execFile);

/** Builds an app with a server component and a client component that use all subpaths between them. */
export function toNextCheck(bundler: 'turbopack' | 'webpack'): Check {
  const name = `next-${bundler}`;
  const subject = 'an app';
  return {
    name,
    table: 'bundlers',
    environment: `Next.js, with ${bundler === 'webpack' ? 'webpack' : 'Turbopack'}`,
    packages: 'tools/matrix/bundlers/web',
    subjects: [subject],
    async run(scratch) {
      const folder = join(scratch, name);
      rmSync(folder, { recursive: true, force: true });
      cpSync('tools/matrix/bundlers/next-app', folder, { recursive: true });
      // Under continuous integration Next.js warns where it finds no cache of an earlier build.
      mkdirSync(join(folder, '.next/cache'), { recursive: true });
      const { stdout, stderr } = await run(
        'node',
        ['../node_modules/next/dist/bin/next', 'build', `--${bundler}`],
        {
          cwd: folder,
          env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
        },
      ).catch((error: { stdout: string; stderr: string }) => error);
      const isBuilt = stdout.includes('Compiled successfully') && stdout.includes('○ /_not-found');
      const complaint = /^.*(⚠|⨯|warn|error).*$/im.exec(stdout + stderr)?.[0];
      const check = 'builds server and client components, without a warning';
      const versions = { next: versionIn(scratch, 'next') };
      if (isBuilt && complaint === undefined)
        return { cells: [{ subject, check, result: 'pass' }], versions };
      const detail = complaint ?? 'The build did not end';
      return { cells: [{ subject, check, result: 'fail', detail }], versions };
    },
  };
}
