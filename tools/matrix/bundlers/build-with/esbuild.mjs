import { build } from 'esbuild';
import { ownedByUser, runJobs } from './run-jobs.mjs';

await runJobs(async ({ inputs, outFolder, target }) => {
  const { warnings } = await build({
    entryPoints: inputs,
    outdir: outFolder,
    platform: target === 'page' ? 'browser' : 'node',
    format: 'esm',
    bundle: true,
    minify: true,
    splitting: true,
    external: target === 'page' ? [] : ownedByUser,
    logLevel: 'silent',
  });
  return warnings.map(({ text }) => text);
});
