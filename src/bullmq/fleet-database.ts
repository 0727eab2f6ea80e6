import type { Redis } from 'ioredis';
import type { PlexAuthError } from '../errors.ts';
import { createNewsTable, type NewsTable } from './news-table.ts';
import { createRedisClient } from './redis-client.ts';
import { createRedisKeys } from './redis-keys.ts';
import type { SharedFleetSettings } from './shared-fleet-options.ts';
import { within } from './within.ts';

/** What is stored of one flow. */
export interface StoredFlow {
  readonly text: string;
  /** What the last event said of it. */
  readonly told: string | null;
  readonly token: string | null;
}

/** One change of a flow. With a delay, in milliseconds, it is an event after that time. */
export interface FlowWrite {
  readonly id: string;
  readonly startID: string;
  readonly text: string;
  readonly newsAfterMs?: number | undefined;
}

/** A token of a flow. */
interface TokenWrite {
  readonly id: string;
  readonly startID: string;
  readonly tokenText: string;
  /** What is stored of the flow if Redis has none of this id. */
  readonly text: string;
  /** What is stored under the `startID` if the id belongs to another start by now. */
  readonly lateText: string;
}

/** Something that any machine may ask of a flow's owner. */
export interface FlowCommand {
  readonly commandID: string;
  readonly type: 'start' | 'check' | 'cancel' | 'token' | 'forget';
  readonly id: string;
}

/** What Redis answers to a write: what else is to be done; or that the shard has another owner by now. */
type WriteAnswer =
  | {
      readonly isRefused: false;
      readonly commands: readonly FlowCommand[];
      /** The ids that belong to another start by now: nothing was written of these. */
      readonly superseded: readonly string[];
    }
  /** `isFenceKnown` is false if Redis has lost what it knew when it gave this fence. */
  | { readonly isRefused: true; readonly isFenceKnown: boolean };

/** The flows in Redis. */
export interface FleetDatabase extends NewsTable {
  readonly redis: Redis;
  /** Why Redis cannot be reached at this moment; undefined where nothing says that it cannot. */
  awayError(): PlexAuthError | undefined;
  /** @throws {PlexAuthError} `PLEX_STORE` if Redis has no database of the number that the connection names. */
  chooseDatabase(): Promise<unknown>;
  /** Writes that Redis refused so far. */
  readonly refusedWrites: number;
  /** Where events are announced, by the flow's id, and where a shard's commands are. */
  readonly newsChannel: string;
  commandChannel(shard: number): string;
  shardOfFlow(id: string): Promise<number | undefined>;
  read(shard: number, id: string): Promise<StoredFlow | undefined>;
  /** @returns False if the id is in use. */
  start(shard: number, id: string, text: string, startID: string): Promise<boolean>;
  command(shard: number, type: 'check' | 'cancel', id: string): Promise<void>;
  /** Makes the caller the owner of a shard, whoever was it before. */
  acquire(shard: number): Promise<AcquiredShard>;
  write(
    shard: number,
    fence: string,
    done: readonly string[],
    writes: readonly FlowWrite[],
  ): Promise<WriteAnswer>;
  /** Reads all flows of a shard. */
  readAll(shard: number): Promise<FoundFlows>;
  /** Stores flows that Redis has lost; those that it has stay as they are. */
  restore(shard: number, writes: readonly FlowWrite[]): Promise<void>;
  /** Stores a token, and that the flow has it. Nothing refuses it. */
  putToken(shard: number, token: TokenWrite): Promise<void>;
  /** Says that this machine lives; without an id it asks only. */
  beat(machineID: string, keepMs: number): Promise<Beat>;
  leave(machineID: string): Promise<void>;
  countFlows(): Promise<number>;
  /** Ends all connections once what was sent is answered, or after this long. None is made again. */
  close(mostMs: number): Promise<void>;
}

/** The texts of all flows of a shard, and of their tokens, by the flows' ids. */
export interface FoundFlows {
  readonly flows: ReadonlyMap<string, string>;
  readonly tokens: ReadonlyMap<string, string>;
}

/** What a new owner finds. */
interface AcquiredShard extends FoundFlows {
  readonly fence: string;
}

/** What a machine learns when it says that it lives. */
export interface Beat {
  readonly redisMs: number;
  readonly machines: number;
  readonly shards: number;
}

/** Connects to Redis. */
export function createFleetDatabase(settings: SharedFleetSettings): FleetDatabase {
  const { prefix, shards } = settings;
  const client = createRedisClient(settings);
  const { redis, run, ask, askAtOnce } = client;
  const keys = createRedisKeys(prefix);
  let refusedWrites = 0;
  return {
    redis,
    awayError: client.awayError,
    chooseDatabase: client.chooseDatabase,
    get refusedWrites() {
      return refusedWrites;
    },
    newsChannel: keys.news,
    commandChannel: (shard) => keys.of(shard).commands,
    async shardOfFlow(id) {
      const shard = await ask(() => redis.hget(keys.ids, id));
      return shard === null ? undefined : Number(shard);
    },
    async read(shard, id) {
      const { flows, told, tokens } = keys.of(shard);
      const [text, toldText, token] = await askAtOnce<string | null>((asked) =>
        asked.hget(flows, id).hget(told, id).hget(tokens, id),
      );
      return typeof text === 'string' ? { text, told: toldText ?? null, token: token ?? null } : undefined;
    },
    start: async (shard, id, text, startID) =>
      (await run('start', keys.all(shard), id, shard, text, startID)) === 1,
    command: async (shard, type, id) => void (await run('command', keys.all(shard), type, id)),
    async acquire(shard) {
      const [fence, flows, tokens] = (await run('acquire', keys.all(shard))) as [string, string[], string[]];
      return { fence, flows: toMap(flows), tokens: toMap(tokens) };
    },
    async readAll(shard) {
      const { flows, tokens } = keys.of(shard);
      const [found = {}, foundTokens = {}] = await askAtOnce<Record<string, string>>((asked) =>
        asked.hgetall(flows).hgetall(tokens),
      );
      return { flows: new Map(Object.entries(found)), tokens: new Map(Object.entries(foundTokens)) };
    },
    async write(shard, fence, done, writes) {
      const args = [fence, shard, done.length, ...done, ...writes.flatMap(toArguments)];
      const [isWritten, answer, superseded] = (await run('write', keys.all(shard), ...args)) as [
        number,
        unknown,
        string[],
      ];
      if (isWritten === 0) {
        refusedWrites++;
        return { isRefused: true, isFenceKnown: answer === 1 };
      }
      return { isRefused: false, commands: (answer as [string, string[]][]).map(toCommand), superseded };
    },
    restore: async (shard, writes) =>
      void (await run('restore', keys.all(shard), shard, ...writes.flatMap(toArguments))),
    putToken: async (shard, { id, startID, tokenText, text, lateText }) =>
      void (await run('token', keys.all(shard), id, shard, tokenText, text, startID, lateText)),
    ...createNewsTable(client, keys),
    async beat(machineID, keepMs) {
      const answer = await run('beat', [keys.machines, keys.fleet], machineID, keepMs, shards);
      const [redisMs, machines, found] = answer as [string, number, string];
      return { redisMs: Number(redisMs), machines, shards: Number(found) };
    },
    leave: async (machineID) => void (await ask(() => redis.zrem(keys.machines, machineID))),
    countFlows: () => ask(() => redis.hlen(keys.ids)),
    async close(mostMs) {
      client.giveUp();
      if (redis.status === 'ready') await within(mostMs, redis.quit());
      redis.disconnect();
    },
  };
}

function toArguments({ id, startID, text, newsAfterMs }: FlowWrite): (string | number)[] {
  return [id, startID, text, newsAfterMs ?? ''];
}

function toCommand([commandID, [type, id]]: [string, string[]]): FlowCommand {
  return { commandID, type: type as FlowCommand['type'], id: id as string };
}

function toMap(entries: readonly string[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (let index = 0; index < entries.length; index += 2)
    map.set(entries[index] as string, entries[index + 1] as string);
  return map;
}
