import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { MixedOrder } from './test/mixed-order.ts';
import { ownSourceAliases } from './tools/own-sources.ts';

export default defineConfig({
  test: {
    // Half of the tests run processes, and wait for them.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: MixedOrder },
    projects: [
      {
        // The examples import the package by its name, as a user does; here that means its sources.
        resolve: { alias: ownSourceAliases },
        test: {
          name: 'unit',
          // It must share the tests' build of Solid: in Node it would take the server's, in which nothing reacts.
          server: { deps: { inline: ['@xstate/solid'] } },
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
