import * as v from 'valibot';
import { PlexAuthError } from '../errors.ts';
import { copyOptions } from '../require-option.ts';
import type { WireReply } from './exchange.ts';

/** What a body is, in words. */
const bodyNames: Record<WireReply['kind'], string> = {
  JSON: 'JSON',
  XML: 'XML',
  HTML: 'HTML',
  invalid: 'invalid text',
  empty: 'an empty body',
  tooLarge: 'a body over 1 MB',
};

/** Converts Plex's seconds. At most a day: no PIN lives longer, whatever is answered, and so every sign-in ends. */
export function lifeMs(seconds: number): number {
  return Math.min(seconds, 86_400) * 1000;
}

/** @throws {PlexAuthError} For a status other than success, and for a web page, as a portal sends it. */
export function requireOK(reply: WireReply, operation: string): void {
  if (reply.status < 200 || reply.status > 299) throw toRefusalError(reply, operation);
  if (isForeign(reply)) throw toReplyError(reply, `answered ${operation} with ${bodyNames[reply.kind]}`);
}

/** Whether this cannot come from Plex itself. */
function isForeign({ kind }: WireReply): boolean {
  return kind === 'HTML' || kind === 'tooLarge';
}

/** Whether Plex says that it has no such PIN. Any other 404 comes from a server in between, and may pass. */
export function isGone({ status, kind, plexCode }: WireReply): boolean {
  return status === 404 && (kind === 'JSON' || plexCode === 1020);
}

/**
 * Whether Plex itself says that the token is not valid: 401 (1001), 422 ("Invalid token") or 498, each in Plex's error
 * envelope. A proxy, a gateway or a portal answers with the same statuses, and its word must not end a session.
 */
export function isRejected({ status, plexError }: WireReply): boolean {
  if (plexError === undefined) return false;
  return status === 401 || status === 498 || (status === 422 && /\binvalid token\b/i.test(plexError));
}

/** @throws {PlexAuthError} `PLEX_BAD_REPLY`, naming the first field that is wrong. */
export function parseReply<Schema extends v.GenericSchema<unknown, object>>(
  schema: Schema,
  reply: WireReply,
  operation: string,
): Readonly<v.InferOutput<Schema>> {
  const json = readJSON(reply, operation);
  // Copies: a field that may be missing is missing, whatever `Object.prototype` was given.
  const result = v.safeParse(schema, Object(json) === json ? copyOptions(json as object) : json, {
    abortEarly: true,
  });
  if (result.success) return copyOptions(result.output);
  const [issue] = result.issues;
  const field = issue.path?.map(({ key }) => key).join('.') ?? 'the answer';
  const problem = issue.received === 'undefined' ? 'is missing' : issue.message;
  throw toReplyError(reply, `sent an invalid answer to ${operation}: ${field} ${problem}`);
}

/** @throws {PlexAuthError} `PLEX_BAD_REPLY`, for a body that is no JSON. */
export function readJSON(reply: WireReply, operation: string): unknown {
  if (reply.kind === 'JSON') return reply.json;
  throw toReplyError(reply, `answered ${operation} with ${bodyNames[reply.kind]} instead of JSON`);
}

/**
 * Retryable, because an answer that Plex did not send (a proxy's or a portal's page) may pass.
 *
 * @param problem What who answered has done, such as "answered getPin with HTML".
 */
export function toReplyError({ peer = 'Plex', atMs, status }: WireReply, problem: string): PlexAuthError {
  return new PlexAuthError('PLEX_BAD_REPLY', `${peer} ${problem}`, { atMs, status, retryable: true });
}

function toRefusalError(reply: WireReply, operation: string): PlexAuthError {
  const { peer = 'Plex', atMs, status, plexCode, retryAfterMs, kind } = reply;
  if (plexCode === 1068) return toMismatchError(reply);
  const isThrottled = status === 429;
  const isPassing = isThrottled || status >= 500 || status === 408 || status === 425 || kind !== 'JSON';
  const words = plexCode === undefined ? '' : `, code ${plexCode}`;
  return new PlexAuthError(
    isThrottled ? 'PLEX_RATE_LIMITED' : 'PLEX_HTTP',
    `${peer} answered ${operation} with status ${status}${words}`,
    { atMs, status, plexCode, retryAfterMs, retryable: isPassing },
  );
}

/** The error for a PIN or token that belongs to another client identifier. */
export function toMismatchError({ atMs, status, plexCode }: WireReply): PlexAuthError {
  return new PlexAuthError(
    'PLEX_CLIENT_MISMATCH',
    'Plex has no such PIN or token for this client identifier: use the identifier that created it',
    { atMs, status, plexCode, retryable: false },
  );
}
