import { requireOption } from '../require-option.ts';
import { Secret } from '../secret.ts';
import { isHeaderSafe } from './device.ts';

/** Takes a token as a caller gives it. @throws {TypeError} For what no header can carry. */
export function toToken(token: Secret | string): Secret {
  const secret = typeof token === 'string' ? new Secret(token) : token;
  const isToken = typeof secret?.reveal === 'function' && isHeaderSafe(secret.reveal());
  requireOption(isToken, 'token', 'a token of Plex');
  return secret;
}
