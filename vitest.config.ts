import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ownSourceAliases } from './tools/own-sources.ts';

export default defineConfig({
  test: {
    // vitest leaves one core to itself by default: half of the two that CI has.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        // The examples import the package by its name, as a user does; here that means its sources.
        resolve: { alias: ownSourceAliases },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: ['**/*.{process,e2e}.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        // Real processes and sockets on loopback.
        test: {
          name: 'process',
          include: ['test/**/*.process.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // As long as a busy machine may need; what is there sooner is seen sooner.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['machines/**/*.ts', 'src/**/*.ts', 'live-view/**/*.ts'],
      reporter: ['text', 'json-summary'],
      reportsDirectory: 'coverage',
    },
  },
});
