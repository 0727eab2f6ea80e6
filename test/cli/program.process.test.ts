/** The built program as a process of its own, with pipes in place of a terminal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import packageJSON from '../../package.json' with { type: 'json' };
import { createPlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/serve-plex-emulator.ts';
import { buildOnce, cleanEnv, type Run, runPlexAuth } from './run-plex-auth.ts';

beforeAll(buildOnce, 120_000);

let folder: string;
let served: ServedPlexEmulator;
let runs: Run[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plex-auth-cli-'));
  served = await servePlexEmulator();
  runs = [];
});

afterEach(async () => {
  for (const { child } of runs) child.kill('SIGKILL');
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(args: readonly string[], more: Record<string, string> = {}): Run {
  const started = runPlexAuth(args, cleanEnv(folder, more));
  runs.push(started);
  return started;
}

/** Runs to the end. */
async function finish(args: readonly string[], more: Record<string, string> = {}) {
  const started = run(args, more);
  const code = await started.ended;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

const atEmulator = () => ['--server-url', served.url];
const kept = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>;

/** Resolves once the code is on the disk, from where another run can take it up. */
const keepsPin = () =>
  expect.poll(() => kept('state.json')['plex-auth-flow.pin'], { timeout: 20_000 }).toBeTruthy();

/** Signs in, the user approving as soon as there is a code. */
async function signIn(more: readonly string[] = []) {
  const login = run(['login', ...atEmulator(), ...more]);
  await login.sees(/Waiting for you|"awaitingLink"/);
  const token = served.emulator.link(served.emulator.pins.at(-1)?.code ?? '');
  return { code: await login.ended, token, stdout: login.stdout, stderr: login.stderr };
}

describe('help', () => {
  it.each([
    [['--help']],
    [['login', '--help']],
    [['whoami', '-h']],
    [['token', '--help']],
    [['emulator', '-h']],
  ])('is printed for %j, in plain text', async (args) => {
    const { code, stdout, stderr } = await finish(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('USAGE plex-auth');
    expect(stdout).not.toContain('\u001B');
  });

  it('is printed on standard error where no command is given', async () => {
    const { code, stdout, stderr } = await finish([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('USAGE plex-auth');
  });

  it.each([[['--version']], [['-v']], [['logout', '--version']]])(
    'names the version for %j',
    async (args) => {
      expect(await finish(args)).toEqual({ code: 0, stdout: `${packageJSON.version}\n`, stderr: '' });
    },
  );

  it('loads no emulator and no chart', async () => {
    const hooks =
      'export const load = (url, context, next) => (/hono|xstate|ofetch/.test(url) && console.error(url), next(url, context));';
    writeFileSync(join(folder, 'hooks.mjs'), hooks);
    const register =
      "import { register } from 'node:module'; register(new URL('hooks.mjs', import.meta.url));";
    writeFileSync(join(folder, 'trace.mjs'), register);
    const env = { NODE_OPTIONS: `--import=${join(folder, 'trace.mjs')}` };
    expect((await finish(['whoami', '--help'], env)).stderr).toBe('');
    expect((await finish(['login', '--emulator', '--approve-after', '0'], env)).stderr).toContain('xstate');
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
      '--server-url must be an http or https URL without user, query and fragment',
    ],
    [
      'login --server-url http://plex.lan',
      '--server-url must be https, or on this machine: anyone on the way could read the token (--allow-insecure-requests takes it all the same)',
    ],
    ['whoami somebody', 'only options are taken here; see --help'],
    ['emulator --port 65536', '--port must be a port from 0 (any free one) to 65535'],
    ['--wat', 'unknown option --wat'],
  ])('is refused in one line with exit code 2: %s', async (line, message) => {
    expect(await finish(line.split(' '))).toEqual({ code: 2, stdout: '', stderr: `plex-auth: ${message}\n` });
  });
});

describe('login', () => {
  it('signs in with one plain line for each change, and keeps the token for its owner only', async () => {
    const { code, stdout, stderr, token } = await signIn();
    const [pin] = served.emulator.pins;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'Sign in to Plex',
      'Asking Plex for a code',
      expect.stringMatching(
        new RegExp(`^Open this page and approve: ${served.url}/auth#\\?clientID=.+&code=${pin?.code}&`),
      ),
      'Waiting for you to approve',
      'Signed in as emulated',
      '',
    ]);
    expect(kept('credentials.json')['plex-auth-flow.credentials']).toContain(token);
    const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(readdirSync(folder).map((name) => [name, mode(join(folder, name))])).toEqual([
      ['credentials.json', '600'],
      ['state.json', '600'],
    ]);
  });

  it('makes its folder for its owner only', async () => {
    const inner = join(folder, 'deep', 'plex-auth-flow');
    const { code } = await finish(['login', ...atEmulator(), '--timeout', '1'], {
      PLEX_AUTH_CONFIG_DIR: inner,
    });
    expect([code, (statSync(inner).mode & 0o777).toString(8)]).toEqual([3, '700']);
  });

  it('keeps in the config folder of the platform where none is named', async () => {
    const env = {
      PLEX_AUTH_CONFIG_DIR: '',
      HOME: folder,
      XDG_CONFIG_HOME: join(folder, 'xdg'),
      APPDATA: folder,
    };
    await finish(['login', ...atEmulator(), '--timeout', '1'], env);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(files.some((file) => /plex-auth-flow.state\.json$/.test(file))).toBe(true);
  });

  it('shows four characters to type with --short', async () => {
    const { code, stdout } = await signIn(['--short', '--product', 'My TV']);
    const [pin] = served.emulator.pins;
    expect([code, pin?.code.length]).toEqual([0, 4]);
    expect(stdout).toContain(`Open ${served.url}/link and type the code ${pin?.code}\n`);
  });

  it('prints one view a line with --json, and nothing else', async () => {
    const { code, stdout, token } = await signIn(['--json']);
    const views = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([code, views[0]]).toEqual([0, { status: 'requestingPin' }]);
    expect(views.at(-1)).toMatchObject({ status: 'authenticated', token: '[redacted]' });
    expect(stdout).not.toContain(token);
  });

  it('tells a fault as fields with --json', async () => {
    served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin' });
    served.emulator.fault({ type: 'status', status: 400, code: 1000 }, { operation: 'getPin' });
    const { code, stdout } = await finish(['login', ...atEmulator(), '--json']);
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

  it('says a passing fault in plain words and goes on', async () => {
    served.emulator.fault({ type: 'reset' }, { operation: 'getToken' });
    const login = run(['login', ...atEmulator()]);
    await login.sees(/No connection to Plex, trying again\nWaiting for you to approve\n/);
    served.emulator.link(served.emulator.pins[0]?.code ?? '');
    expect(await login.ended).toBe(0);
  });

  it('goes on with the same code after it was killed', async () => {
    const killed = run(['login', ...atEmulator()]);
    await killed.sees(/Waiting for you/);
    await keepsPin();
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    const { code } = await signIn();
    expect([code, served.emulator.pins.length]).toEqual([0, 1]);
  });

  it('asks for a code of the other kind after one was left behind', async () => {
    const killed = run(['login', ...atEmulator()]);
    await killed.sees(/Waiting for you/);
    await keepsPin();
    killed.child.kill('SIGKILL');
    await killed.ended;
    await signIn(['--short']);
    expect(served.emulator.pins.map(({ strong }) => strong)).toEqual([true, false]);
    const [one, other] = served.emulator.pins;
    expect(one?.clientIdentifier).toBe(other?.clientIdentifier);
  });

  it('asks for a new code where Plex no longer knows the one left behind', async () => {
    const killed = run(['login', ...atEmulator()]);
    await killed.sees(/Waiting for you/);
    await keepsPin();
    killed.child.kill('SIGKILL');
    await killed.ended;
    served.emulator.expire(served.emulator.pins[0]?.id ?? 0);
    const login = run(['login', ...atEmulator()]);
    await expect.poll(() => served.emulator.pins.length, { timeout: 20_000 }).toBe(2);
    await login.sees(new RegExp(served.emulator.pins[1]?.code ?? 'no code'));
    served.emulator.link(served.emulator.pins[1]?.code ?? '');
    expect(await login.ended).toBe(0);
  });

  it('says who is signed in already, and starts nothing', async () => {
    await signIn();
    expect(await finish(['login', ...atEmulator()])).toEqual({
      code: 0,
      stdout: 'Already signed in as emulated; plex-auth logout first to change\n',
      stderr: '',
    });
    served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { code, stdout, stderr } = await finish(['login']);
    expect([code, stdout]).toEqual([0, 'Already signed in; plex-auth logout first to change\n']);
    expect(stderr).toMatch(/^plex-auth: the kept token could not be checked: .+PLEX_HTTP/);
    expect(served.emulator.pins.length).toBe(1);
  });

  it('signs in anew at once where Plex refuses the kept token', async () => {
    await signIn();
    served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const login = run(['login', ...atEmulator()]);
    await login.sees(/Waiting for you/);
    served.emulator.link(served.emulator.pins[1]?.code ?? '');
    expect(await login.ended).toBe(0);
    expect(login.stderr).toBe('plex-auth: Plex no longer accepts the kept token; signing in anew\n');
  });

  it('uses the client identifier it is given, for this time', async () => {
    await finish(['login', ...atEmulator(), '--timeout', '1']);
    await finish(['login', ...atEmulator(), '--timeout', '1', '--client-identifier', 'my-tv']);
    await finish(['login', ...atEmulator(), '--timeout', '1']);
    const [first, second, third] = served.emulator.pins.map(({ clientIdentifier }) => clientIdentifier);
    expect([second, third]).toEqual(['my-tv', first]);
  });

  it('ends with 3 where nobody approves in time', async () => {
    const { code, stderr } = await finish(['login', ...atEmulator(), '--timeout', '1']);
    expect([code, stderr]).toEqual([
      3,
      'plex-auth: the sign-in was not over within --timeout: run plex-auth login again\n',
    ]);
  });

  it('ends with 3 where the code expires', async () => {
    const emulator = createPlexEmulator({ lifetimeMs: { strong: 1500 } });
    const shortLived = await servePlexEmulator({ emulator });
    const { code, stderr } = await finish(['login', '--server-url', shortLived.url]);
    await shortLived.close();
    expect([code, stderr]).toEqual([
      3,
      'plex-auth: the code expired before anybody approved: run plex-auth login again\n',
    ]);
  });

  it('ends with 4 and one line where it cannot succeed', async () => {
    served.emulator.fault({ type: 'status', status: 400, code: 1000 }, { operation: 'getPin' });
    const { code, stderr } = await finish(['login', ...atEmulator()]);
    expect([code, stderr]).toEqual([
      4,
      'plex-auth: Plex answered getPin with status 400, code 1000 (PLEX_HTTP)\n',
    ]);
  });

  it('ends with 4 where its folder cannot be used, before anybody approves', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, stderr } = await finish(['login', ...atEmulator()], { PLEX_AUTH_CONFIG_DIR: file });
    expect([code, served.emulator.pins.length]).toEqual([4, 0]);
    expect(stderr).toMatch(/^plex-auth: .*ENOTDIR.*\n$/);
  });

  it('ends with 4 and one line for an exception that nobody caught', async () => {
    const bomb = join(folder, 'bomb.mjs');
    writeFileSync(bomb, "setTimeout(() => { throw new Error('Boom'); }, 1000);");
    const { code, stderr } = await finish(['login', '--emulator'], { NODE_OPTIONS: `--import=${bomb}` });
    expect([code, stderr]).toEqual([4, 'plex-auth: Boom\n']);
  });

  it('sets a corrupt file aside and says so once', async () => {
    writeFileSync(join(folder, 'credentials.json'), '{ not json');
    const { code, stderr } = await signIn();
    expect(code).toBe(0);
    expect(stderr).toMatch(/^plex-auth: .*credentials\.json\.corrupt.*\n$/);
    expect(readFileSync(join(folder, 'credentials.json.corrupt-1'), 'utf8')).toBe('{ not json');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('is cancelled by %s with exit code %d, and leaves no code behind', async (signal, code) => {
    const login = run(['login', ...atEmulator()]);
    await login.sees(/Waiting for you/);
    login.child.kill(signal);
    expect([await login.ended, login.stderr]).toEqual([code, 'Cancelled.\n']);
    expect(Object.keys(kept('state.json'))).not.toContain('plex-auth-flow.pin');
  });

  it('ends quietly when nobody reads any more', async () => {
    const login = run(['login', ...atEmulator(), '--json']);
    await login.sees(/awaitingLink/);
    login.child.stdout?.destroy();
    expect([await login.ended, login.stderr]).toEqual([141, '']);
  });
});

describe('login --emulator', () => {
  it('signs in by itself, says that it is no plex.tv, and keeps nothing', async () => {
    const { code, stdout, stderr } = await finish(['login', '--emulator', '--approve-after', '1']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^This is an emulator at http:\/\/127\.0\.0\.1:\d+, not plex\.tv\./m);
    expect(stdout).toMatch(/\nSigned in as emulated\n$/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is approved on the local consent page', async () => {
    const login = run(['login', '--emulator']);
    const [, page = ''] = await login.sees(/approve: (\S+)/);
    const { origin, hash } = new URL(page);
    const body = JSON.stringify({ code: new URLSearchParams(hash.slice(2)).get('code') });
    const headers = { 'Content-Type': 'application/json', Origin: origin };
    const approved = await fetch(`${origin}/emulator/approve`, { method: 'POST', headers, body });
    expect([approved.status, await login.ended]).toEqual([200, 0]);
  });
});

describe('whoami', () => {
  it('prints the user, for people and as JSON', async () => {
    await signIn();
    expect(await finish(['whoami'])).toEqual({
      code: 0,
      stdout: 'Name:         emulated\nEmail:        emulated@example.com\nSubscription: active, lifetime\n',
      stderr: '',
    });
    const { code, stdout } = await finish(['whoami', '--json', ...atEmulator()]);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { username: 'emulated' }]);
  });

  it('ends with 3 where nobody is signed in', async () => {
    const stderr = 'plex-auth: Not signed in: run plex-auth login\n';
    expect(await finish(['whoami'])).toEqual({ code: 3, stdout: '', stderr });
  });

  it('ends with 3 where Plex refuses the token, and forgets it', async () => {
    await signIn();
    served.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'getUser' });
    const { code, stderr } = await finish(['whoami']);
    expect([code, stderr]).toEqual([
      3,
      'plex-auth: Plex no longer accepts the kept token: run plex-auth login\n',
    ]);
    expect((await finish(['token'])).code).toBe(3);
  });

  it('ends with 4 in an outage, and keeps the token', async () => {
    const { token } = await signIn();
    served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { code, stderr } = await finish(['whoami']);
    expect([code, stderr]).toEqual([4, 'plex-auth: Plex answered getUser with status 503 (PLEX_HTTP)\n']);
    expect((await finish(['token'])).stdout).toBe(`${token}\n`);
  });

  it('adds the stack only where it is asked for', async () => {
    await signIn();
    served.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    const { stderr } = await finish(['whoami'], { DEBUG: 'plex-auth-flow' });
    expect(stderr).toMatch(/\n\s+at /);
  });
});

describe('token', () => {
  it('prints the token alone', async () => {
    const { token } = await signIn();
    expect(await finish(['token'])).toEqual({ code: 0, stdout: `${token}\n`, stderr: '' });
  });

  it('ends with 3 where nobody is signed in', async () => {
    expect(await finish(['token'])).toMatchObject({ code: 3, stdout: '' });
  });
});

describe('logout', () => {
  it('revokes the token and forgets it', async () => {
    await signIn();
    expect(await finish(['logout'])).toEqual({ code: 0, stdout: 'Signed out\n', stderr: '' });
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(served.emulator.requests.at(-1)).toMatchObject({ operation: 'signOut', status: 204 });
    expect((await finish(['logout'])).code).toBe(0);
  });

  it('forgets the token in an outage, and says what is left to do', async () => {
    await signIn();
    served.emulator.fault({ type: 'status', status: 503 }, { operation: 'signOut' });
    const { code, stderr } = await finish(['logout']);
    expect(code).toBe(4);
    expect(stderr).toContain('https://app.plex.tv/');
    expect(readdirSync(folder)).toEqual(['state.json']);
  });
});

describe('emulator', () => {
  it('says how to use it, logs each request without what is secret, and ends with 0', async () => {
    const emulator = run(['emulator', '--approve-after', '0']);
    const [, url = ''] = await emulator.sees(/answers at (http:\/\/127\.0\.0\.1:\d+)/);
    const login = await finish(['login', '--short', '--server-url', url]);
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
    const port = new URL(served.url).port;
    const { code, stderr } = await finish(['emulator', '--port', port]);
    expect([code, stderr]).toEqual([
      4,
      `plex-auth: port ${port} is taken; choose another one with --port, or 0 for any free one\n`,
    ]);
  });
});

describe('colour in a pipe', () => {
  it('is there where it is forced, without cursor movements', async () => {
    const forced = await finish(['login', '--emulator', '--approve-after', '0'], { FORCE_COLOR: '1' });
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
    const { token, stdout, stderr } = await signIn();
    const printed = [stdout, stderr];
    const note = async (args: readonly string[]) => {
      const end = await finish(args, { DEBUG: 'plex-auth-flow' });
      printed.push(end.stdout, end.stderr);
    };
    await note(['login', ...atEmulator()]);
    await note(['login', ...atEmulator(), '--json']);
    await note(['whoami']);
    await note(['whoami', '--json']);
    for (const fault of ['reset', 'truncated', 'html', 'xml'] as const) {
      served.emulator.fault({ type: fault }, { operation: 'getUser' });
      await note(['whoami']);
    }
    await note(['whoami', '--server-url', 'http://127.0.0.1:1']);
    await note(['login', token]);
    await note(['login', `--${'timeout'}`, token]);
    served.emulator.fault({ type: 'reset' }, { operation: 'signOut' });
    await note(['logout']);
    expect(token.length).toBeGreaterThan(10);
    expect(printed.filter((text) => text.includes(token))).toEqual([]);
  });
});
