import * as v from 'valibot';
import { PlexAuthError } from '../errors.ts';
import type { PinReading } from '../pin.ts';
import type { Clock, PinLinks, Wire } from '../ports.ts';
import { readPageURL } from '../require-option.ts';
import { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';
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
 * never a sign-in that asks without a pause, or a token that is shown.
 */
export function toCheckedWire(wire: Wire, clock: Clock): Wire {
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
      const pin = check(pinSchema, await wire.getPin(request), 'getPin');
      check(v.custom<PinLinks>(isLinks), wire.linksOf(pin), 'linksOf');
      return pin;
    },
    async getToken(request) {
      const { onLate } = request;
      return toReading(
        await wire.getToken({ ...request, onLate: onLate && ((late) => onLate(toReading(late))) }),
      );
    },
    getUser: async (request) => check(userSchema, await wire.getUser(request), 'getUser') as UserAnswer,
    signOut: async (request) => wire.signOut(request),
    linksOf: (pin, options) => wire.linksOf(pin, options),
  };
}

function isLinks(links: unknown): boolean {
  const { authURL, linkURL, qrURL } = Object(links) as Partial<PinLinks>;
  return [authURL, linkURL, qrURL].every((url) => readPageURL(url) !== undefined);
}
