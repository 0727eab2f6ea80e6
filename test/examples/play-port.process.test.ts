/** `npm run play` on a port that it cannot have. */
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';

const program = 'node_modules/.cache/plex-auth-flow/examples/play/main.js';

beforeAll(() => {
  execFileSync('npm', ['run', '--silent', 'bundle', '--', 'examples/play/main.ts']);
}, 60_000);

function play(port: number, env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, `${port}`], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}

const choice = 'For any free one: npm run play';

it('says that the port is taken', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stderr = `Port ${port} is taken (EADDRINUSE). ${choice}\n`;
  expect(play(port)).toEqual({ status: 1, stdout: '', stderr });
  // One line of a terminal.
  expect(stderr.trimEnd().length).toBeLessThanOrEqual(80);
});

it('says that the port needs more rights', () => {
  const env = { NODE_OPTIONS: `--import=${resolve('test/fixture/refuse-port.mjs')}` };
  const stderr = `Port 80 needs more rights (EACCES). ${choice}\n`;
  expect(play(80, env)).toEqual({ status: 1, stdout: '', stderr });
});

it('says that no browser opens the port', () => {
  const stderr = `Browsers refuse port 6000. ${choice}\n`;
  expect(play(6000)).toEqual({ status: 2, stdout: '', stderr });
});
