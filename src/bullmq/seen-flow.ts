import type { PinAuthContext } from '../../machines/pin-auth.ts';
import { type LinksOf, toView } from '../engine/to-view.ts';
import type { FleetChange } from '../fleet/index.ts';
import { parseJSON } from '../json.ts';
import { isRunning, type PlexAuthView } from '../view.ts';
import type { StoredFlow } from './fleet-database.ts';
import { type FlowTexts, readToken } from './flow-text.ts';
import type { HandledEvent } from './news-table.ts';

/** A flow, as any machine sees it in Redis. */
export interface SeenFlow extends HandledEvent {
  /** The id that its events show. */
  readonly eventID: string;
  readonly view: PlexAuthView;
  /** What differs from the last event. */
  readonly changed: readonly FleetChange[];
}

/** What an event said of a flow. */
interface Told {
  readonly status?: string;
  readonly pinID?: number | string;
  readonly errorVersion?: number;
}

/** Reads what Redis has of a flow. @returns Undefined if that is no flow. */
export function toSeenFlow(
  { text, told: toldText, token }: StoredFlow,
  texts: FlowTexts,
  linksOf: LinksOf,
): SeenFlow | undefined {
  const flow = texts.read(text);
  if (!flow) return undefined;
  const credentials = readToken(token);
  const { pin, expiresAtMs = 0, reason, error } = flow;
  const lastError = credentials ? undefined : flow.lastError;
  const status = credentials ? 'authenticated' : flow.status;
  const context = { pin, expiresAtMs, credentials, reason, error, lastError } as PinAuthContext;
  const view = toView({ value: status, context }, linksOf);
  const before = (parseJSON(toldText ?? '') ?? {}) as Told;
  const told: Told = {
    status,
    ...(view.code !== undefined && pin && { pinID: pin.pinID }),
    ...(view.lastError && flow.errorVersion !== undefined && { errorVersion: flow.errorVersion }),
  };
  const changed: FleetChange[] = [];
  if (told.status !== before.status) changed.push('status');
  if (told.pinID !== undefined && told.pinID !== before.pinID) changed.push('code');
  if (told.errorVersion !== before.errorVersion) changed.push('lastError');
  return {
    eventID: flow.eventID ?? flow.id,
    startID: flow.startID,
    view,
    isRunning: isRunning(status),
    changed,
    seen: `${flow.version}${credentials ? 't' : ''}`,
    told: JSON.stringify(told),
  };
}
