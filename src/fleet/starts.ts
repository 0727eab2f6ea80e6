import { toAbortError } from '../abort.ts';
import { PlexAuthError } from '../errors.ts';
import type { PlexAuthView } from '../view.ts';
import type { FleetFlow } from './flow.ts';
import type { FlowViews } from './flow-view.ts';
import type { StartedFlow } from './plex-fleet.ts';

/** Those who wait for a code to show. */
export interface Starts {
  /** Waits for the flow's first code. Rejects if the flow ends before. */
  wait(flow: FleetFlow): Promise<StartedFlow>;
  /** Tells who waits for this flow, if it has a code or is over. @returns Whether somebody waits for it, or waited until now. */
  settle(flow: FleetFlow): boolean;
  /** Nobody gets a code any more. */
  end(error: Error): void;
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
      if (view.code === undefined) waiter.reject(toStartError(view));
      else {
        const { code, authURL, linkURL, qrURL, expiresAtMs } = view;
        waiter.resolve({ id: flow.id, code, authURL, linkURL, qrURL, expiresAtMs });
      }
      return true;
    },
    end(error) {
      for (const { reject } of waiters.values()) reject(error);
      waiters.clear();
    },
  };
}

/** Why there is no code. */
function toStartError(view: PlexAuthView): Error {
  if (view.status === 'failed') return view.error;
  if (view.status !== 'expired') return toAbortError('The flow was cancelled');
  const { lastError } = view;
  const message = 'The limit ran out before Plex gave a PIN';
  return new PlexAuthError('PLEX_EXPIRED', message, { atMs: lastError?.atMs ?? 0, retryable: true });
}
