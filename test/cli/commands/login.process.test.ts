/** `plex-auth login`, from a new code to each way it ends. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../../src/emulator/plex-emulator.ts';
import { servePlexEmulator } from '../../../src/emulator/serve-plex-emulator.ts';
import { useProgramWorld } from '../program-world.ts';

const world = useProgramWorld();

/** What a newcomer reads at the end of `npm start`. */
const trialText = [
  'Next: npx plex-auth-flow login signs in at Plex itself',
  "In your own code: signIn() from 'plex-auth-flow', as shown in README.md",
];

describe('login', () => {
  it('signs in with one plain line for each change, and keeps the token for its owner only', async () => {
    const { code, stdout, stderr, token } = await world.signIn();
    const [pin] = world.served.emulator.pins;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Sign in to Plex',
      'Asking Plex for a code',
      expect.stringMatching(
        new RegExp(`^Open this page and approve: ${world.served.url}/auth#\\?clientID=.+&code=${pin?.code}&`),
      ),
      'Waiting for you to approve',
      'Signed in as emulated',
      `Kept in ${join(world.folder, 'credentials.json')}`,
      'Next: npx plex-auth-flow whoami, token or logout',
      '',
    ]);
    expect(world.readKept('credentials.json')['plex-auth-flow.credentials']).toContain(token);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(readdirSync(world.folder).map((name) => [name, mode(join(world.folder, name))])).toEqual([
      ['credentials.json', '600'],
      ['state.json', '600'],
    ]);
  });

  it('makes its folder for its owner only', async () => {
    const inner = join(world.folder, 'deep', 'plex-auth-flow');
    const { code } = await world.finish(['login', ...world.atEmulator(), '--timeout', '1'], {
      PLEX_AUTH_CONFIG_DIR: inner,
    });
    expect([code, (statSync(inner).mode & 0o777).toString(8)]).toEqual([3, '700']);
  });

  it('keeps its files in the config folder of the platform by default', async () => {
    const env = {
      PLEX_AUTH_CONFIG_DIR: '',
      HOME: world.folder,
      XDG_CONFIG_HOME: join(world.folder, 'xdg'),
      APPDATA: world.folder,
    };
    await world.finish(['login', ...world.atEmulator(), '--timeout', '1'], env);
    const files = readdirSync(world.folder, { recursive: true, encoding: 'utf8' });
    expect(files.some((file) => /plex-auth-flow.state\.json$/.test(file))).toBe(true);
  });

  it('shows four characters to type with --short', async () => {
    const { code, stdout } = await world.signIn(['--short', '--product', 'My TV']);
    const [pin] = world.served.emulator.pins;
    expect([code, pin?.code.length]).toEqual([0, 4]);
    expect(stdout).toContain(`Open ${world.served.url}/link and type the code ${pin?.code}\n`);
  });

  it('prints one view a line with --json, and nothing else', async () => {
    const { code, stdout, token } = await world.signIn(['--json']);
    const views = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([code, views[0]]).toEqual([0, { status: 'requestingPin' }]);
    expect(views.at(-1)).toMatchObject({ status: 'authenticated', token: '[redacted]' });
    expect(stdout).not.toContain(token);
  });

  it('prints an error as fields with --json', async () => {
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin' });
    world.served.emulator.fault({ type: 'status', status: 400, code: 1000 }, { operation: 'getPin' });
    const { code, stdout } = await world.finish(['login', ...world.atEmulator(), '--json']);
    const views = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as object);
    expect(code).toBe(4);
    expect(views).toContainEqual({
      status: 'requestingPin',
      lastError: expect.objectContaining({ code: 'PLEX_HTTP', status: 503, message: expect.any(String) }),
    });
    expect(views.at(-1)).toEqual({
      status: 'failed',
      error: expect.objectContaining({ code: 'PLEX_HTTP', plexCode: 1000, message: expect.any(String) }),
    });
  });

  it('prints a passing error in plain words and continues', async () => {
    world.served.emulator.fault({ type: 'reset' }, { operation: 'getToken' });
    const login = world.run(['login', ...world.atEmulator()]);
    await login.sees(
      /Cannot reach http:\/\/127\.0\.0\.1:\d+ \([A-Z_]+\), trying again\nWaiting for you to approve\n/,
    );
    world.served.emulator.link(world.served.emulator.pins[0]?.code ?? '');
    expect(await login.ended).toBe(0);
  });

  it('continues with the same code after it was killed', async () => {
    const killed = world.run(['login', ...world.atEmulator()]);
    await killed.sees(/Waiting for you/);
    await world.waitForKeptPin();
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const { code } = await world.signIn();
    expect([code, world.served.emulator.pins.length]).toEqual([0, 1]);
  });

  it('asks for a code of the other kind after one was left behind', async () => {
    const killed = world.run(['login', ...world.atEmulator()]);
    await killed.sees(/Waiting for you/);
    await world.waitForKeptPin();
    killed.child.kill('SIGKILL');
    await killed.ended;
    await world.signIn(['--short']);
    expect(world.served.emulator.pins.map(({ strong }) => strong)).toEqual([true, false]);
    const [one, other] = world.served.emulator.pins;
    expect(one?.clientIdentifier).toBe(other?.clientIdentifier);
  });

  it('asks for a new code where Plex no longer knows the one left behind', async () => {
    const killed = world.run(['login', ...world.atEmulator()]);
    await killed.sees(/Waiting for you/);
    await world.waitForKeptPin();
    killed.child.kill('SIGKILL');
    await killed.ended;
    world.served.emulator.expire(world.served.emulator.pins[0]?.id ?? 0);
    const login = world.run(['login', ...world.atEmulator()]);
    await expect.poll(() => world.served.emulator.pins.length, { timeout: 20_000 }).toBe(2);
    await login.sees(new RegExp(world.served.emulator.pins[1]?.code ?? 'no code'));
    world.served.emulator.link(world.served.emulator.pins[1]?.code ?? '');
    expect(await login.ended).toBe(0);
  });

  it('says who is signed in already, and starts nothing', async () => {
    await world.signIn();
    expect(await world.finish(['login', ...world.atEmulator()])).toEqual({
      code: 0,
      stdout: 'Already signed in as emulated; to change, run npx plex-auth-flow logout first\n',
      stderr: '',
    });
    world.served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { code, stdout, stderr } = await world.finish(['login']);
    expect([code, stdout]).toEqual([
      0,
      'Already signed in; to change, run npx plex-auth-flow logout first\n',
    ]);
    expect(stderr).toMatch(/^plex-auth-flow: the stored token could not be checked: .+PLEX_HTTP/);
    expect(world.served.emulator.pins.length).toBe(1);
  });

  it('signs in again at once where Plex refuses the stored token', async () => {
    await world.signIn();
    world.served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const login = world.run(['login', ...world.atEmulator()]);
    await login.sees(/Waiting for you/);
    world.served.emulator.link(world.served.emulator.pins[1]?.code ?? '');
    expect(await login.ended).toBe(0);
    expect(login.stderr).toBe('plex-auth-flow: Plex no longer accepts the stored token; signing in again\n');
  });

  it('uses a given client identifier for this run only', async () => {
    await world.finish(['login', ...world.atEmulator(), '--timeout', '1']);
    await world.finish(['login', ...world.atEmulator(), '--timeout', '1', '--client-identifier', 'my-tv']);
    await world.finish(['login', ...world.atEmulator(), '--timeout', '1']);
    const [first, second, third] = world.served.emulator.pins.map(({ clientIdentifier }) => clientIdentifier);
    expect([second, third]).toEqual(['my-tv', first]);
  });

  it('ends with 3 where nobody approves in time', async () => {
    const { code, stderr } = await world.finish(['login', ...world.atEmulator(), '--timeout', '1']);
    expect([code, stderr]).toEqual([
      3,
      'plex-auth-flow: the sign-in did not end within --timeout: run npx plex-auth-flow login again\n',
    ]);
  });

  it('ends with 3 where the code expires', async () => {
    const emulator = createPlexEmulator({ lifetimeMs: { strong: 1500 } });
    const shortLived = await servePlexEmulator({ emulator });
    const { code, stderr } = await world.finish(['login', '--server-url', shortLived.url]);
    await shortLived.close();
    expect([code, stderr]).toEqual([
      3,
      'plex-auth-flow: the code expired before anybody approved: run npx plex-auth-flow login again\n',
    ]);
  });

  it('ends with 4 and one line where it cannot succeed', async () => {
    world.served.emulator.fault({ type: 'status', status: 400, code: 1000 }, { operation: 'getPin' });
    const { code, stderr } = await world.finish(['login', ...world.atEmulator()]);
    expect([code, stderr]).toEqual([
      4,
      'plex-auth-flow: Plex answered getPin with status 400, code 1000 (PLEX_HTTP)\n',
    ]);
  });

  it('ends with 4 where its folder cannot be used, before anybody approves', async () => {
    const file = join(world.folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await world.finish(['login', ...world.atEmulator()], {
      PLEX_AUTH_CONFIG_DIR: file,
    });
    expect([code, world.served.emulator.pins.length]).toEqual([4, 0]);
    expect(stderr).toMatch(/^plex-auth-flow: .*ENOTDIR.*\n$/);
  });

  it('ends with 4 and one line for an exception that nobody caught', async () => {
    const bomb = join(world.folder, 'bomb.mjs');
    writeFileSync(bomb, "setTimeout(() => { throw new Error('Boom'); }, 1000);");
    const { code, stderr } = await world.finish(['login', '--emulator'], {
      NODE_OPTIONS: `--import=${bomb}`,
    });
    expect([code, stderr]).toEqual([4, 'plex-auth-flow: Boom\n']);
  });

  it('sets a corrupt file aside and says so once', async () => {
    writeFileSync(join(world.folder, 'credentials.json'), '{ not json');
    const { code, stderr } = await world.signIn();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^plex-auth-flow: .*credentials\.json\.corrupt.*\n$/);
    expect(readFileSync(join(world.folder, 'credentials.json.corrupt-1'), 'utf8')).toBe('{ not json');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is cancelled by %s with exit code %d, and leaves no code behind', async (signal, code) => {
    const login = world.run(['login', ...world.atEmulator()]);
    await login.sees(/Waiting for you/);
    login.child.kill(signal);
    expect([await login.ended, login.stderr]).toEqual([code, 'Cancelled.\n']);
    expect(Object.keys(world.readKept('state.json'))).not.toContain('plex-auth-flow.pin');
  });

  it('ends quietly when nobody reads any more', async () => {
    const login = world.run(['login', ...world.atEmulator(), '--json']);
    await login.sees(/awaitingLink/);
    login.child.stdout?.destroy();
    expect([await login.ended, login.stderr]).toEqual([141, '']);
  });
});

describe('login --emulator', () => {
  it('signs in automatically, says that it is not plex.tv, and stores nothing', async () => {
    const { code, stdout, stderr } = await world.finish(['login', '--emulator', '--approve-after', '1']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^This is an emulator at http:\/\/127\.0\.0\.1:\d+, not plex\.tv\./m);
    expect(stdout.split('\n').slice(-4)).toEqual(['Signed in as emulated', ...trialText, '']);
    expect(readdirSync(world.folder)).toEqual([]);
  });

  it('is approved on the local consent page', async () => {
    const login = world.run(['login', '--emulator']);
    const [, page = ''] = await login.sees(/approve: (\S+)/);
    const { origin, hash } = new URL(page);
    const body = JSON.stringify({ code: new URLSearchParams(hash.slice(2)).get('code') });
    const headers = { 'Content-Type': 'application/json', Origin: origin };
    const approved = await fetch(`${origin}/emulator/approve`, { method: 'POST', headers, body });
    expect([approved.status, await login.ended]).toEqual([200, 0]);
  });
});
