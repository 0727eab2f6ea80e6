import { type LinksOf, toView } from '../engine/to-view.ts';
import { isRunning, type PlexAuthStatus, type PlexAuthView } from '../view.ts';
import type { FleetFlow } from './flow.ts';
import type { FleetChange } from './plex-fleet.ts';

/** Shows flows, and says what of them is news. */
export interface FlowViews {
  viewOf(flow: FleetFlow): PlexAuthView;
  /** What differs from what was told last. */
  changesOf(flow: FleetFlow): readonly FleetChange[];
  markTold(flow: FleetFlow): void;
}

const nothing: readonly FleetChange[] = [];

/** Makes what shows flows. @param linksOf Gives the addresses of a PIN's pages. */
export function createFlowViews(linksOf: LinksOf): FlowViews {
  return {
    viewOf: (flow) => toView({ value: statusOf(flow), context: flow.context }, linksOf),
    changesOf(flow) {
      const { pin, lastError } = flow.context;
      const status = statusOf(flow);
      const isCodeNew = status === 'awaitingLink' && pin !== flow.toldPin;
      if (status === flow.toldStatus && !isCodeNew && lastError === flow.toldError) return nothing;
      const changes: FleetChange[] = [];
      if (status !== flow.toldStatus) changes.push('status');
      if (isCodeNew) changes.push('code');
      if (lastError !== flow.toldError) changes.push('lastError');
      return changes;
    },
    markTold(flow) {
      flow.toldStatus = statusOf(flow);
      flow.toldPin = flow.context.pin;
      flow.toldError = flow.context.lastError;
    },
  };
}

/** The status that a flow shows: a read in flight is a part of waiting. */
function statusOf({ state: { name } }: FleetFlow): PlexAuthStatus {
  if (name === 'fetchingToken') return 'awaitingLink';
  const dot = name.indexOf('.');
  return (dot < 0 ? name : name.slice(0, dot)) as PlexAuthStatus;
}

/** Whether a flow still waits for its user, or for its PIN. */
export function isWaitingFlow(flow: FleetFlow): boolean {
  return isRunning(statusOf(flow));
}
