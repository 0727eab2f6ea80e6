import { longestDelayMs } from '../ports.ts';

/** Every {@link Operation}. */
export const operations = [
  'getPin',
  'getToken',
  'linkPin',
  'getUser',
  'signOut',
  'ping',
  'resources',
  'qr',
] as const;

/** What a client can ask plex.tv, by the names the project uses everywhere. */
export type Operation = (typeof operations)[number];

/** One way in which an answer of plex.tv can go wrong. */
export type Fault =
  /** An error in plex.tv's envelope, or any other status. */
  | { type: 'status'; status: number; code?: number; message?: string }
  /** The connection breaks before anything is answered, or done. */
  | { type: 'reset' }
  /** No answer ever, until the client gives up. */
  | { type: 'hang' }
  /** The right answer, made and sent after `delayMs`. */
  | { type: 'slow'; delayMs: number }
  /** The answer of now, delivered after `delayMs`: it may have been overtaken. */
  | { type: 'stale'; delayMs: number }
  /** The right status and headers; the connection breaks half-way through the body. */
  | { type: 'truncated' }
  /** The right status and headers; the second half of the body never comes. */
  | { type: 'stalled' }
  /** A web page in place of an answer, as from a proxy or a login wall. Default status: 200. */
  | { type: 'html'; status?: number }
  /** XML, although JSON was asked for. */
  | { type: 'xml' }
  /** 429; `retryAfter` in seconds, as a date, or as any header value. Default: no `Retry-After`. */
  | { type: 'rateLimited'; retryAfter?: number | Date | string }
  /** The emulator's clock is `offsetMs` ahead of the client's (behind, if negative), until the fault is removed. */
  | { type: 'clockOffset'; offsetMs: number };

/** Which requests a fault meets. */
export interface FaultScope {
  /** Default: any operation. */
  operation?: Operation;
  /** How many requests, an integer from 1, or `Infinity`. Default: 1. */
  times?: number;
  /** How many matching requests go by unharmed first, an integer from 0. Default: 0. */
  after?: number;
}

/** The faults that one request can meet; the clock's is no matter of a single request. */
export type RequestFault = Exclude<Fault, { type: 'clockOffset' }>;

/** The faults in wait. */
export interface FaultPlan {
  readonly clockOffsetMs: number;
  /** @throws {TypeError} For a fault or scope out of its range. */
  add(fault: Fault, scope?: FaultScope): () => void;
  /** The first fault in wait for this operation; every fault counts the request. */
  take(operation: Operation): RequestFault | undefined;
}

export function createFaultPlan(): FaultPlan {
  const waiting = new Set<{
    fault: RequestFault;
    operation: Operation | undefined;
    times: number;
    after: number;
  }>();
  const clockOffsets = new Set<{ offsetMs: number }>();

  return {
    get clockOffsetMs() {
      return [...clockOffsets].reduce((sum, { offsetMs }) => sum + offsetMs, 0);
    },
    add(fault, { operation, times = 1, after = 0 } = {}) {
      checkFault(fault);
      if (fault.type === 'clockOffset') {
        const offset = { offsetMs: fault.offsetMs };
        clockOffsets.add(offset);
        return () => void clockOffsets.delete(offset);
      }
      const isKnown = operation === undefined || operations.includes(operation);
      check('operation', operation, isKnown, `one of ${operations.join(', ')}`);
      const isCount = times === Number.POSITIVE_INFINITY || isIntegerFrom(1, times);
      check('times', times, isCount, 'an integer from 1, or Infinity');
      check('after', after, isIntegerFrom(0, after), 'an integer from 0');
      const entry = { fault, operation, times, after };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
    take(operation) {
      let taken: RequestFault | undefined;
      for (const entry of waiting) {
        if (entry.operation !== undefined && entry.operation !== operation) continue;
        if (entry.after > 0) {
          entry.after -= 1;
        } else if (!taken) {
          taken = entry.fault;
          entry.times -= 1;
          if (entry.times === 0) waiting.delete(entry);
        }
      }
      return taken;
    },
  };
}

/** The error of `fetch` for a connection that broke, as Node words it: before the answer, or (`terminated`) within it. */
export function toConnectionReset(message: 'fetch failed' | 'terminated' = 'fetch failed'): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  return new TypeError(message, { cause });
}

/**
 * Cuts a body in half. An answer without one stays whole.
 *
 * @param after What becomes of the second half: `break` ends in a stream error, `stall` never ends.
 */
export async function cutBody(response: Response, after: 'break' | 'stall'): Promise<Response> {
  const { status, headers } = response;
  if (!response.body) return response;
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Without a declared length, Node's server starts to send before it has read on, and the client gets the first half.
  headers.set('Transfer-Encoding', 'chunked');
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, bytes.length >> 1)),
    pull: (controller) =>
      after === 'break' ? controller.error(toConnectionReset('terminated')) : new Promise(() => {}),
  });
  return new Response(body, { status, headers });
}

/** What each fault takes besides its type. */
const faultFields: Record<Fault['type'], readonly string[]> = {
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

function checkFault(fault: Fault): void {
  const isKnown = Object.hasOwn(faultFields, fault.type);
  check('type', fault.type, isKnown, `one of ${Object.keys(faultFields).join(', ')}`);
  const fields = faultFields[fault.type];
  for (const [field, value] of Object.entries(fault)) {
    check(
      field,
      value,
      ['type', ...fields].includes(field),
      `left out of ${fault.type}, which takes ${fields.join(', ') || 'nothing else'}`,
    );
  }
  if (fault.type === 'status' || ('status' in fault && fault.status !== undefined)) {
    const { status = Number.NaN } = fault;
    check('status', fault.status, isIntegerFrom(200, status) && status <= 599, 'an integer from 200 to 599');
  }
  if ('delayMs' in fault) {
    const kept = fault.delayMs >= 0 && fault.delayMs <= longestDelayMs;
    check('delayMs', fault.delayMs, kept, `from 0 to ${longestDelayMs}`);
  }
  if ('offsetMs' in fault) {
    check('offsetMs', fault.offsetMs, Number.isFinite(fault.offsetMs), 'a finite number');
  }
}

function check(name: string, value: unknown, kept: boolean, wanted: string): void {
  if (!kept) throw new TypeError(`fault: ${name} must be ${wanted}, not ${String(value)}`);
}

function isIntegerFrom(lowest: number, value: number): boolean {
  return Number.isSafeInteger(value) && value >= lowest;
}
