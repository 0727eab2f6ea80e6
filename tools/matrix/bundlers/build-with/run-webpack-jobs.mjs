import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { isOwnedByUser, runJobs } from './run-jobs.mjs';

/** For webpack and what has its interface. @param {typeof import('webpack')} webpack */
export async function runWebpackJobs(webpack) {
  await runJobs(async ({ inputs, outFolder, target }) => {
    const entry = Object.fromEntries(Object.entries(inputs).map(([name, file]) => [name, resolve(file)]));
    const stats = await promisify(webpack)({
      mode: 'production',
      entry,
      target: target === 'page' ? 'web' : 'node20',
      externals:
        target === 'page'
          ? []
          : ({ request }, done) => done(null, isOwnedByUser(request) ? `import ${request}` : undefined),
      output: { path: resolve(outFolder), publicPath: '' },
      // A bundle of several subpaths is larger than what webpack warns of.
      performance: false,
    });
    const { warnings, errors } = stats.toJson({ all: false, warnings: true, errors: true });
    return [...warnings, ...errors].map(({ message }) => message);
  });
}
