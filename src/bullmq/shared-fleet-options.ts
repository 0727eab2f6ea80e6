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
import { type RedisConnection, requireConnection } from './redis-connection.ts';

/** How a fleet on many machines signs in. `product` and `connection` are required; give all machines the same options. */
export interface SharedPlexFleetOptions extends Omit<PlexFleetOptions, 'store' | 'name'> {
  /**
   * The Redis that all machines share: its address, such as `redis://10.0.0.5`, options of ioredis, or an ioredis client,
   * from which connections are made. Tokens are stored there as they are: give it a Redis that only your processes read.
   */
  connection: RedisConnection;
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
  readonly connection: RedisConnection;
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
  requireConnection(connection);
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
