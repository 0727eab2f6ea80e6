import { inspect } from 'node:util';
import { Secret } from '../../../src/plex/client.ts';
import { answerToken, askedServer } from './good-answers.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What was sent, as far as servers need it. */
interface SentList {
  readonly status: number;
  readonly json: unknown;
}

/** The servers of an answer, read independently of the client; undefined if it is no list of what a user reaches. */
function serversIn(json: unknown): Fields[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const resources = (json as unknown[]).filter((entry): entry is Fields => {
    const own = { clientIdentifier: undefined, provides: undefined, ...Object(entry) } as Fields;
    return typeof own['clientIdentifier'] === 'string' && typeof own['provides'] === 'string';
  });
  if (json.length > 0 && resources.length === 0) return undefined;
  return resources.filter(({ provides }) =>
    String(provides)
      .split(',')
      .some((one) => one.trim() === 'server'),
  );
}

/** Whether an answer lists what a user reaches. */
export function isResourceList(json: unknown): boolean {
  return serversIn(json) !== undefined;
}

/** Says what is wrong with a list of servers that a call gave. */
export function faultInServers(value: unknown, { status, json }: SentList): string | undefined {
  if (!Array.isArray(value)) return 'no list';
  if (status < 200 || status > 299) return 'servers come from a status that is no success';
  const sent = serversIn(json);
  if (!sent) return 'servers come of what is no list';
  if (inspect(value, { depth: 9, showHidden: true }).includes(answerToken)) return 'a token shows';
  for (const server of value as Fields[]) {
    const { machineIdentifier, accessToken, isOwned, isHome, name, product, connections } = server;
    const isSent = sent.some(
      (one) =>
        one['clientIdentifier'] === machineIdentifier &&
        accessToken instanceof Secret &&
        one['accessToken'] === accessToken.reveal(),
    );
    if (!isSent) return 'a server that was not sent';
    if (typeof isOwned !== 'boolean' || typeof isHome !== 'boolean') return 'isOwned or isHome';
    if (typeof name !== 'string' || typeof product !== 'string') return 'name or product';
    if (!Array.isArray(connections) || connections.some((one) => typeof one.uri !== 'string'))
      return 'connections';
  }
  return undefined;
}

/** Says what is wrong with the access that a call gave. */
export function faultInAccess({ status: access }: Fields, { status, json }: SentList): string | undefined {
  if (status < 200 || status > 299) return 'an access comes from a status that is no success';
  const found = serversIn(json)?.filter(({ clientIdentifier }) => clientIdentifier === askedServer);
  if (!found) return 'an access comes of what is no list';
  const isOwner = found.some(({ owned }) => [true, 1, '1', 'true'].includes(owned as string));
  const expected = found.length === 0 ? 'none' : isOwner ? 'owner' : 'member';
  return access === expected ? undefined : `${String(access)} instead of ${expected}`;
}
