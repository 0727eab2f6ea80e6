import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, prefixStorage, type Storage } from 'unstorage';
import redisDriver from 'unstorage/drivers/redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'plex-auth-flow-redis-'));
let redis: ChildProcess;
/** Two nodes of one application, each with its own connection. */
let nodes: Storage[];

beforeAll(async () => {
  const socket = join(folder, 'redis.sock');
  redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]);
  for await (const part of redis.stdout as AsyncIterable<Buffer>)
    if (/ready to accept/i.test(part.toString())) break;
  nodes = [0, 1].map(() => createStorage({ driver: redisDriver({ path: socket, base: 'plex' }) }));
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.dispose()));
  redis.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits for what another process does, in real time: a socket is the thing under test. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}

it('continues, on another node, with the PIN and the identifier of the first, and keeps users apart', async () => {
  const [first, second] = nodes as [Storage, Storage];
  const { clock, advance } = createVirtualTime();
  const plex = createPlexEmulator({ clock });
  const optionsFor = (node: Storage, user: string) => ({
    product: 'Many users',
    store: prefixStorage(node, `store:${user}`),
    credentials: prefixStorage(node, `credentials:${user}`),
    fetch: plex.fetch,
    clock,
  });

  const before = createPlexAuth(optionsFor(first, 'ann'));
  before.start();
  await until(() => before.getSnapshot().status === 'awaitingLink');
  const shown = before.getSnapshot();
  await until(() => (plex.pins.length as number) === 1);
  let isKept = false;
  while (!isKept) isKept = (await second.keys('store:ann')).length === 2;
  before.dispose();

  await advance(60_000);
  const after = createPlexAuth(optionsFor(second, 'ann'));
  await until(() => after.getSnapshot().status === 'awaitingLink');
  expect(after.getSnapshot()).toEqual(shown);
  expect(plex.pins).toHaveLength(1);

  plex.link(plex.pins[0]?.code ?? '');
  after.check();
  await until(() => after.getSnapshot().status === 'authenticated');
  isKept = false;
  while (!isKept) isKept = (await first.keys('credentials:ann')).length === 1;
  after.dispose();

  const returned = createPlexAuth(optionsFor(first, 'ann'));
  await until(() => returned.getSnapshot().status === 'authenticated');
  const stranger = createPlexAuth(optionsFor(first, 'bob'));
  expect(stranger.getSnapshot().status).toBe('idle');
  expect(await second.keys('credentials:bob')).toEqual([]);
  for (const auth of [returned, stranger]) auth.dispose();
});
