import type { Clock } from '../ports.ts';
import { withTimeLimit } from './with-time-limit.ts';

/** How long a callback of the application may take, in milliseconds. */
const longestCallbackMs = 30_000;

/** Calls back the application, which may never answer. @throws What it throws, or an error that names the callback. */
export function askApplication<T>(clock: Clock, name: string, call: () => T): Promise<Awaited<T>> {
  return withTimeLimit(clock, longestCallbackMs, name, call);
}
