import type { PlexAuthView } from '../view.ts';
import { toCancelledError } from './abort-errors.ts';
import type { FleetFlow } from './flow.ts';
import type { FlowViews } from './flow-view.ts';
import type { StartedFlow } from './plex-fleet.ts';
import { toLimitError } from './queue-time.ts';

/** Those who wait for a code to show. */
export interface Starts {
  /** Waits for the flow's first code. Rejects if the flow ends before. */
  wait(flow: FleetFlow): Promise<StartedFlow>;
  /** Tells who waits for this flow, if it has a code or is over. @returns Whether somebody waits for it, or waited until now. */
  settle(flow: FleetFlow): boolean;
  /** Refuses those who wait, but for these. @returns The flows that nobody waits for any more. */
  refuse(error: Error, isSpared: (flow: FleetFlow) => boolean): readonly FleetFlow[];
}

interface Waiter {
  resolve(started: StartedFlow): void;
  reject(error: Error): void;
}

/** Makes an empty {@link Starts}. */
export function createStarts(views: FlowViews): Starts {
  const waiters = new Map<FleetFlow, Waiter>();
  return {
    wait: (flow) =>
      new Promise((resolve, reject) => {
        waiters.set(flow, { resolve, reject });
      }),
    settle(flow) {
      const waiter = waiters.get(flow);
      if (!waiter) return false;
      const view = views.viewOf(flow);
      if (view.status === 'requestingPin') return true;
      waiters.delete(flow);
      views.markTold(flow);
      try {
        waiter.resolve(toStarted(flow.id, view));
      } catch (error) {
        waiter.reject(error as Error);
      }
      return true;
    },
    refuse(error, isSpared) {
      const refused = [...waiters].filter(([flow]) => !isSpared(flow));
      // They are forgotten once their flows have ended: no event tells of a flow that nobody was shown.
      for (const [, { reject }] of refused) reject(error);
      return refused.map(([flow]) => flow);
    },
  };
}

/** Makes what `start` returns, of a flow that requests no PIN any more. @throws Why there is no code. */
export function toStarted(id: string, view: PlexAuthView): StartedFlow {
  if (view.code === undefined) throw toStartError(view);
  const { code, authURL, linkURL, qrURL, expiresAtMs } = view;
  return { id, code, authURL, linkURL, qrURL, expiresAtMs };
}

/** Why there is no code. */
function toStartError(view: PlexAuthView): Error {
  if (view.status === 'failed') return view.error;
  if (view.status !== 'expired') return toCancelledError();
  return toLimitError(view.lastError?.atMs ?? 0);
}
