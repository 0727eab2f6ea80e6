import { defineConfig } from 'vitest/config';

/** The tests that hold the mutated files to what they promise; those of other parts would only take longer. */
export default defineConfig({
  test: {
    include: [
      'test/chart/{alone,answers,importable,reachability,transitions}.test.ts',
      'test/unit/{client,client-openapi,errors,links,plex-auth,polling,sign-in,timelines,words}.test.ts',
    ],
    testTimeout: 60_000,
  },
});
