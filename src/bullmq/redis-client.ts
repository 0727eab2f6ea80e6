import type { ChainableCommander, Redis } from 'ioredis';
import type { PlexAuthError } from '../errors.ts';
import { connectToRedis, type RedisConnection } from './redis-connection.ts';
import { toRedisError } from './redis-error.ts';
import { redisScripts } from './redis-scripts.ts';
import type { SharedFleetSettings } from './shared-fleet-options.ts';

/** Runs a script in Redis. */
type RunScript = (
  name: keyof typeof redisScripts,
  keys: readonly string[],
  ...args: (string | number)[]
) => Promise<unknown>;

/** A connection to Redis. What it rejects with is a `PlexAuthError`, which shows nothing that was sent. */
export interface RedisClient {
  readonly redis: Redis;
  run: RunScript;
  /** Why Redis cannot be reached at this moment; undefined where nothing says that it cannot. */
  awayError(): PlexAuthError | undefined;
  /** Chooses the database that the connection names. Where Redis refuses, ioredis stays with number 0, and says nothing. */
  chooseDatabase(): Promise<unknown>;
  /** From now on no connection is made again: neither this one, nor those that were made from it. */
  giveUp(): void;
  ask<Answer>(call: () => Promise<Answer>): Promise<Answer>;
  /** Asks for several things as they are in one moment: what else is written comes before or after all of them. */
  askAtOnce<Answer>(add: (asked: ChainableCommander) => ChainableCommander): Promise<Answer[]>;
}

/** Connects to Redis. A connection that breaks is made again, and what was not answered is sent again. */
export function createRedisClient({ connection, leaseMs, clock }: SharedFleetSettings): RedisClient {
  let isGivenUp = false;
  let lastError: unknown;
  const redis = connect(connection, leaseMs, () => isGivenUp);
  // It connects again by itself.
  redis.on('error', (error) => {
    lastError = error;
  });
  redis.on('close', () => {
    lastError ??= new Error('The connection was closed');
  });
  redis.on('ready', () => {
    lastError = undefined;
  });

  async function ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    try {
      return await call();
    } catch (error) {
      throw toRedisError(error, redis.status !== 'end', clock.now());
    }
  }

  return {
    redis,
    awayError: () => (lastError === undefined ? undefined : toRedisError(lastError, true, clock.now())),
    giveUp() {
      isGivenUp = true;
    },
    chooseDatabase: () => ask(() => redis.select(redis.options.db ?? 0)),
    ask,
    askAtOnce: <Answer>(add: (asked: ChainableCommander) => ChainableCommander) =>
      ask(async () => {
        const answers = (await add(redis.multi()).exec().catch(rethrowFirst)) ?? [];
        for (const [error] of answers) if (error) throw error;
        return answers.map(([, answer]) => answer as Answer);
      }),
    run: (name, keys, ...args) =>
      ask(
        () =>
          (redis as unknown as Record<string, (...all: unknown[]) => Promise<unknown>>)[`plex:${name}`]?.(
            ...keys,
            ...args,
          ) as Promise<unknown>,
      ),
  };
}

/** Where Redis refuses one of several commands, it refuses all, and ioredis keeps the reason apart. */
function rethrowFirst(error: Error & { previousErrors?: readonly Error[] }): never {
  throw error.previousErrors?.[0] ?? error;
}

function connect(connection: RedisConnection, leaseMs: number, isGivenUp: () => boolean): Redis {
  const redis = connectToRedis(connection, {
    maxRetriesPerRequest: null,
    socketTimeout: leaseMs,
    enableOfflineQueue: true,
    // What only listens sends nothing that would connect it.
    lazyConnect: false,
    stringNumbers: false,
    monitor: false,
  });
  // Connections that are made from this one take it over.
  const { retryStrategy } = redis.options;
  redis.options.retryStrategy = (times) => (isGivenUp() ? null : retryStrategy?.(times));
  for (const [name, lua] of Object.entries(redisScripts))
    redis.defineCommand(`plex:${name}`, { lua, numberOfKeys: name === 'beat' ? 2 : 8 });
  return redis;
}
