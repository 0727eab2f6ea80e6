/** A fleet goes where its connection leads, and works there whatever else the connection says. */
import { Redis } from 'ioredis';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OneProcess, startOneProcess } from './one-fleet.ts';

let own: OneProcess;
let admin: Redis;

beforeEach(async () => {
  own = await startOneProcess();
  admin = new Redis(own.redis.port);
});

afterEach(async () => {
  admin.disconnect();
  await own.end();
});

it('follows a client into the database that it has selected', async () => {
  const client = new Redis(own.redis.port);
  await client.select(5);
  await own.createFleet({ connection: client }).start({ id: 'ada' });
  client.disconnect();
  expect(await admin.keys('*:flows')).toEqual([]);
  await admin.select(5);
  expect(await admin.keys('*:flows')).toHaveLength(1);
});

it.each([
  'maxRetriesPerRequest=3',
  'socketTimeout=1',
  'enableOfflineQueue=false',
  'lazyConnect=true',
  'stringNumbers=true',
  'monitor=true',
])('starts a flow at once where the address has %s', async (query) => {
  const fleet = own.createFleet({ connection: `${own.redis.url}?${query}` });
  await fleet.ready();
  const sinceMs = performance.now();
  expect(await fleet.start({ id: 'ada' })).toMatchObject({ id: 'ada' });
  // What is not heard of is looked for after a second.
  expect(performance.now() - sinceMs).toBeLessThan(900);
});

it('starts a flow at once where an option says so', async () => {
  const connection = { port: own.redis.port, lazyConnect: true, stringNumbers: true, monitor: true };
  const fleet = own.createFleet({ connection });
  await fleet.ready();
  expect(await fleet.start({ id: 'ada' })).toMatchObject({ id: 'ada' });
});
