import { type ChartOperation, operationIn, operationOf } from './chart-operation.ts';
import type { Entry, EventEntry, RequestEntry, SignIn } from './history-entry.ts';
import type { Answer } from './sign-in-state.ts';

/** One exchange with Plex, from the state that asks to the answer. Times are in milliseconds since the flow began. */
export interface RecordedExchange {
  readonly operation: ChartOperation;
  readonly atMs: number;
  /** Absent while it is in flight, and if it was abandoned. */
  readonly end: RecordedEnd | undefined;
  readonly requests: readonly RequestEntry[];
}

interface RecordedEnd {
  readonly atMs: number;
  readonly after: string;
  readonly isError: boolean;
  readonly code: string | undefined;
  readonly answer: Answer | undefined;
  readonly entry: EventEntry;
}

/** Pairs what a sign-in asked with the outcome. */
export function exchangesOf(entries: readonly Entry[], signIn: SignIn): RecordedExchange[] {
  const exchanges: RecordedExchange[] = [];
  let open: { operation: ChartOperation; atMs: number; requests: RequestEntry[] } | undefined;
  const close = (end?: RecordedEnd) => {
    if (open) exchanges.push({ ...open, end });
    open = undefined;
  };
  for (const entry of entries) {
    const atMs = entry.atMs - signIn.startMs;
    if (entry.kind === 'request') {
      if (open && operationOf(entry) === open.operation) open.requests.push(entry);
      continue;
    }
    const answered = /^xstate\.(done|error)\.actor\.\w+$/.exec(entry.type);
    if (answered) close(toEnd(entry, atMs, answered[1] === 'error'));
    if (entry.after === undefined || (!answered && entry.after === entry.before)) continue;
    close();
    const operation = operationIn(entry.after);
    if (operation) open = { operation, atMs, requests: [] };
  }
  close();
  return exchanges;
}

function toEnd(entry: EventEntry, atMs: number, isError: boolean): RecordedEnd {
  const { answer, state, after = '' } = entry;
  const code = answer?.code ?? (isError ? (state?.error ?? state?.lastError) : undefined);
  return { atMs, after, isError, code, answer, entry };
}
