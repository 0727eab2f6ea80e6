import { expect } from 'vitest';
import { type PlexMatchers, plexMatchers } from './matchers.ts';

export { plexMatchers };

declare module 'vitest' {
  interface Matchers<T> extends PlexMatchers<T> {}
}

expect.extend(plexMatchers);
