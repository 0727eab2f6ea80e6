import * as v from 'valibot';
import { parseStoredCredentials, parseStoredPin } from '../engine/stored.ts';
import { parseJSON } from '../json.ts';
import type { Credentials, Pin } from '../pin.ts';
import type { FleetFlow } from './flow.ts';

/** What is stored of a flow. */
export interface FlowRecord {
  readonly id: string;
  readonly clientIdentifier: string;
  readonly pin?: Pin | undefined;
  readonly credentials?: Credentials | undefined;
  readonly giveUpAtMs?: number | undefined;
  readonly renewalsLeft: number;
}

/** Makes the record of a flow; undefined if there is nothing to continue with. */
export function toRecord({ id, lane, context, giveUpAtMs }: FleetFlow): object | undefined {
  const { pin, credentials, renewalsLeft } = context;
  if (!pin && !credentials) return undefined;
  return {
    id,
    clientIdentifier: lane.clientIdentifier,
    ...(credentials
      ? { credentials: { ...credentials, token: credentials.token.reveal() } }
      : { pin, giveUpAtMs, renewalsLeft }),
  };
}

const recordSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  clientIdentifier: v.string(),
  pin: v.optional(v.unknown()),
  credentials: v.optional(v.unknown()),
  giveUpAtMs: v.optional(v.number()),
  renewalsLeft: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
});

/** Reads the records that a store gives back, as a text or parsed. What is no record is left out. */
export function parseRecords(value: unknown): FlowRecord[] {
  const list = typeof value === 'string' ? parseJSON(value) : value;
  return (Array.isArray(list) ? list : []).flatMap((entry): FlowRecord[] => {
    const { success, output } = v.safeParse(recordSchema, entry);
    if (!success) return [];
    const pin = parseStoredPin(output.pin);
    const credentials = parseStoredCredentials(output.credentials);
    return pin || credentials ? [{ ...output, pin, credentials }] : [];
  });
}

/** Reads until when each client identifier is to be quiet. What is no such list is left out. */
export function parsePauses(value: unknown): ReadonlyMap<string, number> {
  const list = typeof value === 'string' ? parseJSON(value) : value;
  const { success, output } = v.safeParse(v.array(v.tuple([v.string(), v.number()])), list);
  return new Map(success ? output : []);
}
