/** What the benchmark asks the server of the load. Each is answered with the numbers of now. */
export type LoadRequest =
  /** Forgets everything; flows are due once in this interval from now on. */
  | { type: 'reset'; intervalMs: number }
  /** Counts from 0 again. */
  | { type: 'begin' }
  | { type: 'read' };

export interface LoadStats {
  readonly pins: number;
  readonly polls: number;
  readonly durationMs: number;
  /** How much later than the interval polls came. */
  readonly lateMs: { readonly p50: number; readonly p99: number };
}
