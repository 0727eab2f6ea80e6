/** `--server-url` and the server that issued the stored token: each command treats them alike. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useProgramWorld } from '../program-world.ts';

const world = useProgramWorld();

const credentialsFile = () => join(world.folder, 'credentials.json');
const call = 'npx plex-auth-flow';

/** Replaces the server of the stored token. */
function setServer(serverURL: string | undefined): void {
  const key = 'plex-auth-flow.credentials';
  const kept = { ...JSON.parse(world.readKept('credentials.json')[key] ?? ''), serverURL } as object;
  writeFileSync(credentialsFile(), JSON.stringify({ [key]: JSON.stringify(kept) }));
}

describe('a --server-url that did not issue the stored token', () => {
  const other = ['--server-url', 'http://127.0.0.1:2'];

  it.each([
    ['token', [], `run ${call} token without it, or ${call} logout and then login with it`],
    ['whoami', [], `run ${call} whoami without it, or ${call} logout and then login with it`],
    ['whoami', ['--json'], `run ${call} whoami without it, or ${call} logout and then login with it`],
    ['logout', [], `run ${call} logout without it`],
  ])('ends %s %j with 3, and names the server that did', async (command, more, advice) => {
    const { token } = await world.signIn();
    const before = world.served.emulator.requests.length;
    expect(await world.finish([command, ...other, ...more])).toEqual({
      code: 3,
      stdout: '',
      stderr: `plex-auth-flow: the stored token belongs to ${world.served.url}, not to this --server-url: ${advice}\n`,
    });
    expect(world.served.emulator.requests.length).toBe(before);
    expect((await world.finish(['token'])).stdout).toBe(`${token}\n`);
  });

  it.each([[[]], [['--json']]])('ends login %j with 4 before it asks for a code', async (more) => {
    const { token } = await world.signIn();
    expect(await world.finish(['login', ...other, ...more])).toEqual({
      code: 4,
      stdout: '',
      stderr: `plex-auth-flow: the stored token belongs to ${world.served.url}, not to this --server-url: run ${call} logout first\n`,
    });
    expect((await world.finish(['token'])).stdout).toBe(`${token}\n`);
  });

  it('names Plex where the token is one of Plex', async () => {
    await world.signIn();
    setServer(undefined);
    for (const command of ['token', 'whoami', 'logout', 'login']) {
      const { stdout, stderr } = await world.finish([command, ...world.atEmulator()]);
      expect([stdout, stderr]).toEqual(['', expect.stringContaining('token belongs to plex.tv, not to')]);
    }
  });
});

describe('a --server-url that issued the stored token', () => {
  it('lets every command use it, in any spelling of the same address', async () => {
    const { token } = await world.signIn();
    for (const tail of ['', '/', '/api/v2', '/api/v2/']) {
      const server = ['--server-url', world.served.url.replace('http', 'HTTP') + tail];
      expect(await world.finish(['token', ...server])).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
      expect(await world.finish(['whoami', ...server])).toMatchObject({ code: 0, stderr: '' });
      expect((await world.finish(['login', ...server])).stdout).toMatch(/^Already signed in/);
    }
    expect(await world.finish(['logout', ...world.atEmulator()])).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['https://plex.tv', 'https://clients.plex.tv/api/v2'])('may be a name of Plex: %s', async (url) => {
    const { token } = await world.signIn();
    setServer(undefined);
    expect((await world.finish(['token', '--server-url', url])).stdout).toBe(`${token}\n`);
  });
});

describe('an option that cannot be used', () => {
  it.each(['login', 'whoami', 'token', 'logout'])(
    'is refused: --allow-insecure-requests of %s without --server-url',
    async (command) => {
      const stderr = 'plex-auth-flow: --allow-insecure-requests needs --server-url\n';
      expect(await world.finish([command, '--allow-insecure-requests'])).toEqual({
        code: 2,
        stdout: '',
        stderr,
      });
    },
  );

  it('is refused: a --client-identifier that the stored token does not belong to', async () => {
    await world.signIn();
    const before = readFileSync(credentialsFile(), 'utf8');
    const login = ['login', ...world.atEmulator(), '--client-identifier'];
    expect(await world.finish([...login, 'another'])).toEqual({
      code: 4,
      stdout: '',
      stderr: `plex-auth-flow: the stored token belongs to another --client-identifier: run ${call} logout first\n`,
    });
    const { clientIdentifier = '' } = world.served.emulator.pins[0] ?? {};
    expect(await world.finish([...login, clientIdentifier])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(credentialsFile(), 'utf8')).toBe(before);
  });
});

describe('token', () => {
  it('needs no network, and so no proxy that works', async () => {
    const { token } = await world.signIn();
    const env = { HTTPS_PROXY: 'socks5://127.0.0.1:1' };
    expect(await world.finish(['token'], env)).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
  });
});
