/** `npm run play` on a port that it cannot have. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { beforeAll, expect, it } from 'vitest';

const main = 'node_modules/.cache/plex-auth-flow/examples/play/main.js';

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'bundle', '--', 'examples/play/main.ts']);
}, 120_000);

function play(port: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, port], { encoding: 'utf8', timeout: 60_000 });
}

it('says that a port is taken, and how to choose another', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { status, stdout, stderr } = play(String(port));
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    new RegExp(
      `^Port ${port} is taken\\. Choose another one: npm run play -- \\d+\\. Or take any free one: npm run play\n$`,
    ),
  );
  other.close();
}, 120_000);

it.each(['no', '65536', '-1', '80.5'])('takes no port such as %s', (port) => {
  expect(play(port)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'The port must be a number from 0 (any free one) to 65535, as in: npm run play -- 8080\n',
  });
});
