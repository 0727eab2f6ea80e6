import type { Redis } from 'ioredis';
import type { FleetDatabase } from './fleet-database.ts';

/** What Redis announces. An announcement may be lost: whoever listens looks by himself from time to time as well. */
export interface WakeUps {
  /** Calls back when a flow has something new. @returns Ends that. */
  onNews(listener: (id: string) => void): () => void;
  /** Listens for commands of this shard, or no more. */
  listen(shard: number, isWanted: boolean): void;
  close(): void;
}

/** Listens for announcements. @param onCommand Called when a shard that is listened for has a new command. */
export function createWakeUps(
  { redis, newsChannel, commandChannel }: FleetDatabase,
  onCommand: (shard: number) => void,
): WakeUps {
  const ignore = () => {};
  // What ioredis subscribes to again by itself rejects unheard if the connection closes meanwhile.
  const own = { socketTimeout: undefined as never, autoResubscribe: false };
  const subscriber: Redis = redis.duplicate(own);
  const listeners = new Set<(id: string) => void>();
  const shards = new Map<string, number>();
  subscriber.on('error', ignore);
  subscriber.on('ready', () => subscriber.subscribe(newsChannel, ...shards.keys()).catch(ignore));
  subscriber.on('message', (channel: string, text: string) => {
    const shard = shards.get(channel);
    if (shard !== undefined) onCommand(shard);
    else for (const listener of listeners) listener(text);
  });
  return {
    onNews(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    listen(shard, isWanted) {
      const channel = commandChannel(shard);
      if (isWanted) shards.set(channel, shard);
      else shards.delete(channel);
      if (subscriber.status !== 'ready') return;
      if (isWanted) subscriber.subscribe(channel).catch(ignore);
      else subscriber.unsubscribe(channel).catch(ignore);
    },
    close: () => subscriber.disconnect(),
  };
}
