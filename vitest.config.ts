import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The examples import the package by its name, as a user does; here that means its sources. */
const alias = [
  { find: /^plex-auth-flow$/, replacement: resolve('src/index.ts') },
  { find: /^plex-auth-flow\/adapters$/, replacement: resolve('src/adapters/index.ts') },
  { find: /^plex-auth-flow\/browser$/, replacement: resolve('src/browser/index.ts') },
  { find: /^plex-auth-flow\/client$/, replacement: resolve('src/plex/client.ts') },
  { find: /^plex-auth-flow\/element$/, replacement: resolve('src/element/index.ts') },
  { find: /^plex-auth-flow\/inspect$/, replacement: resolve('src/inspect/index.ts') },
  { find: /^plex-auth-flow\/machine$/, replacement: resolve('machines/pin-auth.ts') },
  { find: /^plex-auth-flow\/testing$/, replacement: resolve('src/testing/index.ts') },
];

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
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
