import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { runJobs } from './run-jobs.mjs';

// Its project is the folder of the lock file.
writeFileSync('yarn.lock', '');

await runJobs(async ({ inputs, outFolder }) => {
  const options = ['--dist-dir', outFolder, '--no-cache', '--no-source-maps', '--log-level', 'warn'];
  const args = ['build', ...Object.values(inputs), ...options];
  const output = execFileSync('../node_modules/.bin/parcel', args, { encoding: 'utf8' });
  return output.split('\n').filter((line) => line.trim() !== '');
});
