import type { FleetFlow } from '../fleet/flow.ts';
import { isWaitingFlow } from '../fleet/flow-view.ts';
import type { Credentials } from '../pin.ts';
import type { PlexAuthStatus } from '../view.ts';
import type { FlowWrite } from './fleet-database.ts';
import type { SharedFlow } from './flow-text.ts';

/** A flow in the memory of its owner. */
export interface FlowEntry {
  /** What Redis has of it, or is about to have. */
  stored: SharedFlow;
  /** Only while it waits. */
  flow: FleetFlow | undefined;
  /** Its token. It stays in memory until the event was handled: Redis may come back without it. */
  credentials: Credentials | undefined;
}

/**
 * How long whoever started a flow has for its first code, in milliseconds, before it becomes an event for others: the
 * process that started it may have died.
 */
const startGraceMs = 5000;

/** Takes over what has changed in a flow. @returns After how long it is an event, in milliseconds; undefined if it is none. */
export function updateEntry(entry: FlowEntry, flow: FleetFlow): number | undefined {
  const { stored } = entry;
  const { pin, expiresAtMs, renewalsLeft, reason, error, lastError } = flow.context;
  const status = statusOf(flow);
  const isShown = stored.isShown || status !== 'requestingPin';
  const version = stored.version + 1;
  const sinceVersion = lastError === stored.lastError ? stored.errorVersion : version;
  entry.stored = {
    ...stored,
    version,
    status,
    isShown,
    renewalsLeft,
    pin,
    expiresAtMs,
    reason,
    error,
    lastError,
    errorVersion: lastError && sinceVersion,
  };
  if (!isWaitingFlow(flow)) entry.flow = undefined;
  if (!isShown) return undefined;
  return stored.isShown ? 0 : startGraceMs;
}

/** A change of a flow that replaces one that was not written yet: the earlier event counts. */
export function mergeWrites(before: FlowWrite | undefined, next: FlowWrite): FlowWrite {
  return { ...next, newsAfterMs: before?.newsAfterMs ?? next.newsAfterMs };
}

function statusOf({ state: { name } }: FleetFlow): PlexAuthStatus {
  return (name === 'fetchingToken' ? 'awaitingLink' : name.split('.')[0]) as PlexAuthStatus;
}
