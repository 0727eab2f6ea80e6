import { defineConfig } from 'vitest/config';

/** The tests of the mutated files. Tests of other parts would only take longer. */
export default defineConfig({
  test: {
    include: [
      'test/machines/{alone,get-pin-and-sign-out,get-token,get-token-errors,importable,reachability,transitions}.test.ts',
      'test/machines/persisted.test.ts',
      'test/{errors,polling}.test.ts',
      'test/node/*.test.ts',
      'test/plex/*.test.ts',
      'test/engine/*.test.ts',
      'test/whole/words.test.ts',
    ],
    exclude: ['test/**/*.process.test.ts', 'test/**/*.e2e.test.ts'],
    testTimeout: 60_000,
  },
});
