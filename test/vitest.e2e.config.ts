import { defineConfig } from 'vitest/config';

/** What needs a browser or a store. `.ci/run` installs both; nothing here is skipped where they are missing. */
export default defineConfig({
  test: {
    include: ['test/**/*.e2e.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Most of a test here is waiting; but no more browsers at once than two cores bear.
    maxWorkers: 3,
    // As long as a busy machine may need; what is there sooner is seen sooner.
    expect: { poll: { timeout: 20_000 } },
  },
});
