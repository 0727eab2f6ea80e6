/** The announcements of Redis, over connections that break. */
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FleetDatabase } from '../../src/bullmq/fleet-database.ts';
import { createWakeUps, type WakeUps } from '../../src/bullmq/wake-ups.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

let server: RedisServer;
let redis: Redis;
let subscriber: Redis;
let wakeUps: WakeUps;
const commands: number[] = [];

beforeEach(async () => {
  server = await startRedisServer();
  redis = new Redis(server.url);
  const database = {
    redis: { duplicate: (own: object) => (subscriber = redis.duplicate(own)) },
    newsChannel: 'news',
    commandChannel: (shard: number) => `commands of ${shard}`,
  };
  wakeUps = createWakeUps(database as unknown as FleetDatabase, (shard) => commands.push(shard));
  wakeUps.listen(1, true);
  wakeUps.listen(2, true);
  wakeUps.listen(2, false);
});

afterEach(async () => {
  wakeUps.close();
  redis.disconnect();
  await server.remove();
});

const announce = (channel: string, text = '') => redis.publish(channel, text);

it('are heard again after the connection broke, those that are listened for', async () => {
  const news: string[] = [];
  wakeUps.onNews((id) => news.push(id));
  await expect.poll(() => announce('news')).toBe(1);
  subscriber.stream.destroy();
  await expect.poll(() => announce('news', 'flow').then(() => news)).toContain('flow');
  await expect.poll(() => announce('commands of 1').then(() => commands)).toContain(1);
  expect(await announce('commands of 2')).toBe(0);
});

it('end while the connection is made again, and nothing is left that rejects', async () => {
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);
  process.on('unhandledRejection', note);
  await expect.poll(() => announce('news')).toBe(1);
  subscriber.stream.destroy();
  await new Promise<void>((resolve) => {
    subscriber.once('end', resolve);
    subscriber.once('ready', () => {
      wakeUps.close();
      subscriber.stream.destroy();
    });
  });
  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});
