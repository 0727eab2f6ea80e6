/** `plex-auth emulator` as a process of its own. */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useProgramWorld } from '../program-world.ts';

const world = useProgramWorld();

describe('emulator', () => {
  it('says how to use it, logs each request without what is secret, and ends with 0', async () => {
    const emulator = world.run(['emulator', '--approve-after', '0']);
    const [, url = ''] = await emulator.sees(/answers at (http:\/\/127\.0\.0\.1:\d+)/);
    const login = await world.finish(['login', '--short', '--server-url', url]);
    expect([login.code, (await fetch(`${url}/link/?pin=HUSH`)).status]).toEqual([0, 200]);
    await fetch(`${url}/api/v2/pins/qr/HUSH`);
    await emulator.sees(/GET \/api\/v2\/pins\/qr\/… 404/);
    emulator.child.kill('SIGINT');
    expect([await emulator.ended, emulator.stderr]).toEqual([0, '']);
    expect(emulator.stdout).toContain('POST /api/v2/pins 201\n');
    expect(emulator.stdout).toContain('GET /link/ 200\n');
    expect(emulator.stdout).not.toContain('HUSH');
  });

  it('ends with 4 where its port is taken', async () => {
    const port = new URL(world.served.url).port;
    const { code, stderr } = await world.finish(['emulator', '--port', port]);
    expect([code, stderr]).toEqual([
      4,
      `plex-auth-flow: port ${port} is taken (EADDRINUSE); choose another one with --port, or 0 for any free one\n`,
    ]);
  });

  it('ends with 4 where its port needs more rights', async () => {
    const env = { NODE_OPTIONS: `--import=${resolve('test/fixture/refuse-port.mjs')}` };
    const { code, stderr } = await world.finish(['emulator', '--port', '80'], env);
    expect([code, stderr]).toEqual([
      4,
      'plex-auth-flow: port 80 needs more rights (EACCES); choose another one with --port, or 0 for any free one\n',
    ]);
  });
});
