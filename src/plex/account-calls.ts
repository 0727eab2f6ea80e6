import { copyOptions } from '../require-option.ts';
import { isRejected, parseReply, requireOK } from './answers.ts';
import type { PlexClient } from './plex-client.ts';
import { userReply } from './replies.ts';
import type { Send } from './sender.ts';
import { toToken } from './token.ts';

/** Makes {@link PlexClient.getUser}. */
export function createGetUser(send: Send): PlexClient['getUser'] {
  return async (options) => {
    const call = copyOptions(options);
    const reply = await send('GET', '/user', call, { token: toToken(call.token) });
    if (isRejected(reply)) return { status: 'rejected' };
    requireOK(reply, 'getUser');
    const user = parseReply(userReply, reply, 'getUser');
    return { status: 'valid', user: { ...user, id: Number(user.id) } };
  };
}

/** Makes {@link PlexClient.signOut}. */
export function createSignOut(send: Send): PlexClient['signOut'] {
  return async (options) => {
    const call = copyOptions(options);
    const reply = await send('DELETE', '/users/signout', call, { token: toToken(call.token) });
    if (isRejected(reply)) return { status: 'rejected' };
    requireOK(reply, 'signOut');
    return { status: 'signedOut' };
  };
}

/** Makes {@link PlexClient.ping}. */
export function createPing(send: Send): PlexClient['ping'] {
  return async (options = {}) => {
    const call = copyOptions(options);
    const token = call.token === undefined ? undefined : toToken(call.token);
    const reply = await send('GET', '/ping', call, { token });
    if (isRejected(reply)) return { status: 'rejected' };
    requireOK(reply, 'ping');
    return { status: 'pong' };
  };
}
