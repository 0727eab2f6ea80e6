import type { Credentials } from '../pin.ts';
import type { FleetDatabase } from './fleet-database.ts';
import { type FlowTexts, type SharedFlow, writeToken } from './flow-text.ts';
import { untilRedisAgrees } from './until-redis-agrees.ts';
import { within } from './within.ts';

/** Whose token it is. An id alone does not say it: it may belong to another start by the time that the token comes. */
type TokenOwner = Pick<SharedFlow, 'id' | 'startID' | 'eventID'>;

/**
 * Writes tokens to Redis. Plex may hand a token out once, so it is a fact about the flow, whoever read it: no fence refuses
 * it, and whoever owns the shard by now takes it over from there.
 */
export interface TokenWriter {
  write(shard: number, flow: TokenOwner, credentials: Credentials): void;
  /** These are in Redis already. @returns Whether this was known. */
  isWritten(credentials: Credentials): boolean;
  /** Resolves once all tokens so far are in Redis, or after this long. Then it tries no more. */
  close(mostMs: number): Promise<void>;
}

/** Makes what writes tokens. */
export function createTokenWriter(database: FleetDatabase, texts: FlowTexts): TokenWriter {
  const written = new WeakSet<Credentials>();
  const pending = new Set<Promise<void>>();
  const ending = new AbortController();

  function isWritten(credentials: Credentials): boolean {
    const wasWritten = written.has(credentials);
    written.add(credentials);
    return wasWritten;
  }

  async function put(shard: number, owner: TokenOwner, credentials: Credentials): Promise<void> {
    const { id, startID, eventID = id } = owner;
    const tokenText = writeToken(credentials);
    const putOnce = () => {
      const text = texts.write(toFlow(owner, credentials));
      const lateText = texts.write(toFlow({ id: startID, startID, eventID }, credentials));
      return database.putToken(shard, { id, startID, tokenText, text, lateText });
    };
    // Whatever is wrong with Redis: there is no other place for it.
    await untilRedisAgrees(putOnce, ending.signal, () => true).catch(() => {});
  }

  return {
    write(shard, owner, credentials) {
      const ended = put(shard, owner, credentials).finally(() => pending.delete(ended));
      pending.add(ended);
    },
    isWritten,
    async close(mostMs) {
      const flush = async () => {
        while (pending.size > 0) await Promise.all(pending);
      };
      await within(mostMs, flush());
      ending.abort();
    },
  };
}

/** What Redis is given where it has no flow of this id any more: its end was handled before the token came. */
function toFlow({ id, startID, eventID }: TokenOwner, { clientIdentifier }: Credentials): SharedFlow {
  return {
    id,
    eventID,
    clientIdentifier,
    startID,
    version: 0,
    status: 'idle',
    isShown: true,
    renewalsLeft: 0,
    reason: 'cancelled',
  };
}
