/** The names of what a fleet has in Redis. */
export interface RedisKeys {
  readonly ids: string;
  readonly news: string;
  readonly fleet: string;
  readonly machines: string;
  of(shard: number): Readonly<Record<'owner' | 'fences' | 'flows' | 'told' | 'tokens' | 'commands', string>>;
  /** All that a script of a shard is given, in its order. */
  all(shard: number): readonly string[];
}

/** Makes the names that begin with this prefix. */
export function createRedisKeys(prefix: string): RedisKeys {
  const ids = `${prefix}:ids`;
  const news = `${prefix}:news`;
  const of = (shard: number) => {
    const at = `${prefix}:shard:${shard}`;
    const [owner, fences, flows] = [`${at}:owner`, `${at}:fences`, `${at}:flows`];
    return { owner, fences, flows, told: `${at}:told`, tokens: `${at}:tokens`, commands: `${at}:commands` };
  };
  return {
    ids,
    news,
    fleet: `${prefix}:fleet`,
    machines: `${prefix}:machines`,
    of,
    all: (shard: number) => [ids, news, ...Object.values(of(shard))],
  };
}
