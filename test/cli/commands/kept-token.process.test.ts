/** The token of `plex-auth login` on its way to the disk and from it: slow, refused, unwritable, and beside other runs. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/emulator/plex-emulator.ts';
import { servePlexEmulator } from '../../../src/emulator/serve-plex-emulator.ts';
import { useProgramWorld } from '../program-world.ts';
import { program, type Run } from '../run-plex-auth.ts';

const world = useProgramWorld();
let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'plex-auth-temp-'));
});
afterEach(() => rmSync(temp, { recursive: true, force: true }));

const credentialsFile = () => join(world.folder, 'credentials.json');
/** Blocks the credentials for root too: a folder cannot be replaced by a file. */
const block = () => mkdirSync(credentialsFile());
/** A writer of another container: its lock is respected for five seconds. */
const lock = () => writeFileSync(`${credentialsFile()}.lock`, `77 another-place ${randomUUID()}`);
const keptText = () => readFileSync(credentialsFile(), 'utf8');

/** Starts a login, and lets the user approve once it waits. */
async function approve(
  more: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<[Run, string]> {
  const login = world.run(['login', ...world.atEmulator(), ...more], { TMPDIR: temp, ...env });
  await login.sees(/Waiting for you|"awaitingLink"/);
  return [login, world.served.emulator.link(world.served.emulator.pins.at(-1)?.code ?? '')];
}

/** Starts a login that can store nothing once it waits, and approves. */
async function approveBlocked(more: readonly string[] = []): Promise<[Run, string]> {
  const login = world.run(['login', ...world.atEmulator(), ...more], { TMPDIR: temp });
  await login.sees(/Waiting for you|"awaitingLink"/);
  block();
  return [login, world.served.emulator.link(world.served.emulator.pins.at(-1)?.code ?? '')];
}

describe('login', () => {
  it.each([
    [[], /Signed in/],
    [['--json'], /"authenticated"/],
  ])('%j says that it has succeeded only after the token is on the disk', async (more, success) => {
    lock();
    const [login, token] = await approve(more);
    await login.sees(success);
    expect(keptText()).toContain(token);
    expect([await login.ended, login.stderr]).toEqual([0, '']);
  });

  it('tries again where the token cannot be stored, and succeeds once it can', async () => {
    const [login, token] = await approveBlocked();
    await login.sees(/could not be stored/);
    expect(login.stdout).not.toContain('Signed in');
    rmSync(credentialsFile(), { recursive: true });
    expect(await login.ended).toBe(0);
    expect(login.stdout).toMatch(/Signed in as emulated\nKept in .+\nNext: .+\n$/);
    expect(keptText()).toContain(token);
  });

  it('ends with 4 where the token cannot be stored, and says how to get it', async () => {
    const [login, token] = await approveBlocked();
    expect([await login.ended, login.stdout]).toEqual([4, expect.not.stringContaining('Signed in')]);
    const { stderr } = login;
    expect(stderr).toMatch(
      /^plex-auth-flow: the token could not be stored: EISDIR: .+ \(PLEX_STORE\); trying again for 5 s\n/,
    );
    expect(stderr).toContain(credentialsFile());
    expect(stderr + login.stdout).not.toContain(token);
    const [, folder = ''] = /PLEX_AUTH_CONFIG_DIR=(\S+) npx plex-auth-flow token\n/.exec(stderr) ?? [];
    expect(folder.startsWith(temp)).toBe(true);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect([mode(folder), mode(join(folder, 'credentials.json'))]).toEqual(['700', '600']);
    const env = { PLEX_AUTH_CONFIG_DIR: folder };
    expect(await world.finish(['token'], env)).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
    expect((await world.finish(['whoami'], env)).code).toBe(0);
  });

  it('says the same with --json, whose last line carries the error', async () => {
    const [login, token] = await approveBlocked(['--json']);
    expect(await login.ended).toBe(4);
    const views = login.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string; lastError?: { code: string } });
    expect(views.filter(({ status }) => status === 'authenticated')).toEqual([
      expect.objectContaining({ lastError: expect.objectContaining({ code: 'PLEX_STORE' }) }),
    ]);
    expect(login.stderr).toMatch(/PLEX_AUTH_CONFIG_DIR=\S+ npx plex-auth-flow token\n$/);
    expect(login.stdout + login.stderr).not.toContain(token);
  });

  it('keeps the token elsewhere at Ctrl-C too', async () => {
    const [login] = await approveBlocked();
    await login.sees(/could not be stored/);
    login.child.kill('SIGINT');
    expect(await login.ended).toBe(130);
    expect(login.stderr).toMatch(/npx plex-auth-flow token\nCancelled\.\n$/);
    expect(readdirSync(temp).length).toBe(1);
  });

  it('prints a command that a shell runs as it stands, whatever the name of the folder', async () => {
    const odd = join(temp, "an odd 'name' $HOME");
    mkdirSync(odd);
    const login = world.run(['login', ...world.atEmulator()], { TMPDIR: odd });
    await login.sees(/Waiting for you/);
    block();
    const token = world.served.emulator.link(world.served.emulator.pins.at(-1)?.code ?? '');
    expect(await login.ended).toBe(4);
    const [, setting = ''] =
      /plex-auth-flow: (PLEX_AUTH_CONFIG_DIR=.+) npx plex-auth-flow token\n/.exec(login.stderr) ?? [];
    const { PATH = '' } = process.env;
    const line = ['-c', `${setting} "$@"`, 'sh', process.execPath, program, 'token'];
    expect(spawnSync('sh', line, { env: { PATH }, encoding: 'utf8' }).stdout).toBe(`${token}\n`);
  });

  it('says that the token is lost where it can be stored nowhere', async () => {
    const login = world.run(['login', ...world.atEmulator()], { TMPDIR: '/dev/null' });
    await login.sees(/Waiting for you/);
    block();
    world.served.emulator.link(world.served.emulator.pins.at(-1)?.code ?? '');
    expect(await login.ended).toBe(4);
    expect(login.stderr).toMatch(/could not be stored elsewhere, and is lost: .*ENOTDIR/);
  });

  it('takes over the token that another run got with the same code from a Plex that gives it once', async () => {
    const emulator = createPlexEmulator({ readOnce: true });
    const served = await servePlexEmulator({ emulator });
    const one = world.run(['login', '--server-url', served.url]);
    await one.sees(/Waiting for you/);
    await world.waitForKeptPin();
    const other = world.run(['login', '--server-url', served.url]);
    await other.sees(/Waiting for you/);
    emulator.link(emulator.pins[0]?.code ?? '');
    expect([await one.ended, await other.ended, one.stderr, other.stderr]).toEqual([0, 0, '', '']);
    expect(emulator.pins.length).toBe(1);
    await served.close();
  });
});

describe('a token that another run has stored meanwhile', () => {
  /** Makes Plex slow to refuse the stored token; replaces it before that. */
  async function replaceDuring(args: readonly string[]) {
    const { token: old } = await world.signIn();
    const { emulator } = world.served;
    const headers = { 'X-Plex-Token': old, 'X-Plex-Client-Identifier': 'x', Accept: 'application/json' };
    await fetch(`${world.served.url}/api/v2/users/signout`, { method: 'DELETE', headers });
    emulator.fault({ type: 'slow', delayMs: 2000 }, { operation: 'getUser', times: 1 });
    const asks = world.run(args);
    await expect.poll(() => emulator.requests.at(-1)?.operation, { timeout: 20_000 }).toBe('getUser');
    const text = keptText();
    const newer = emulator.accountToken;
    writeFileSync(credentialsFile(), text.replace(old, newer));
    const code = await asks.ended;
    return { code, newer, stdout: asks.stdout, stderr: asks.stderr };
  }

  it('stays where whoami learns that the earlier one is dead, and is the one it shows', async () => {
    const { code, newer, stdout } = await replaceDuring(['whoami']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('emulated')]);
    expect(keptText()).toContain(newer);
  });

  it('stays where login learns that the earlier one is dead', async () => {
    const { code, newer, stdout } = await replaceDuring(['login', ...world.atEmulator()]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('Already signed in as emulated')]);
    expect(keptText()).toContain(newer);
  });
});

describe('logout', () => {
  /** Lets nobody remove the token: a lock is a folder, which no writer can take. */
  const blockRemoval = () => mkdirSync(`${credentialsFile()}.lock`);

  it('ends with 4 and names the file where the token cannot be removed', async () => {
    const { token } = await world.signIn();
    blockRemoval();
    const { code, stdout, stderr } = await world.finish(['logout']);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain(`the token is still in ${credentialsFile()}: delete that file; it is revoked`);
    expect(keptText()).toContain(token);
  });

  it('says neither removed nor revoked where both have failed', async () => {
    await world.signIn();
    blockRemoval();
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'signOut' });
    const { code, stderr } = await world.finish(['logout']);
    expect(code).toBe(4);
    expect(stderr).not.toMatch(/removed here|is revoked/);
    expect(stderr).toContain(
      `the token is still in ${credentialsFile()}: delete that file; it could not be revoked at ${world.served.url}\n`,
    );
  });

  it("names the page of Plex's devices only where Plex issued the token", async () => {
    const kept = JSON.stringify({ token: 'tok-1', clientIdentifier: 'c' });
    writeFileSync(credentialsFile(), JSON.stringify({ 'plex-auth-flow.credentials': kept }));
    // Nobody listens there, so that no test asks Plex.
    const { code, stderr } = await world.finish(['logout'], { https_proxy: 'http://127.0.0.1:1' });
    expect(code).toBe(4);
    expect(stderr).toContain(
      'removed here but could not be revoked: remove this device at https://app.plex.tv/desktop/#!/settings/devices/all\n',
    );
  });

  it.each([
    ['a server that is no address', { token: 'tok-1', clientIdentifier: 'c', serverURL: 'nowhere' }],
    ['no client identifier', { token: 'tok-1' }],
  ])('does not say that there is nothing to do where the stored token has %s', async (_name, kept) => {
    writeFileSync(credentialsFile(), JSON.stringify({ 'plex-auth-flow.credentials': JSON.stringify(kept) }));
    const { code, stdout, stderr } = await world.finish(['logout']);
    expect([code, stdout]).toEqual([4, '']);
    expect(stderr).toContain(
      `${credentialsFile()} holds a sign-in that cannot be used: delete that file, and `,
    );
    expect(stderr).not.toContain('tok-1');
    expect(existsSync(credentialsFile())).toBe(true);
  });
});

describe('what lies in the file', () => {
  it.each([
    ['a token that steers a terminal', { token: '\u001b]0;owned\u0007\nX: 1', clientIdentifier: 'c' }],
    ['a client identifier that steers a terminal', { token: 'tok-1', clientIdentifier: '\u001b[2J' }],
    ['a token that is no text', { token: 5, clientIdentifier: 'c' }],
    ['a server that is no address', { token: 'tok-1', clientIdentifier: 'c', serverURL: '\u001b[2J' }],
  ])('is never printed raw: %s', async (_name, kept) => {
    writeFileSync(credentialsFile(), JSON.stringify({ 'plex-auth-flow.credentials': JSON.stringify(kept) }));
    for (const args of [['token'], ['whoami'], ['whoami', '--json'], ['logout']]) {
      const { stdout, stderr } = await world.finish(args);
      expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
    }
    expect(existsSync(credentialsFile())).toBe(true);
  });

  it('has no way into an error text either', async () => {
    const { stderr } = await world.finish(['token'], { PLEX_AUTH_CONFIG_DIR: '/dev/null/\u001b[2J' });
    expect(stderr).toContain('ENOTDIR');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a folder that cannot be used', () => {
  it.each([[['token']], [['whoami']], [['logout']], [['login', '--timeout', '1']]])(
    'lets %j end with 4 and name the way out',
    async (args) => {
      const { code, stdout, stderr } = await world.finish([...args, ...world.atEmulator()], {
        PLEX_AUTH_CONFIG_DIR: '/dev/null/inside',
      });
      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toMatch(
        /^plex-auth-flow: ENOTDIR.+'\/dev\/null\/inside\/credentials\.json'; set PLEX_AUTH_CONFIG_DIR to a folder that can be used\n$/,
      );
    },
  );

  it('names the way out, the folder that cannot be made and the file that it is for', async () => {
    const { code, stderr } = await world.finish(['login', ...world.atEmulator()], {
      PLEX_AUTH_CONFIG_DIR: '/proc/inside',
    });
    expect([code, world.served.emulator.pins.length]).toEqual([4, 0]);
    expect(stderr).toMatch(
      /^plex-auth-flow: E[A-Z]+: [^']+'\/proc(\/inside)?', for '\/proc\/inside\/[^']+' \(PLEX_STORE\); set PLEX_AUTH_CONFIG_DIR to a folder that can be used\n$/,
    );
  });
});

describe('without a home folder', () => {
  /** A number without a name, as a container may run under. */
  const stranger = { uid: 54_321, gid: 54_321, env: { HOME: '' }, encoding: 'utf8' } as const;
  const mayRun =
    process.getuid?.() === 0 && spawnSync(process.execPath, [program, '-v'], stranger).status === 0;

  it.skipIf(!mayRun)('the program names the way out', () => {
    const { status, stderr } = spawnSync(process.execPath, [program, 'token'], stranger);
    expect([status, stderr]).toEqual([
      4,
      'plex-auth-flow: No home folder is known for this user: set HOME or XDG_CONFIG_HOME to an absolute path, ' +
        'or PLEX_AUTH_CONFIG_DIR to the folder to keep the sign-in in\n',
    ]);
  });
});
