import type { PinReading } from '../pin.ts';
import { readPageURL } from '../read-page-url.ts';
import { copyOptions, requireOption, requireType } from '../require-option.ts';
import { Secret } from '../secret.ts';
import { isGone, isRejected, lifeMs, parseReply, requireOK, toMismatchError } from './answers.ts';
import type { PlexClientOptions } from './client-options.ts';
import type { WireReply } from './exchange.ts';
import type { PlexClient } from './plex-client.ts';
import { isCode, ownerReply, pinReply, tokenReply } from './replies.ts';
import type { Send } from './sender.ts';
import { toToken } from './token.ts';

/** Makes {@link PlexClient.getPin}. */
export function createGetPin(send: Send, defaults: PlexClientOptions): PlexClient['getPin'] {
  return async (options = {}) => {
    const call = copyOptions(options);
    const reply = await send('POST', '/pins', call, {
      query: call.strong ? { strong: 'true' } : {},
      headers: defaults.forwardURL ? { Origin: readPageURL(defaults.forwardURL)?.origin ?? '' } : {},
    });
    requireOK(reply, 'getPin');
    const { id, code, expiresIn, qr } = parseReply(pinReply, reply, 'getPin');
    const { clientIdentifier = defaults.clientIdentifier ?? '' } = call;
    const qrURL = readPageURL(qr)?.href;
    return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs(expiresIn), qrURL };
  };
}

/** Makes {@link PlexClient.getToken}. */
export function createGetToken(send: Send): PlexClient['getToken'] {
  return async (options) => {
    const call = copyOptions(options);
    const { pinID, onLate } = call;
    requireOption(isPinID(pinID), 'pinID', 'a positive integer');
    requireType('onLate', onLate, 'function');
    const reply = await send('GET', `/pins/${pinID}`, call, {
      onLate: onLate && ((late) => readLate(late, onLate)),
    });
    return toReading(reply);
  };
}

/** Says what an answer to getToken means. @throws {PlexAuthError} As {@link PlexClient.getToken}. */
export function toReading(reply: WireReply): PinReading {
  const { atMs, tookMs } = reply;
  const leftSeconds = readPlainPending(reply);
  if (leftSeconds !== undefined) return { status: 'pending', atMs, tookMs, expiresInMs: lifeMs(leftSeconds) };
  if (isGone(reply)) return { status: 'gone', atMs, error: toMismatchError(reply) };
  requireOK(reply, 'getToken');
  const { authToken } = parseReply(tokenReply, reply, 'getToken');
  if (authToken) {
    const { clientIdentifier, code } = parseReply(ownerReply, reply, 'getToken');
    return { status: 'claimed', atMs, token: new Secret(authToken), clientIdentifier, code };
  }
  const { expiresIn } = parseReply(pinReply, reply, 'getToken');
  return { status: 'pending', atMs, tookMs, expiresInMs: lifeMs(expiresIn) };
}

/**
 * Reads "not yet", just as Plex documents it, without the schemas, which take ten times as long: it is the answer to nearly
 * every read.
 *
 * @returns How many seconds are left. Undefined for any other answer.
 */
function readPlainPending({ status, json }: WireReply): number | undefined {
  if (status !== 200 || typeof json !== 'object' || json === null) return undefined;
  const { id, code, clientIdentifier, expiresIn, authToken } = json as Record<string, unknown>;
  const isPlain = authToken === null && typeof clientIdentifier === 'string' && isPinID(id) && isCode(code);
  return isPlain && typeof expiresIn === 'number' && expiresIn >= 0 ? expiresIn : undefined;
}

/** Hands over a late answer. An error that comes late is nobody's: the call has rejected already. */
export function readLate(reply: WireReply, onLate: (reading: PinReading) => void): void {
  let reading: PinReading;
  try {
    reading = toReading(reply);
  } catch {
    return;
  }
  onLate(reading);
}

/** Makes {@link PlexClient.linkPin}. */
export function createLinkPin(send: Send): PlexClient['linkPin'] {
  return async (options) => {
    const call = copyOptions(options);
    requireOption(typeof call.code === 'string' && call.code !== '', 'code', 'the code of a PIN');
    const form = { code: call.code };
    const reply = await send('PUT', '/pins/link', call, { token: toToken(call.token), form });
    if (isRejected(reply)) return { status: 'rejected' };
    if (isGone(reply)) return { status: 'gone' };
    requireOK(reply, 'linkPin');
    return { status: 'linked' };
  };
}

/** Whether Plex could have given a PIN this id. */
export function isPinID(id: unknown): boolean {
  return Number.isSafeInteger(id) && Number(id) > 0;
}
