import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';

function play(port: string): [status: number | null, stderr: string] {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'play', '--', port], { encoding: 'utf8' });
  return [status, stderr];
}

it('says that the playground’s port is taken, and how to choose another one', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect(play(String(port))).toEqual([
    1,
    `Port ${port} is taken: choose another one, as in "npm run play -- 8080", or 0 for any free one\n`,
  ]);
  other.close();
}, 60_000);

it('says that something is no port', () => {
  expect(play('high')).toEqual([2, 'high is no port: give a number from 0 (any free one) to 65535\n']);
}, 60_000);
