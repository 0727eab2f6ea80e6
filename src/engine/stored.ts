import * as v from 'valibot';
import { parseJSON } from '../json.ts';
import type { Credentials, Pin } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import { anyText } from '../plex/replies.ts';
import { Secret } from '../secret.ts';

/** What a header carries unharmed: a token, or a client identifier. */
const headerText = v.custom<string>((text) => typeof text === 'string' && isHeaderSafe(text));
/** What a page or a terminal can show: no control characters, and not without end. */
const isPrintable = (text: unknown) => typeof text === 'string' && /^[^\p{C}]{1,256}$/u.test(text);
const durationMs = v.custom<number>((ms) => typeof ms === 'number' && ms >= 0 && ms < Infinity);

/** A PIN of any provider. */
const pinSchema = v.object({
  pinID: v.custom<number | string>((id) =>
    typeof id === 'number' ? Number.isSafeInteger(id) && id > 0 : isPrintable(id),
  ),
  code: v.custom<string>(isPrintable),
  clientIdentifier: headerText,
  atMs: durationMs,
  /** No longer than a day, as an answer of Plex is believed. */
  expiresInMs: v.pipe(
    durationMs,
    v.transform((ms) => Math.min(ms, 86_400_000)),
  ),
  qrURL: anyText,
  authURL: v.optional(anyText),
  linkURL: v.optional(anyText),
});

const credentialsSchema = v.object({
  token: headerText,
  clientIdentifier: headerText,
  serverURL: anyText,
});

/** Reads a PIN that a store or another tab gives back, as a text or parsed. @returns Undefined unless it is one. */
export function parseStoredPin(value: unknown): Pin | undefined {
  return parseStored(pinSchema, value);
}

/** Reads credentials that a store gives back. `serverURL` says who issued them. @returns Undefined unless they are some. */
export function parseStoredCredentials(value: unknown): (Credentials & { serverURL: string }) | undefined {
  const stored = parseStored(credentialsSchema, value);
  return stored && { ...stored, token: new Secret(stored.token) };
}

function parseStored<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> | undefined {
  const result = v.safeParse(schema, typeof value === 'string' ? parseJSON(value) : value);
  return result.success ? result.output : undefined;
}
