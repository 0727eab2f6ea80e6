import * as v from 'valibot';
import { copyOptions } from '../require-option.ts';
import { isRejected, readJSON, requireOK, toReplyError } from './answers.ts';
import type { TokenCallOptions } from './plex-client.ts';
import type { Send } from './sender.ts';
import { toToken } from './token.ts';

/** The ids of the accounts that an answer of Plex names. */
export type AccountIDs = { status: 'valid'; ids: readonly number[] } | { status: 'rejected' };

const accountID = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
  v.safeInteger(),
  v.minValue(1),
);

/**
 * One share. Which field names the account is not documented.
 *
 * @see One project's check of the live service (2026-04).
 */
const shareReply = v.object({
  machineIdentifier: v.string(),
  invitedId: v.optional(v.nullable(accountID)),
  sharedWithUserId: v.optional(v.nullable(accountID)),
});

const homeReply = v.object({ users: v.array(v.object({ id: accountID })) });

/**
 * Lists whom the owner of a server shares it with.
 *
 * @throws {PlexAuthError} `PLEX_BAD_REPLY` where one share cannot be read: whoever it names would seem to have none.
 * @see plex.tv, GET /api/v2/shared_servers/owned/accepted
 */
export function createGetSharedWith(send: Send) {
  return async (options: TokenCallOptions & { machineIdentifier: string }): Promise<AccountIDs> => {
    const call = copyOptions(options);
    const reply = await send('GET', '/shared_servers/owned/accepted', call, { token: toToken(call.token) });
    if (isRejected(reply)) return { status: 'rejected' };
    requireOK(reply, 'getSharedWith');
    const list = readJSON(reply, 'getSharedWith');
    const shares = Array.isArray(list) ? list.map((one) => v.safeParse(shareReply, copyOptions(one))) : [];
    const ids = shares
      .filter(
        ({ success, output }) =>
          !success ||
          (output as v.InferOutput<typeof shareReply>).machineIdentifier === call.machineIdentifier,
      )
      .map(({ success, output }) => (success ? (output.invitedId ?? output.sharedWithUserId) : undefined));
    if (!Array.isArray(list) || ids.some((id) => id == null))
      throw toReplyError(reply, 'sent an invalid answer to getSharedWith: each share must name an account');
    return { status: 'valid', ids: ids as number[] };
  };
}

/** Lists the members of the owner's Plex Home. An account without one has none. @see plex.tv, GET /api/v2/home/users (read 2026-08) */
export function createGetHomeMembers(send: Send) {
  return async (options: TokenCallOptions): Promise<AccountIDs> => {
    const call = copyOptions(options);
    const reply = await send('GET', '/home/users', call, { token: toToken(call.token) });
    if (isRejected(reply)) return { status: 'rejected' };
    if (reply.status === 404 && reply.plexError !== undefined) return { status: 'valid', ids: [] };
    requireOK(reply, 'getHomeMembers');
    const result = v.safeParse(homeReply, copyOptions(Object(readJSON(reply, 'getHomeMembers'))));
    if (!result.success)
      throw toReplyError(reply, 'sent an invalid answer to getHomeMembers: users must be a list of accounts');
    return { status: 'valid', ids: result.output.users.map(({ id }) => id) };
  };
}
