import type { Redis, RedisOptions } from 'ioredis';
import {
  type FleetSettings,
  fleetOptionNames,
  type PlexFleetOptions,
  readFleetOptions,
} from '../fleet/fleet-options.ts';
import {
  requireInteger,
  requireKnownFields,
  requireMs,
  requireOption,
  requireType,
} from '../require-option.ts';

/** How a fleet on many machines signs in. `product` and `connection` are required; give all machines the same options. */
export interface SharedPlexFleetOptions extends Omit<PlexFleetOptions, 'store' | 'name'> {
  /**
   * The Redis that all machines share: its address, such as `redis://10.0.0.5`, options of ioredis, or an ioredis client,
   * from which connections are made. Tokens are stored there as they are: give it a Redis that only your processes read.
   */
  connection: string | RedisOptions | Redis;
  /** Begins the names of all keys, so that fleets can share a Redis. Default `plex-auth-flow`. */
  prefix?: string | undefined;
  /**
   * Into how many parts the flows are divided: an integer from 1 to 1024, the same for the whole life of `prefix`. 500 to
   * 1000 flows a shard are a good measure. Default 32.
   */
  shards?: number | undefined;
  /**
   * How long a process keeps a shard after it was last heard of, in milliseconds, from 1000 to 300000. A shard of a process
   * that died moves to another one after one to two times as long. Default 10000.
   */
  leaseMs?: number | undefined;
  /** Whether this process asks Plex. False: it only starts, watches and handles flows. Default true. */
  polls?: boolean | undefined;
  /** The most requests in flight at once, over all machines: each has the part of its shards. Default 64. */
  connections?: number | undefined;
}

/** {@link SharedPlexFleetOptions}, checked, with their defaults. */
export interface SharedFleetSettings extends FleetSettings {
  readonly connection: string | RedisOptions | Redis;
  readonly prefix: string;
  readonly shards: number;
  readonly leaseMs: number;
  readonly polls: boolean;
}

const ownNames: readonly string[] = ['connection', 'prefix', 'shards', 'leaseMs', 'polls'];

/** Checks what a fleet is made with, once, and fills in the defaults. @throws {TypeError} For a bad option, naming it. */
export function readSharedFleetOptions(options: SharedPlexFleetOptions): SharedFleetSettings {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const {
    connection,
    prefix = 'plex-auth-flow',
    shards = 32,
    leaseMs = 10_000,
    polls = true,
    ...own
  } = options;
  for (const field of ['store', 'name'])
    requireOption(!(field in own), field, 'left out: Redis keeps the flows, under prefix');
  requireKnownFields('', options, ownNames.concat(fleetOptionNames));
  requireOption(
    isConnection(connection),
    'connection',
    'a redis:// address, options of ioredis, or its client',
  );
  requireOption(!isCluster(connection), 'connection', 'one Redis, not a Cluster');
  // What ioredis throws at such an address quotes it, password included.
  requireOption(
    typeof connection !== 'string' || isReadable(connection),
    'connection',
    'a whole address; in its password, % # / ? and the like must be encoded: %25 %23 %2F %3F',
  );
  // ioredis asks Redis for number NaN, and its rejection goes unhandled.
  requireOption(
    /^\d+$/.test(databaseOf(connection)),
    typeof connection === 'string' ? 'connection' : 'connection.db',
    'without a database, or with its number: 0 or more',
  );
  requireOption(!hasKeyPrefix(connection), 'connection.keyPrefix', 'left out: prefix begins the keys');
  requireOption(
    typeof prefix === 'string' && /^[^\s{}]+$/.test(prefix),
    'prefix',
    'a text without spaces and braces',
  );
  requireInteger('shards', shards, 1, 1024);
  requireMs('leaseMs', leaseMs, 1000);
  requireOption(leaseMs <= 300_000, 'leaseMs', 'from 1000 to 300000 ms');
  requireType('polls', polls, 'boolean');
  const settings = readFleetOptions({
    ...own,
    connections: own.connections === undefined ? 64 : own.connections,
  });
  return { ...settings, connection, prefix, shards, leaseMs, polls };
}

/** BullMQ refuses it, but only once a connection is open. */
function hasKeyPrefix(connection: SharedPlexFleetOptions['connection']): boolean {
  if (typeof connection === 'string') return /[?&]keyPrefix=/.test(connection);
  return Boolean(redisOptionsOf(connection)?.keyPrefix);
}

/** What names the database, as it was given. */
function databaseOf(connection: SharedPlexFleetOptions['connection']): string {
  if (typeof connection !== 'string') return String(redisOptionsOf(connection)?.db ?? 0);
  const { pathname, searchParams } = new URL(connection);
  return pathname.slice(1) || (searchParams.get('db') ?? '0');
}

function redisOptionsOf(connection: RedisOptions | Redis): RedisOptions | undefined {
  return 'duplicate' in connection ? (connection as Redis).options : (connection as RedisOptions);
}

/** Whether ioredis can read an address: it decodes the user and the password. */
function isReadable(address: string): boolean {
  try {
    const { username, password } = new URL(address);
    for (const text of [username, password]) decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function isCluster(connection: SharedPlexFleetOptions['connection']): boolean {
  return typeof connection !== 'string' && 'isCluster' in connection && connection.isCluster;
}

function isConnection(connection: unknown): boolean {
  if (typeof connection === 'string') return /^rediss?:\/\//.test(connection);
  return typeof connection === 'object' && connection !== null;
}
