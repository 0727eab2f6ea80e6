import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Redis of its own, on loopback. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Starts it again after `stop`, on the same port. */
  start(): Promise<void>;
  /** Ends it. With its file it writes what it has first; without one it forgets everything. */
  stop(how: 'with its file' | 'without its file'): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a Redis with an empty folder. */
export async function startRedisServer(): Promise<RedisServer> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'plex-redis-'));
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    server = spawn('redis-server', [...options, '--dir', folder, '--dbfilename', 'fleet.rdb'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise<void>((resolve, reject) => {
      server?.once('error', reject);
      server?.stdout?.on('data', (text) => {
        if (`${text}`.includes('Ready to accept connections')) resolve();
      });
    });
  }

  async function stop(how: Parameters<RedisServer['stop']>[0]): Promise<void> {
    const stopping = server;
    server = undefined;
    if (!stopping) return;
    const ended = new Promise((resolve) => stopping.once('exit', resolve));
    if (how === 'with its file') await saveAndEnd(port);
    else stopping.kill('SIGKILL');
    await ended;
  }

  await start();
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    start,
    stop,
    async remove() {
      await stop('without its file');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function saveAndEnd(port: number): Promise<void> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(port, { retryStrategy: () => null });
  redis.on('error', () => {});
  // The connection ends with the server.
  await redis.shutdown('SAVE').catch(() => {});
  redis.disconnect();
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
