/** What real processes print: the program `plex-auth`, and a flow with XState's development build. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../../src/emulator/serve-plex-emulator.ts';
import { buildOnce, cleanEnv, type Run, runPlexAuth } from '../../cli/run-plex-auth.ts';
import { tracesOf } from './traces.ts';

const root = mkdtempSync(join(tmpdir(), 'plex-auth-flow-secrets-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the program', () => {
  let folder: string;
  let served: ServedPlexEmulator;
  let runs: Run[];

  beforeAll(buildOnce, 120_000);
  beforeEach(async () => {
    folder = mkdtempSync(join(root, 'config-'));
    served = await servePlexEmulator();
    runs = [];
  });
  afterEach(async () => {
    for (const { child } of runs) child.kill('SIGKILL');
    await served.close();
  });

  const atEmulator = () => ['--server-url', served.url];
  const file = () => join(folder, 'credentials.json');

  function run(args: readonly string[]): Run {
    const started = runPlexAuth(args, cleanEnv(folder, { DEBUG: 'plex-auth-flow' }));
    runs.push(started);
    return started;
  }

  async function printedBy(...commands: (readonly string[])[]): Promise<string[]> {
    const printed: string[] = [];
    for (const args of commands) {
      const started = run(args);
      const code = await started.ended;
      printed.push(`${code}: ${started.stdout}${started.stderr}`);
    }
    return printed;
  }

  async function signIn(more: readonly string[] = []): Promise<{ token: string; printed: string }> {
    const login = run(['login', ...atEmulator(), ...more]);
    await login.sees(/Waiting for you|"awaitingLink"/);
    const token = served.emulator.link(served.emulator.pins.at(-1)?.code ?? '');
    expect(await login.ended).toBe(0);
    return { token, printed: login.stdout + login.stderr };
  }

  it.each([[[]], [['--short']], [['--json']]])('prints no token in a sign-in with %j', async (more) => {
    const { token, printed } = await signIn(more);
    expect(tracesOf(token, { kept: readFileSync(file(), 'utf8') })).not.toEqual([]);
    expect(tracesOf(token, { printed })).toEqual([]);
  });

  it.each(['status', 'reset', 'truncated', 'html', 'xml', 'rateLimited'] as const)(
    'prints no token where each request meets %s',
    async (type) => {
      const { token } = await signIn();
      const fault = type === 'status' ? ({ type, status: 500 } as const) : { type };
      served.emulator.fault(fault, { times: Number.POSITIVE_INFINITY });
      const printed = await printedBy(
        ['whoami'],
        ['whoami', '--json'],
        ['login', ...atEmulator()],
        ['logout'],
      );
      expect(tracesOf(token, { printed })).toEqual([]);
    },
  );

  it.each<[string, (content: string) => string]>([
    ['is cut off', (content) => content.slice(0, -20)],
    ['is no JSON', (content) => `x${content}`],
    ['is a list', (content) => `[${content}]`],
  ])('sets aside credentials whose file %s, says so and prints no token', async (_name, spoil) => {
    const { token } = await signIn();
    const spoilt = spoil(readFileSync(file(), 'utf8'));
    writeFileSync(file(), spoilt);
    const printed = await printedBy(['whoami'], ['whoami'], ['logout'], ['token']);
    expect(printed[0]).toContain('credentials.json.corrupt-1');
    expect(printed.slice(1).join()).not.toContain('corrupt');
    expect(readFileSync(`${file()}.corrupt-1`, 'utf8')).toBe(spoilt);
    expect(tracesOf(token, { printed })).toEqual([]);
  });

  it('prints no token where the kept text is no JSON inside a file that is', async () => {
    const token = 'Xtok-canary-5Qz81xWv';
    writeFileSync(file(), JSON.stringify({ 'plex-auth-flow.credentials': token }), { mode: 0o600 });
    const printed = await printedBy(
      ['whoami'],
      ['logout'],
      ['token'],
      ['login', '--timeout', '1', ...atEmulator()],
    );
    expect(tracesOf(token, { printed })).toEqual([]);
  });

  it('prints no token that was pasted where none belongs', async () => {
    const { token } = await signIn();
    const printed = await printedBy(
      ['login', '--client-identifier', `${token}é`],
      ['login', '--server-url', `ftp://${token}`],
      ['login', '--server-url', `http://user:${token}@127.0.0.1`],
      ['login', '--timeout', token],
      ['token', token],
    );
    expect(printed.every((text) => text.startsWith('2: '))).toBe(true);
    expect(tracesOf(token, { printed })).toEqual([]);
  });
});

describe("a flow with XState's development build", () => {
  /** Signs in and does everything late; the token goes to a file, and a planted one to the console. */
  const script = (plant: string) => `
    import { writeFileSync } from 'node:fs';
    import { createPlexAuth, Secret } from './src/index.ts';
    import { createPlexEmulator, createVirtualTime } from './src/testing/index.ts';
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const auth = createPlexAuth({ product: 'Canary', clientIdentifier: 'tv', clock, fetch: emulator.fetch });
    auth.start();
    await advance(500);
    emulator.fault({ type: 'stale', delayMs: 4000 }, { operation: 'getToken' });
    emulator.link(emulator.pins[0].code);
    auth.check();
    await advance(2000);
    auth.cancel();
    await advance(10_000);
    auth.start();
    await advance(500);
    const token = emulator.link(emulator.pins[1].code);
    writeFileSync(process.argv[2], token);
    auth.check();
    await advance(0);
    const { credentials } = auth.actor.getSnapshot().context;
    auth.verify();
    auth.signOut();
    auth.start();
    auth.dispose();
    for (const call of [auth.start, auth.check, auth.cancel, auth.signOut, auth.verify]) call();
    await advance(60_000);
    console.log(credentials === undefined ? 'no token' : 'a token', auth.getSnapshot());
    ${plant}
  `;

  async function printedBy(plant: string): Promise<{ token: string; printed: string }> {
    const outfile = join(mkdtempSync(join(root, 'flow-')), 'flow.mjs');
    await build({
      stdin: { contents: script(plant), resolveDir: resolve('.'), loader: 'ts' },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      conditions: ['development'],
      logLevel: 'silent',
      banner: {
        js: "import { createRequire as createRequireOf } from 'node:module'; const require = createRequireOf(import.meta.url);",
      },
    });
    chmodSync(outfile, 0o600);
    const child = spawn(process.execPath, [outfile, `${outfile}.token`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        printed += part;
      });
    }
    await new Promise((done) => child.on('close', done));
    return { token: readFileSync(`${outfile}.token`, 'utf8'), printed };
  }

  it('prints no token, whatever comes late', async () => {
    const { token, printed } = await printedBy('');
    expect(printed).toMatch(/^a token \{/);
    expect(tracesOf(token, { printed })).toEqual([]);
  });

  it('is one that prints what is sent to a stopped actor, and a Secret in it as [redacted]', async () => {
    const { token, printed } = await printedBy(`
      auth.actor.send({ type: 'RESTORE', credentials: { token: new Secret(token), clientIdentifier: 'tv' } });
    `);
    expect(printed).toContain('RESTORE');
    expect(printed).toContain('[redacted]');
    expect(tracesOf(token, { printed })).toEqual([]);
    const planted = await printedBy("auth.actor.send({ type: 'RESTORE', credentials: { token } });");
    expect(tracesOf(planted.token, { printed: planted.printed })).not.toEqual([]);
  });
});
