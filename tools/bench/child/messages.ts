/** What the benchmark asks the process of a subject to do. */
export type Request =
  | { type: 'start'; clientIdentifiers: readonly string[]; overMs: number }
  | { type: 'check'; clientIdentifier: string }
  | { type: 'readHeap' }
  | { type: 'measure'; windowMs: number };

/** What the process of a subject answers. */
export type Answer =
  | { type: 'ready' }
  | { type: 'token'; clientIdentifier: string; token: string; atMs: number }
  | { type: 'error'; clientIdentifier: string; message: string }
  | { type: 'heap'; bytes: number }
  | { type: 'windowBegun' }
  | { type: 'windowEnded'; cpuMs: number; loopDelayMs: number };

/** Milliseconds since the epoch, finer than `Date.now()`, to compare moments of two processes. */
export function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
