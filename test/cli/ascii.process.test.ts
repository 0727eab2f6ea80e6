/** In a locale without UTF-8 the program prints ASCII alone: every command, in pipes and in a terminal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPlexEmulator, servePlexEmulator } from '../../src/emulator/index.ts';
import { useProgramWorld } from './program-world.ts';
import { useTerminalWorld } from './terminal-world.ts';

const world = useProgramWorld();
const terminals = useTerminalWorld();
const C = { LANG: 'C' };
const noASCII = /[^\0-~]/;

/** An emulated Plex whose user has a name that ASCII cannot write, and who approves at once. */
async function serveZoe(): Promise<string> {
  const emulator = createPlexEmulator({ approveAfterMs: 0, user: { title: 'Zoë 日本' } });
  const served = await servePlexEmulator({ emulator });
  onTestFinished(() => served.close());
  return served.url;
}

it('in a pipe: the screens and messages of every command', async () => {
  const url = await serveZoe();
  const at = ['--server-url', url];
  const lines = [
    ['--help'],
    ...['login', 'whoami', 'token', 'logout', 'emulator'].map((command) => [command, '--help']),
    ['login', '--shrt'],
    ['whoami'],
    ['token'],
    ['logout'],
    ['login', '--emulator', '--approve-after', '0'],
    ['login', '--emulator', '--approve-after', '0', '--short', '--product', 'Fernseher für Zoë'],
    ['login', '--emulator', '--approve-after', '0', '--json', '--inspect'],
    ['login', '--server-url', 'http://127.0.0.1:2', '--timeout', '1'],
    ['login', ...at, '--short'],
    ['login', ...at],
    ['whoami'],
    ['whoami', '--json'],
    ['whoami', '--server-url', 'http://127.0.0.1:2'],
    ['logout'],
  ];
  const printed = new Map<string, string>();
  for (const line of lines) {
    const { stdout, stderr } = await world.finish(line, C);
    printed.set(line.join(' '), stdout + stderr);
  }
  expect([...printed].filter(([, text]) => noASCII.test(text))).toEqual([]);
  expect([...printed].filter(([, text]) => !text)).toEqual([]);
  expect(printed.get(`login ${at.join(' ')} --short`)).toContain('Signed in as Zoe ??\n');
  expect(printed.get(`login ${at.join(' ')}`)).toContain('Already signed in as Zoe ??;');
  expect(printed.get('whoami')).toMatch(/^Name: +Zoe \?\?$/m);
  expect(JSON.parse(printed.get('whoami --json') ?? '')).toMatchObject({ title: 'Zoë 日本' });
});

it('in a pipe: what the emulator says and logs', async () => {
  const emulator = world.run(['emulator'], C);
  const [, url = ''] = await emulator.sees(/answers at (http:\/\/127\.0\.0\.1:\d+)/);
  for (const path of ['/', '/auth', '/link/?pin=7RQZ', '/api/v2/pins/qr/HUSH', '/日本'])
    await fetch(url + path);
  await emulator.sees(/GET \/api\/v2\/pins\/qr\/\.\.\. 404/);
  await emulator.sees(/%E6%97%A5.* 404/);
  expect(emulator.stdout).not.toMatch(noASCII);
});

it('in a terminal: a sign-in, its keys and its end', async () => {
  const url = await serveZoe();
  for (const args of [[], ['--short'], ['--product', 'x'.repeat(3000)]]) {
    const window = terminals.open(['login', '--emulator', ...args], { env: C });
    await window.sees(/ \d+:\d\d left/);
    for (const key of ['c', 'q', '\r', 'q']) {
      window.pty.write(key);
      await window.waitForStatus();
    }
    window.pty.write('\u0003');
    await window.ended;
    expect(window.raw).not.toMatch(noASCII);
  }
  const folder = mkdtempSync(join(tmpdir(), 'plex-auth-ascii-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const env = { ...C, PLEX_AUTH_CONFIG_DIR: folder };
  const window = terminals.open(['login', '--server-url', url], { env });
  await window.ended;
  expect(window.lines().join('\n')).toContain('Signed in as Zoe ??');
  expect(window.raw).not.toMatch(noASCII);
});
