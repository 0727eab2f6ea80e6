import { copyOptions } from '../require-option.ts';
import { type Fault, type FaultScope, type RequestFault, requireFault, requireFaultScope } from './fault.ts';
import type { Operation } from './operation.ts';

/** The faults that are still to be applied. */
export interface FaultPlan {
  /** How far plex.tv's clock is ahead of the client's: the sum of the `clockOffset` faults. */
  readonly clockOffsetMs: number;
  /**
   * Adds a fault behind the others.
   *
   * @returns A function that removes it.
   * @throws {TypeError} For a fault or scope out of its range.
   */
  add(fault: Fault, scope?: FaultScope): () => void;
  /** Takes the first fault that applies to a request. The request counts for the other faults too. */
  take(operation: Operation): RequestFault | undefined;
}

interface PlannedFault extends Required<Omit<FaultScope, 'operation'>> {
  readonly fault: RequestFault;
  readonly operation: Operation | undefined;
}

/** Makes an empty plan. */
export function createFaultPlan(): FaultPlan {
  const planned = new Set<PlannedFault>();
  const clockOffsets = new Set<{ offsetMs: number }>();

  return {
    get clockOffsetMs() {
      return [...clockOffsets].reduce((sum, { offsetMs }) => sum + offsetMs, 0);
    },
    add(given, givenScope = {}) {
      requireFault('fault', given);
      const fault = copyOptions(given);
      const scope = copyOptions(givenScope);
      if (fault.type === 'clockOffset') return addTo(clockOffsets, { offsetMs: fault.offsetMs });
      requireFaultScope('scope', scope);
      const { operation, times = 1, after = 0 } = scope;
      return addTo(planned, { fault, operation, times, after });
    },
    take(operation) {
      let taken: RequestFault | undefined;
      for (const entry of planned) {
        if (entry.operation !== undefined && entry.operation !== operation) continue;
        if (entry.after > 0) {
          entry.after -= 1;
        } else if (!taken) {
          taken = entry.fault;
          entry.times -= 1;
          if (entry.times === 0) planned.delete(entry);
        }
      }
      return taken;
    },
  };
}

function addTo<T>(set: Set<T>, entry: T): () => void {
  set.add(entry);
  return () => void set.delete(entry);
}
