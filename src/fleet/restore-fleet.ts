import type { Clock } from '../ports.ts';
import type { FlowEvent } from './compile-chart.ts';
import type { FleetParts } from './fleet-parts.ts';
import type { FlowRecord } from './flow-record.ts';

/** The flows of an earlier fleet. */
export interface Restoration {
  /** Ends once they are here. Where the store could not be read, it is read again. @throws {PlexAuthError} `PLEX_STORE`. */
  done(): Promise<void>;
  /** Ends once nothing is being read. */
  settled(): Promise<void>;
}

/** Continues the flows that the store holds. Begins at once. */
export function restoreFleet(
  { store, flows, runner }: Pick<FleetParts, 'store' | 'flows' | 'runner'>,
  clock: Clock,
): Restoration {
  async function restore(): Promise<void> {
    const { records, pauses } = await store.read();
    const found = records.map((record) => {
      const flow = flows.add(record, runner.begin(record.renewalsLeft));
      store.adopt(flow);
      return { flow, record };
    });
    // Before any of them asks.
    for (const [clientIdentifier, untilMs] of pauses)
      runner.queue.pause(flows.laneOf(clientIdentifier), untilMs - clock.now());
    for (const { flow, record } of found) runner.send(flow, toFirstEvent(record, clock.now()));
  }

  let restoring: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  function done(): Promise<void> {
    if (restoring) return restoring;
    const begun = restore();
    restoring = begun;
    // Whoever starts a flow or reads events is told.
    last = begun.catch(() => {
      restoring = undefined;
    });
    return begun;
  }

  void done().catch(() => {});
  return { done, settled: () => last };
}

/** What a stored flow continues with. */
function toFirstEvent({ pin, credentials, giveUpAtMs }: FlowRecord, atMs: number): FlowEvent {
  if (credentials) return { type: 'RESTORE', credentials };
  if (!pin) throw new Error('A record has neither a PIN nor credentials');
  return {
    type: 'RESUME',
    pin,
    atMs,
    giveUpAfterMs: giveUpAtMs === undefined ? undefined : Math.max(1, giveUpAtMs - atMs),
  };
}
