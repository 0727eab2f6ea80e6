import { expect } from '@jest/globals';
import { type PlexMatchers, plexMatchers } from './matchers.ts';

export { plexMatchers };

declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T> extends PlexMatchers<T, R> {}
}

expect.extend(plexMatchers);
