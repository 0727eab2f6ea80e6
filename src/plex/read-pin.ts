import type { Pin, PinReading } from '../pin.ts';
import { lifeMs } from './answers.ts';
import type { PlexClientOptions } from './client-options.ts';
import { identifierHeader, identify } from './device.ts';
import type { WireReply } from './exchange.ts';
import { isPinID, readLate, toReading } from './pin-calls.ts';
import { isCode } from './replies.ts';
import type { Transport } from './transport.ts';

/** Reads a PIN. Its answer may come after the time limit. @throws {PlexAuthError} As {@link PlexClient.getToken}. */
export type ReadPin = (
  pin: Pick<Pin, 'pinID' | 'clientIdentifier'>,
  onLate: (reading: PinReading) => void,
) => Promise<PinReading>;

/** Makes what reads the PINs of many installations. The caller has checked what a call of the client would check. */
export function createReadPin(transport: Transport, defaults: PlexClientOptions): ReadPin {
  const { headers, query } = identify(defaults, '');
  const { serverURL } = defaults;
  return async ({ pinID, clientIdentifier }, onLate) => {
    const reply = await transport({
      method: 'GET',
      path: `/pins/${pinID}`,
      headers: { ...headers, [identifierHeader]: clientIdentifier },
      query,
      form: undefined,
      token: undefined,
      serverURL,
      signal: undefined,
      onLate: (late) => readLate(late, onLate),
    });
    const leftSeconds = readPlainPending(reply);
    if (leftSeconds === undefined) return toReading(reply);
    const { atMs, tookMs } = reply;
    return { status: 'pending', atMs, tookMs, expiresInMs: lifeMs(leftSeconds) };
  };
}

/**
 * Reads the seconds left from the answer that nearly every read gets, "not yet" just as Plex documents it. The schemas say
 * the same, and take ten times as long. @returns Undefined for any other answer.
 */
function readPlainPending({ status, json }: WireReply): number | undefined {
  if (status !== 200 || typeof json !== 'object' || json === null) return undefined;
  const { id, code, clientIdentifier, expiresIn, authToken } = json as Record<string, unknown>;
  const isPlain = authToken === null && typeof clientIdentifier === 'string' && isPinID(id) && isCode(code);
  return isPlain && typeof expiresIn === 'number' && expiresIn >= 0 ? expiresIn : undefined;
}
