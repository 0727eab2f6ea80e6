import { Redis, type RedisOptions } from 'ioredis';
import { requireOption, requireType } from '../require-option.ts';

/** What a fleet can be given to reach its Redis. */
export type RedisConnection = string | RedisOptions | Redis;

/** @throws {TypeError} For one that ioredis would read otherwise than its writer, or that says it only once it is open. */
export function requireConnection(connection: RedisConnection): void {
  requireOption(
    isConnection(connection),
    'connection',
    'a redis:// address, options of ioredis, or its client',
  );
  if (typeof connection === 'string') requireAddress(connection);
  else if (isClient(connection)) requireClient(connection);
  else requireRedisOptions(connection);
}

/** Connects to Redis, with `own` whatever else the connection says. */
export function connectToRedis(connection: RedisConnection, own: RedisOptions): Redis {
  if (typeof connection === 'string') {
    return new Redis(withoutQueries(connection, [...Object.keys(own), 'retryStrategy']), own);
  }
  if (isClient(connection)) return connection.duplicate({ ...own, db: databaseOf(connection) });
  return new Redis({ ...connection, ...own });
}

function isConnection(connection: unknown): boolean {
  if (typeof connection === 'string') return /^rediss?:\/\//.test(connection);
  const isObject = typeof connection === 'object' && connection !== null;
  return isObject && ![Array, URL, String].some((other) => connection instanceof other);
}

function isClient(connection: RedisConnection): connection is Redis {
  return typeof connection !== 'string' && 'duplicate' in connection;
}

function requireAddress(address: string): void {
  // What ioredis throws at such an address quotes it, password included.
  requireOption(
    isReadable(address),
    'connection',
    'a whole address; in its password, % # / ? and the like must be encoded: %25 %23 %2F %3F',
  );
  const { pathname, searchParams } = new URL(address);
  requireDatabase('connection', pathname.slice(1) || (searchParams.get('db') ?? 0));
  requireNoPrefix(searchParams.get('keyPrefix'));
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

function requireClient(client: Redis): void {
  requireOption(!(client as { isCluster?: boolean }).isCluster, 'connection', 'one Redis, not a Cluster');
  requireOption(typeof client.defineCommand === 'function', 'connection', 'a client of ioredis');
  requireDatabase('connection.db', databaseOf(client));
  requireNoPrefix(client.options.keyPrefix);
}

function requireRedisOptions(options: RedisOptions): void {
  // ioredis reads no address there: it would go to this machine, or show the password in an error.
  const { url, host } = options as { url?: unknown; host?: unknown };
  requireOption(url === undefined, 'connection.url', 'left out: an address is given as connection itself');
  requireOption(!`${host}`.includes('://'), 'connection.host', 'a name, not an address');
  requireType('connection.retryStrategy', options.retryStrategy ?? undefined, 'function');
  requireDatabase('connection.db', options.db ?? 0);
  requireNoPrefix(options.keyPrefix);
}

/** ioredis asks Redis for number NaN, and its rejection goes unhandled. */
function requireDatabase(name: string, database: unknown): void {
  requireOption(/^\d+$/.test(`${database}`), name, 'without a database, or with its number: 0 or more');
}

/** BullMQ refuses it, but only once a connection is open. */
function requireNoPrefix(keyPrefix: unknown): void {
  requireOption(!keyPrefix, 'connection.keyPrefix', 'left out: prefix begins the keys');
}

/** The database that a client is in: `select` changes it, and its options do not say so. */
function databaseOf(client: Redis): number {
  const { condition } = client as unknown as { condition?: { select?: number } | null };
  return condition?.select ?? client.options.db ?? 0;
}

/** In ioredis an address outranks the options beside it. */
function withoutQueries(address: string, names: readonly string[]): string {
  const url = new URL(address);
  for (const name of names) url.searchParams.delete(name);
  return url.href;
}
