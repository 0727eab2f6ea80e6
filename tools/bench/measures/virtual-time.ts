import { execFileSync } from 'node:child_process';
import type { VirtualTimeResult } from '../results.ts';
import { toSpread } from '../spread.ts';

export interface VirtualTimePlan {
  engines: number;
  seconds: number;
  runs: number;
}

/** How long it takes to wait in virtual time, the emulator included; each run in a fresh process. */
export function measureVirtualTime(
  file: string,
  { engines, seconds, runs }: VirtualTimePlan,
): VirtualTimeResult {
  const results = Array.from({ length: runs }, () => {
    const text = execFileSync(process.execPath, [file, String(engines), String(seconds)], {
      encoding: 'utf8',
    });
    return JSON.parse(text) as { tookMs: number; cpuMs: number; requests: number };
  });
  return {
    engines,
    seconds,
    tookMs: toSpread(results.map(({ tookMs }) => tookMs)),
    cpuMs: toSpread(results.map(({ cpuMs }) => cpuMs)),
    requests: results[0]?.requests ?? 0,
  };
}
