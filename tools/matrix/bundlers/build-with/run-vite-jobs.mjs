import { isOwnedByUser, runJobs } from './run-jobs.mjs';

/** For every version of Vite. @param {typeof import('vite').build} build */
export async function runViteJobs(build) {
  await runJobs(async ({ inputs, outFolder, target }) => {
    const warnings = [];
    const note = (message) => warnings.push(message);
    const silent = () => {};
    await build({
      configFile: false,
      customLogger: {
        info: silent,
        clearScreen: silent,
        warn: note,
        warnOnce: note,
        error: note,
        hasWarned: false,
        hasErrorLogged: () => false,
      },
      ssr: { noExternal: true },
      build: {
        outDir: outFolder,
        emptyOutDir: true,
        rollupOptions: {
          input: inputs,
          output: { entryFileNames: '[name].js' },
          external: (id) => target === 'server' && isOwnedByUser(id),
        },
        ssr: target === 'server',
        minify: target === 'page',
        // A bundle of several subpaths is larger than what Vite warns of.
        chunkSizeWarningLimit: 1000,
      },
    });
    return warnings;
  });
}
