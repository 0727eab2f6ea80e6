import type { PlexAuthView } from 'plex-auth-flow';
import { createMishapOutcome, type MishapOutcome } from './mishap-outcome.ts';
import { type Mishap, mishaps } from './mishaps.ts';

/** Lets mishaps happen one after another, so that each is credited with what came of it. */
export interface MishapQueue {
  /** Begins a mishap, or lets it wait for the one that is under way. */
  press(index: number, view: PlexAuthView): void;
  /** Takes the next view of the sign-in, and the time in milliseconds. */
  note(view: PlexAuthView, nowMs: number): void;
  /** Ends the one that is under way, and forgets those that wait. */
  clear(): void;
  /** What came so far of the last one that began. */
  readonly text: string;
  /** How many wait. */
  readonly waiting: number;
}

/** How long what came of a mishap is there to be read, before the next one begins. */
const readMs = 3000;

/** @param begin Called when the turn of a mishap comes. */
export function createMishapQueue(begin: (mishap: Mishap) => void): MishapQueue {
  let current: { readonly mishap: Mishap; readonly outcome: MishapOutcome } | undefined;
  /** Whether the sign-in that it happened in is over: what comes then is no outcome of it. */
  let isPast = false;
  let isUnderWay = false;
  let overAtMs: number | undefined;
  const waiting: Mishap[] = [];

  function beginNext(view: PlexAuthView): void {
    const mishap = waiting.shift();
    if (!mishap) return;
    current = { mishap, outcome: createMishapOutcome(view) };
    isUnderWay = true;
    isPast = false;
    overAtMs = undefined;
    begin(mishap);
  }

  function clear(): void {
    isUnderWay = false;
    waiting.length = 0;
  }

  return {
    press(index, view) {
      const mishap = mishaps[index];
      if (!mishap) return;
      waiting.push(mishap);
      if (!isUnderWay) beginNext(view);
    },
    note(view, nowMs) {
      if (!isPast) current?.outcome.note(view, nowMs);
      if (!isWaiting(view)) {
        isPast = true;
        return clear();
      }
      if (!isUnderWay || !current || !isOver(current.mishap, current.outcome)) return;
      overAtMs ??= nowMs;
      if (waiting.length > 0 && nowMs < overAtMs + readMs) return;
      isUnderWay = false;
      beginNext(view);
    },
    clear,
    get text() {
      return current?.outcome.text ?? '';
    },
    get waiting() {
      return waiting.length;
    },
  };
}

/** After as many errors as it causes, each of them asked about again; or, if it causes none, after two answers. */
function isOver({ command }: Mishap, { errors, waits, answers }: MishapOutcome): boolean {
  if (command.do === 'approveInRead') return false;
  const expected = command.do === 'fault' ? (command.times ?? 1) : 0;
  return expected > 0 ? errors >= expected && waits >= errors : answers >= 2;
}

/** Whether the sign-in continues, with a code or for one. */
function isWaiting({ status }: PlexAuthView): boolean {
  return status === 'requestingPin' || status === 'awaitingLink' || status === 'fetchingToken';
}
