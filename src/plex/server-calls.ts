import * as v from 'valibot';
import { PlexAuthError } from '../errors.ts';
import { copyOptions, requireOption } from '../require-option.ts';
import { Secret } from '../secret.ts';
import { isRejected, readJSON, requireOK, toReplyError } from './answers.ts';
import { isHeaderSafe } from './device.ts';
import type { WireReply } from './exchange.ts';
import type { PlexClient, TokenCallOptions } from './plex-client.ts';
import type { PlexConnection } from './plex-server.ts';
import { connectionReply, resourceReply } from './replies.ts';
import type { Send } from './sender.ts';
import { toToken } from './token.ts';

/** Makes {@link PlexClient.getServers}. */
export function createGetServers(send: Send): PlexClient['getServers'] {
  return async (options) => {
    const servers = await askForServers(send, copyOptions(options), 'getServers');
    if (servers instanceof PlexAuthError) throw servers;
    return servers
      .filter(({ accessToken }) => isHeaderSafe(accessToken))
      .map(({ clientIdentifier, name, product, owned, home, connections, accessToken }) => ({
        machineIdentifier: clientIdentifier,
        name,
        product,
        isOwned: !!owned,
        isHome: !!home,
        connections: parseEntries(connectionReply, connections).map(toConnection),
        accessToken: new Secret(accessToken),
      }));
  };
}

/** Makes {@link PlexClient.hasAccess}. */
export function createHasAccess(send: Send): PlexClient['hasAccess'] {
  return async (options) => {
    const call = copyOptions(options);
    const { machineIdentifier } = call;
    const isNamed = typeof machineIdentifier === 'string' && machineIdentifier !== '';
    requireOption(isNamed, 'machineIdentifier', 'a text that is not empty');
    const servers = await askForServers(send, call, 'hasAccess', machineIdentifier);
    if (servers instanceof PlexAuthError) return { status: 'rejected' };
    const found = servers.filter(({ clientIdentifier }) => clientIdentifier === machineIdentifier);
    if (!found.length) return { status: 'none' };
    return { status: found.some(({ owned }) => owned) ? 'owner' : 'member' };
  };
}

type ServerReply = v.InferOutput<typeof resourceReply>;

/**
 * @param needed The server whose entry must not be left out, if there is one.
 * @returns An error if the token is rejected; it is thrown for everything else.
 */
async function askForServers(
  send: Send,
  call: TokenCallOptions,
  operation: string,
  needed?: string,
): Promise<ServerReply[] | PlexAuthError> {
  const reply = await send('GET', '/resources', call, {
    token: toToken(call.token),
    query: { includeHttps: '1', includeRelay: '1', includeIPv6: '1' },
  });
  if (isRejected(reply)) return toRejectionError(reply, operation);
  requireOK(reply, operation);
  const list = readJSON(reply, operation);
  const resources = Array.isArray(list) ? parseEntries(resourceReply, list) : [];
  // Where not one entry can be read, the answer is of another kind, and does not say that there is no server. Nor does one
  // where just the entry of that server cannot be read.
  const isNamed = (one: object) =>
    (copyOptions(one) as { clientIdentifier?: unknown }).clientIdentifier === needed;
  const isUnread = () => needed !== undefined && !resources.some(isNamed) && (list as []).some(isNamed);
  if (!Array.isArray(list) || (list.length && !resources.length) || isUnread())
    throw toReplyError(
      reply,
      `sent an invalid answer to ${operation}: the answer must be a list of resources`,
    );
  return resources.filter(({ provides }) => /(^|,)\s*server\s*(,|$)/.test(provides));
}

function toRejectionError({ atMs, status, plexCode }: WireReply, operation: string): PlexAuthError {
  const message = `Plex rejected the token of ${operation} with status ${status}`;
  return new PlexAuthError('PLEX_HTTP', message, { atMs, status, plexCode, retryable: false });
}

/** Parses a list and leaves out what does not fit. */
function parseEntries<Schema extends v.GenericSchema<unknown, object>>(
  schema: Schema,
  entries: readonly unknown[],
): Readonly<v.InferOutput<Schema>>[] {
  return entries.flatMap((entry) => {
    const { success, output } = v.safeParse(schema, copyOptions(entry as object));
    return success ? copyOptions(output) : [];
  });
}

function toConnection(connection: v.InferOutput<typeof connectionReply>): PlexConnection {
  const { uri, protocol, address, port, local, relay, IPv6 } = connection;
  return { uri, protocol, address, port, isLocal: !!local, isRelay: !!relay, isIPv6: !!IPv6 };
}
