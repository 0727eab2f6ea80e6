import { rolldown } from 'rolldown';
import { isOwnedByUser, runJobs } from './run-jobs.mjs';

await runJobs(async ({ inputs, outFolder, target }) => {
  const warnings = [];
  const bundle = await rolldown({
    input: inputs,
    platform: target === 'page' ? 'browser' : 'node',
    external: (id) => target === 'server' && isOwnedByUser(id),
    onLog: (_level, { message }) => warnings.push(message),
  });
  await bundle.write({ dir: outFolder, minify: true });
  await bundle.close();
  return warnings;
});
