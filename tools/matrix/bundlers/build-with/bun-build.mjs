import { execFileSync } from 'node:child_process';
import { ownedByUser, runJobs } from './run-jobs.mjs';

await runJobs(async ({ inputs, outFolder, target }) => {
  const platform = target === 'page' ? 'browser' : 'node';
  const external =
    target === 'page' ? [] : ownedByUser.flatMap((name) => ['--external', name, '--external', `${name}/*`]);
  const args = ['build', ...Object.values(inputs), '--target', platform, '--outdir', outFolder, '--minify'];
  const output = execFileSync('../node_modules/.bin/bun', [...args, '--splitting', ...external], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return output.split('\n').filter((line) => /warn|error:/i.test(line));
});
