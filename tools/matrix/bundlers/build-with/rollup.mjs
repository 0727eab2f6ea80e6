import { isBuiltin } from 'node:module';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { rollup } from 'rollup';
import { isOwnedByUser, runJobs } from './run-jobs.mjs';

await runJobs(async ({ inputs, outFolder, target }) => {
  const warnings = [];
  const isPage = target === 'page';
  const bundle = await rollup({
    input: inputs,
    external: (id) => !isPage && (isBuiltin(id) || isOwnedByUser(id)),
    plugins: [nodeResolve(isPage ? { browser: true } : { exportConditions: ['node'] })],
    onLog: (_level, { message }) => warnings.push(message),
  });
  await bundle.write({ dir: outFolder, plugins: [terser()] });
  await bundle.close();
  return warnings;
});
