/** The built program as a process of its own, with pipes in place of a terminal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../package.json' with { type: 'json' };
import { useProgramWorld } from './program-world.ts';

const world = useProgramWorld();

describe('help', () => {
  it.each([
    [['--help']],
    [['login', '--help']],
    [['whoami', '-h']],
    [['token', '--help']],
    [['emulator', '-h']],
  ])('is printed for %j, in plain text', async (args) => {
    const { code, stdout, stderr } = await world.finish(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: npx plex-auth-flow');
    expect(stdout).not.toContain('\u001B');
  });

  it('is printed on standard error where no command is given', async () => {
    const { code, stdout, stderr } = await world.finish([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: npx plex-auth-flow');
  });

  it.each([[['--version']], [['-v']], [['logout', '--version']]])(
    'names the version for %j',
    async (args) => {
      expect(await world.finish(args)).toEqual({ code: 0, stdout: `${packageJSON.version}\n`, stderr: '' });
    },
  );

  it('loads no emulator and no chart', async () => {
    const hooks =
      'export const load = (url, context, next) => (/hono|xstate|ofetch/.test(url) && console.error(url), next(url, context));';
    writeFileSync(join(world.folder, 'hooks.mjs'), hooks);
    const register =
      "import { register } from 'node:module'; register(new URL('hooks.mjs', import.meta.url));";
    writeFileSync(join(world.folder, 'trace.mjs'), register);
    const env = { NODE_OPTIONS: `--import=${join(world.folder, 'trace.mjs')}` };
    expect((await world.finish(['whoami', '--help'], env)).stderr).toBe('');
    expect((await world.finish(['login', '--emulator', '--approve-after', '0'], env)).stderr).toContain(
      'xstate',
    );
  });
});

describe('a wrong command line', () => {
  it.each([
    ['logn', 'unknown command logn (did you mean login?)'],
    ['login --shrt', 'unknown option --shrt (did you mean --short?)'],
    ['login --timeout', '--timeout needs a value'],
    ['login --timeout 0', '--timeout must be a number of seconds from 1 to 2147483'],
    ['login --approve-after 1', '--approve-after needs --emulator'],
    ['login --emulator --server-url http://x', '--emulator and --server-url exclude each other'],
    [
      'login --server-url plex.tv',
      '--server-url must be an absolute http or https URL without user, query and fragment',
    ],
    [
      'login --server-url http://plex.lan',
      '--server-url must be an https URL, or http on this machine; --allow-insecure-requests lifts that',
    ],
    ['whoami somebody', 'this command takes only options; see --help'],
    ['emulator --port 65536', '--port must be a port from 0 (any free one) to 65535'],
    ['--wat', 'unknown option --wat'],
  ])('is refused in one line with exit code 2: %s', async (line, message) => {
    expect(await world.finish(line.split(' '))).toEqual({
      code: 2,
      stdout: '',
      stderr: `plex-auth-flow: ${message}\n`,
    });
  });
});

describe('colour in a pipe', () => {
  it('is there where it is forced, without cursor movements', async () => {
    const forced = await world.finish(['login', '--emulator', '--approve-after', '0'], { FORCE_COLOR: '1' });
    expect(forced.stdout).toContain('\u001B[32mSigned in\u001B[39m');
    expect(
      forced.stdout
        .split('\u001B')
        .slice(1)
        .every((part) => /^\[\d+m/.test(part)),
    ).toBe(true);
  });
});

describe('the token', () => {
  it('is nowhere in what is printed, but by token', async () => {
    const { token, stdout, stderr } = await world.signIn();
    const printed = [stdout, stderr];
    const note = async (args: readonly string[]) => {
      const end = await world.finish(args, { DEBUG: 'plex-auth-flow' });
      printed.push(end.stdout, end.stderr);
    };
    await note(['login', ...world.atEmulator()]);
    await note(['login', ...world.atEmulator(), '--json']);
    await note(['whoami']);
    await note(['whoami', '--json']);
    for (const fault of ['reset', 'truncated', 'html', 'xml'] as const) {
      world.served.emulator.fault({ type: fault }, { operation: 'getUser' });
      await note(['whoami']);
    }
    await note(['whoami', '--server-url', 'http://127.0.0.1:2']);
    await note(['login', token]);
    await note(['login', `--${'timeout'}`, token]);
    world.served.emulator.fault({ type: 'reset' }, { operation: 'signOut' });
    await note(['logout']);
    expect(token.length).toBeGreaterThan(10);
    expect(printed.filter((text) => text.includes(token))).toEqual([]);
  });
});
