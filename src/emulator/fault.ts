import {
  copyOptions,
  requireInteger,
  requireKnownFields,
  requireMs,
  requireObject,
  requireOneOf,
  requireOption,
} from '../require-option.ts';
import { type Operation, operations } from './operation.ts';

/** One way in which an answer of plex.tv can go wrong. */
export type Fault =
  /** An error in plex.tv's envelope, or any other status. */
  | { type: 'status'; status: number; code?: number; message?: string }
  /** The connection breaks. Nothing was answered, and nothing was done. */
  | { type: 'reset' }
  /** No answer ever, until the client gives up. */
  | { type: 'hang' }
  /** The request is carried out, and answered, after `delayMs`. */
  | { type: 'slow'; delayMs: number }
  /** The request is carried out at once, and its answer arrives after `delayMs`: it may be out of date by then. */
  | { type: 'stale'; delayMs: number }
  /** The right status and headers; the connection breaks half-way through the body. */
  | { type: 'truncated' }
  /** The right status and headers; the second half of the body never comes. */
  | { type: 'stalled' }
  /** A web page instead of an answer, as from a proxy or a captive portal. Default status: 200. */
  | { type: 'html'; status?: number }
  /** XML, although the client asked for JSON. */
  | { type: 'xml' }
  /** 429; `retryAfter` in seconds, as a date, or as any header value. Default: no `Retry-After`. */
  | { type: 'rateLimited'; retryAfter?: number | Date | string }
  /** plex.tv's clock is `offsetMs` ahead of the client's (behind, if negative), until the fault is removed. */
  | { type: 'clockOffset'; offsetMs: number };

/** Which requests a fault applies to. */
export interface FaultScope {
  /** Default: any operation. */
  operation?: Operation;
  /** How many requests, an integer from 1, or `Infinity`. Default: 1. */
  times?: number;
  /** How many matching requests are answered normally first, an integer from 0. Default: 0. */
  after?: number;
}

/** A fault of a single request. The clock's applies to all of them. */
export type RequestFault = Exclude<Fault, { type: 'clockOffset' }>;

/** Which fields each fault has besides its type. */
const faultFields: Readonly<Record<Fault['type'], readonly string[]>> = {
  status: ['status', 'code', 'message'],
  reset: [],
  hang: [],
  slow: ['delayMs'],
  stale: ['delayMs'],
  truncated: [],
  stalled: [],
  html: ['status'],
  xml: [],
  rateLimited: ['retryAfter'],
  clockOffset: ['offsetMs'],
};

/** @throws {TypeError} For a fault that does not exist, or a field out of its range; `name` is the fault's own. */
export function requireFault(name: string, given: Fault): void {
  requireObject(name, given ?? null);
  const fault = copyOptions(given);
  requireOneOf(`${name}.type`, fault.type, Object.keys(faultFields));
  requireKnownFields(`${name}.`, fault, ['type', ...faultFields[fault.type]]);
  if (fault.type === 'status') requireInteger(`${name}.status`, fault.status, 200, 599);
  if (fault.type === 'html') requireInteger(`${name}.status`, fault.status ?? 200, 200, 599);
  if (fault.type === 'slow' || fault.type === 'stale') {
    // A delay that is missing is refused too.
    requireMs(`${name}.delayMs`, fault.delayMs ?? Number.NaN, 0);
  }
  if (fault.type === 'clockOffset') {
    requireOption(Number.isFinite(fault.offsetMs), `${name}.offsetMs`, 'a finite number');
  }
}

/** @throws {TypeError} For a field out of its range; `name` is the scope's own. */
export function requireFaultScope(name: string, scope: FaultScope): void {
  const { operation, times = 1, after = 0 } = copyOptions(scope);
  requireKnownFields(`${name}.`, scope, ['operation', 'times', 'after']);
  if (operation !== undefined) requireOneOf(`${name}.operation`, operation, operations);
  const isCount = times === Number.POSITIVE_INFINITY || (Number.isSafeInteger(times) && times >= 1);
  requireOption(isCount, `${name}.times`, 'an integer from 1, or Infinity');
  requireInteger(`${name}.after`, after, 0);
}
