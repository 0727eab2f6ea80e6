import * as v from 'valibot';
import { PlexAuthError } from '../errors.ts';
import type { PinReading } from '../pin.ts';
import type { Clock, PinLinks, Wire } from '../ports.ts';
import { readPageURL } from '../require-option.ts';
import { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';
import { startLimit } from './start-limit.ts';
import { pinSchema } from './stored.ts';

const ms = v.custom<number>((value) => typeof value === 'number' && value >= 0 && value < Infinity);
const token = v.union([
  v.custom<Secret>((value) => typeof (value as Secret | null)?.reveal === 'function'),
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.transform((text) => new Secret(text)),
  ),
]);
const readingSchema = v.variant('status', [
  v.object({ status: v.literal('pending'), atMs: ms, tookMs: v.fallback(ms, 0), expiresInMs: ms }),
  v.object({ status: v.literal('claimed'), atMs: ms, token }),
  v.object({ status: v.literal('gone'), atMs: ms, error: v.optional(v.instance(PlexAuthError)) }),
]);
const userSchema = v.union([
  v.looseObject({ status: v.literal('valid'), user: v.looseObject({}) }),
  v.looseObject({ status: v.literal('rejected') }),
]);

/**
 * Checks what a caller's wire answers, once, as Plex's answers are checked: a strange one is an error of the sign-in, and
 * never a sign-in that asks without a pause, or a token that is shown. One that never comes is an error after the time
 * limit of a request, and is listened to on.
 */
export function toCheckedWire(wire: Wire, clock: Clock, timeoutMs: number): Wire {
  /** Waits for an answer within the time limit. `onLate` is called with one that comes later, or after an abort. */
  async function inTime<T>(
    signal: AbortSignal,
    ask: () => Promise<T>,
    onLate: (answer: T) => void = () => {},
  ): Promise<T> {
    const limit = startLimit(clock, timeoutMs, signal);
    let hasPassed = false;
    const passed = limit.passed.catch((reason) => {
      hasPassed = true;
      if (signal.aborted) throw reason;
      const message = `The wire did not answer within ${timeoutMs} ms`;
      throw new PlexAuthError('PLEX_TIMEOUT', message, { atMs: clock.now(), retryable: true });
    });
    // Async, so that what the wire throws at once rejects.
    const asking = (async () => ask())();
    asking.then((answer) => hasPassed && onLate(answer)).catch(() => {});
    try {
      return await Promise.race([asking, passed]);
    } finally {
      limit.stop();
    }
  }

  function check<Schema extends v.GenericSchema>(
    schema: Schema,
    answer: unknown,
    method: keyof Wire,
  ): v.InferOutput<Schema> {
    const result = v.safeParse(schema, answer);
    if (result.success) return result.output;
    const field = result.issues[0].path?.map(({ key }) => key).join('.') ?? 'the answer';
    throw new PlexAuthError('PLEX_BAD_REPLY', `The wire gave an invalid answer to ${method}: ${field}`, {
      atMs: clock.now(),
      retryable: true,
    });
  }

  function toReading(answer: unknown): PinReading {
    const reading = check(readingSchema, answer, 'getToken');
    if (reading.status !== 'gone' || reading.error) return reading as PinReading;
    const { atMs } = reading;
    const message = 'The wire knows no such PIN';
    return {
      ...reading,
      error: new PlexAuthError('PLEX_CLIENT_MISMATCH', message, { atMs, retryable: false }),
    };
  }

  return {
    issuer: wire.issuer,
    async getPin(request) {
      const pin = check(pinSchema, await inTime(request.signal, () => wire.getPin(request)), 'getPin');
      check(v.custom<PinLinks>(isLinks), wire.linksOf(pin), 'linksOf');
      return pin;
    },
    async getToken(request) {
      const { onLate: listener, signal } = request;
      const onLate = listener && ((late: PinReading) => listener(toReading(late)));
      return toReading(await inTime(signal, () => wire.getToken({ ...request, onLate }), onLate));
    },
    getUser: async (request) =>
      check(userSchema, await inTime(request.signal, () => wire.getUser(request)), 'getUser') as UserAnswer,
    signOut: (request) => inTime(request.signal, () => wire.signOut(request)),
    linksOf: (pin, options) => wire.linksOf(pin, options),
  };
}

function isLinks(links: unknown): boolean {
  const { authURL, linkURL, qrURL } = Object(links) as Partial<PinLinks>;
  return [authURL, linkURL, qrURL].every((url) => readPageURL(url) !== undefined);
}
