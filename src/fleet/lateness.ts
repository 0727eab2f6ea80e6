import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How late requests were sent, in milliseconds after they were due. */
export interface Lateness {
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly mostMs: number;
}

/** Counts how late requests are, over the last quarter of a minute or so. */
export interface LatenessMeter {
  note(lateMs: number, nowMs: number): void;
  read(nowMs: number): Lateness;
}

/** Each half is counted for this long, then starts anew as the other one. */
const halfMs = 10_000;

/** Makes a meter of what lies 10 to 20 seconds back at most. */
export function createLatenessMeter(): LatenessMeter {
  let [young, old]: RecordableHistogram[] = [createHistogram(), createHistogram()];
  let turnedMs = -Infinity;

  function turn(nowMs: number): void {
    if (nowMs - turnedMs < halfMs) return;
    if (nowMs - turnedMs > 2 * halfMs) young?.reset();
    [young, old] = [old, young];
    young?.reset();
    turnedMs = nowMs;
  }

  return {
    note(lateMs, nowMs) {
      turn(nowMs);
      // A histogram counts from 1.
      young?.record(1 + Math.max(0, Math.round(lateMs)));
    },
    read(nowMs) {
      turn(nowMs);
      const both = createHistogram();
      for (const half of [young, old]) if (half && half.count > 0) both.add(half);
      if (both.count === 0) return { medianMs: 0, p99Ms: 0, mostMs: 0 };
      return {
        medianMs: both.percentile(50) - 1,
        p99Ms: both.percentile(99) - 1,
        mostMs: both.max - 1,
      };
    },
  };
}
