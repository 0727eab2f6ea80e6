/** The numbers of one run of `npm run bench`, as they are kept in `results.json`. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Spread } from './spread.ts';

export const faultNames = [
  'status 500',
  'offline',
  'reset connection',
  '429 with Retry-After',
  'status 503',
  'HTML with status 200',
  'answer after 25 s',
  'no answer ever',
] as const;

export type FaultName = (typeof faultNames)[number];

export interface FaultResult {
  readonly isSurvived: boolean;
  /** It asked again before `Retry-After` allowed it. */
  readonly isTooEarly?: true;
}

export interface BytesResult {
  readonly gzipBytes: number;
  readonly runsInBrowsers: boolean;
}

export interface SignInResult {
  /** From the approval to the token. */
  readonly latencyMs: Spread;
  /** Per sign-in, everything included. */
  readonly requests: number;
}

/** One run of one subject under load. */
export interface LoadRun {
  readonly cpuSecondsPer1000: number;
  /** Of the polls that were due. */
  readonly doneShare: number;
  /** By which 99 of 100 polls came at most later than the interval. */
  readonly lateMs: number;
  /** The same of the event loop's delay. */
  readonly loopDelayMs: number;
  readonly heapBytes: number;
  /** How many flows ended with an error. */
  readonly lostFlows: number;
}

export interface VirtualTimeResult {
  readonly engines: number;
  readonly seconds: number;
  readonly tookMs: Spread;
  /** Of all threads, the collector's too. More than `tookMs` where they work at once, less where the machine is busy. */
  readonly cpuMs: Spread;
  readonly requests: number;
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly system: string;
  readonly node: string;
  /** Over the last minute before the last part that was measured; 0 on a quiet machine. */
  readonly loadAverage: number;
}

type BySubject<Result> = Readonly<Record<string, Result>>;

export interface BenchmarkResults {
  readonly date: string;
  readonly machine: Machine;
  /** Of the packages that were measured, ours included. */
  readonly versions: Readonly<Record<string, string>>;
  readonly plan: {
    readonly importRounds: number;
    readonly signIns: {
      readonly flows: number;
      readonly fromMs: number;
      readonly toMs: number;
      readonly roundTripMs: number;
    };
    readonly load: { readonly rounds: number; readonly intervalMs: number };
  };
  readonly bytes: BySubject<BytesResult>;
  readonly imports: BySubject<Spread>;
  readonly signIns: BySubject<SignInResult>;
  /** With a word to the subject at the moment of approval. */
  readonly checkedSignIns: BySubject<SignInResult>;
  readonly faults: BySubject<Readonly<Record<FaultName, FaultResult>>>;
  /** By the number of flows, a run per round: those of one round ran one after the other. */
  readonly load: Readonly<Record<string, BySubject<readonly LoadRun[]>>>;
  readonly virtualTime: readonly VirtualTimeResult[];
}

const resultsFile = 'tools/bench/results.json';

export function readResults(): BenchmarkResults {
  return JSON.parse(readFileSync(resultsFile, 'utf8')) as BenchmarkResults;
}

export function writeResults(results: BenchmarkResults): void {
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
}
