import { defineConfig } from 'vitest/config';

/** What an application tests: the built element, in a page that vitest makes and takes away. */
export default defineConfig({
  test: { include: ['**/*.mounted.ts'] },
});
