/** The built program where its output cannot be written. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useProgramWorld } from './program-world.ts';
import { cleanEnv, program } from './run-plex-auth.ts';

const world = useProgramWorld();

/** A device that is always full, as on Linux. */
const hasFullDevice = existsSync('/dev/full');
const noSpace =
  'plex-auth-flow: standard output could not be written: ENOSPC: no space left on device, write\n';

describe.skipIf(!hasFullDevice)('standard output that cannot be written', () => {
  it.each([
    [['token']],
    [['whoami']],
    [['whoami', '--json']],
    [['logout']],
    [['--version']],
    [['--help']],
    [['whoami', '--help']],
  ])('ends %j with 1 and one line', async (args) => {
    await world.signIn();
    expect(await world.finish(args, {}, '>/dev/full')).toEqual({ code: 1, stdout: '', stderr: noSpace });
  });

  it.each([[[]], [['--json']], [['--short']], [['--emulator']]])(
    'ends login %j with 1 and one line, and cancels the sign-in',
    async (more) => {
      const server = more.includes('--emulator') ? [] : world.atEmulator();
      const { code, stderr } = await world.finish(['login', ...server, ...more], {}, '>/dev/full');
      expect([code, stderr]).toEqual([1, noSpace]);
    },
  );

  it.each([[[]], [['--json']]])('ends login %j with 1 where somebody is signed in already', async (more) => {
    const { token } = await world.signIn();
    const { code, stderr } = await world.finish(['login', ...more], {}, '>/dev/full');
    expect([code, stderr]).toEqual([1, noSpace]);
    expect((await world.finish(['token'])).stdout).toBe(`${token}\n`);
  });

  it('ends the emulator with 1 and one line', async () => {
    const { code, stderr } = await world.finish(['emulator'], {}, '>/dev/full');
    expect([code, stderr]).toEqual([1, noSpace]);
  });

  it('ends with 1 where standard error cannot be written either', async () => {
    await world.signIn();
    expect((await world.finish(['token'], {}, '>/dev/full 2>&1')).code).toBe(1);
  });

  it('does not hide that the command itself has failed', async () => {
    const { code, stderr } = await world.finish(['login', '--timeout', '0'], {}, '>/dev/full');
    expect([code, stderr]).toEqual([
      2,
      'plex-auth-flow: --timeout must be a number of seconds from 1 to 2147483\n',
    ]);
  });

  it('is noticed where only the end of the output does not fit', async () => {
    const { token } = await world.signIn();
    const file = join(world.folder, 'output');
    writeFileSync(file, 'x'.repeat(512 - 3));
    // The limit counts blocks of 512 bytes.
    const line = ['-c', `ulimit -f 1; exec "$@" >>'${file}'`, 'sh', process.execPath, program, 'token'];
    const { status, signal } = spawnSync('sh', line, { env: cleanEnv(world.folder) });
    expect(readFileSync(file, 'utf8')).not.toContain(token);
    expect([1, 'SIGXFSZ']).toContain(status ?? signal);
  });
});

describe('a closed standard output', () => {
  it.each([[['token']], [['whoami']], [['--help']]])('ends %j quietly', async (args) => {
    await world.signIn();
    const run = world.run(args);
    run.child.stdout?.destroy();
    expect([await run.ended, run.stderr]).toEqual([0, '']);
  });
});

describe.skipIf(!hasFullDevice)('standard error that cannot be written', () => {
  it('changes no exit code', async () => {
    expect((await world.finish(['token'], {}, '2>/dev/full')).code).toBe(3);
    expect((await world.finish(['login', '--wat'], {}, '2>/dev/full')).code).toBe(2);
    expect((await world.finish([], {}, '2>/dev/full')).code).toBe(2);
  });

  it.each(['2>/dev/full', '2>&-'])('stops no sign-in: %s', async (redirection) => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const login = world.run(['login', ...world.atEmulator()], {}, redirection);
    await login.sees(/Waiting for you/);
    world.served.emulator.link(world.served.emulator.pins[1]?.code ?? '');
    expect([await login.ended, login.stdout]).toEqual([
      0,
      expect.stringMatching(/Signed in as emulated\nKept in .+\nNext: .+\n$/),
    ]);
  });

  it('stops no sign-in where nobody reads it', async () => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const login = world.run(['login', ...world.atEmulator()]);
    login.child.stderr?.destroy();
    await login.sees(/Waiting for you/);
    world.served.emulator.link(world.served.emulator.pins[1]?.code ?? '');
    expect(await login.ended).toBe(0);
  });
});
