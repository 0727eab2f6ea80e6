import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../src/cli/commands/run-command-line.ts';
import { UsageError } from '../../../src/cli/commands/usage-error.ts';
import type { CommandHost } from '../../../src/cli/host/command-host.ts';
import { createPalette } from '../../../src/cli/host/palette.ts';

/** Runs a command line of which nothing but its words matters. */
async function runLine(
  args: string[],
  window: { columns?: number } = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const toOutput = (name: 'stdout' | 'stderr') => ({
    ...window,
    write: (text: string) => {
      written[name] += text;
    },
  });
  const host: CommandHost = {
    stdout: toOutput('stdout'),
    stderr: toOutput('stderr'),
    env: {},
    signal: new AbortController().signal,
    palette: createPalette(false),
    hasHyperlinks: false,
    hasUnicode: true,
    warn: () => {},
  };
  const code = await runCommandLine(args, host, '1.2.3');
  return { code, ...written };
}

describe('the command line', () => {
  it.each([
    [['login', '--shrt'], 'unknown option --shrt (did you mean --short?)'],
    [['login', '--approveAfter', '1'], 'unknown option --approveAfter (did you mean --approve-after?)'],
    [['login', '--no-short'], 'unknown option --no-short (did you mean --short?)'],
    [['login', '--wat'], 'unknown option --wat'],
    [['login', '-x'], 'unknown option -x'],
    [['login', '-xhush-hush'], 'unknown option -x'],
    [['login', '--wat=hush-hush'], 'unknown option --wat'],
    [['login', "--wat=hush'hush"], 'unknown option --wat'],
    [['login', '--timeout'], '--timeout needs a value'],
    [['login', '--timeout='], '--timeout needs a value'],
    [['login', '--timeout', '--short'], '--timeout needs a value'],
    [['login', '--product', '--short'], '--product needs a value'],
    [['login', '--short=yes'], '--short takes no value'],
    [['login', '--short=hush-hush-hush-hush'], '--short takes no value'],
    [['login', 'hush-hush'], 'this command takes only options; see --help'],
    [['login', '--', 'hush-hush'], 'this command takes only options; see --help'],
    [['logn'], 'unknown command logn (did you mean login?)'],
    [['log-out'], 'unknown command log-out (did you mean logout?)'],
    [['whoamI'], 'unknown command whoamI (did you mean whoami?)'],
    [['help', 'logn'], 'unknown command logn (did you mean login?)'],
    [['help', 'hush-hush'], 'unknown command; see --help'],
    [['serve'], 'unknown command serve; see --help'],
    [['help', 'foo'], 'unknown command foo; see --help'],
    [['help', 'kqx7ydwm3v9pz'], 'unknown command; see --help'],
    [['help', '7RQZ'], 'unknown command; see --help'],
    [['hush-hush'], 'unknown command; see --help'],
    [['--short'], 'unknown option --short'],
  ])('refuses %j', async (args, message) => {
    await expect(runLine(args)).rejects.toThrow(new UsageError(message));
  });

  it.each([
    [['login', '--approve-after', '1'], '--approve-after needs --emulator'],
    [['login', '--approve-after', '1', '--short', '--timeout', '5'], '--approve-after needs --emulator'],
    [['login', '--timeout=-weird'], '--timeout must be a number of seconds from 1 to 2147483'],
    [['login', '--timeout', '-5'], '--timeout must be a number of seconds from 1 to 2147483'],
    [['login', '--emulator', '--server-url', 'http://x'], '--emulator and --server-url exclude each other'],
  ])('takes %j, and then reads the values', async (args, message) => {
    await expect(runLine(args)).rejects.toThrow(new UsageError(message));
  });

  it.each([
    ['login', '--wat', '--help'],
    ['login', '-h'],
    ['login', '--timeout', '--help'],
    ['login', '--timeout', 'hush', '--help'],
  ])('lets a call for help win over any mistake: %s %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await runLine(args.filter(Boolean));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Usage: npx plex-auth-flow login \[options\]\n/);
  });

  it.each([
    [['help'], /^Usage: npx plex-auth-flow \[options\] \[command\]\n/],
    [['--help'], /^Usage: npx plex-auth-flow \[options\] \[command\]\n/],
    [['help', 'login'], /^Usage: npx plex-auth-flow login \[options\]\n/],
    [['help', 'emulator'], /^Usage: npx plex-auth-flow emulator \[options\]\n/],
    [['token', '--help'], /^Usage: npx plex-auth-flow token \[options\]\n/],
  ])('writes the help for %j', async (args, usage) => {
    const { code, stdout, stderr } = await runLine(args);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(usage);
  });

  it.each([[['-v', 'wat']], [['login', '--wat', '--version']], [['--version']]])(
    'lets a call for the version win over any mistake: %j',
    async (args) => {
      expect(await runLine(args)).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
    },
  );

  it('writes the help to standard error where there is no command', async () => {
    const { code, stdout, stderr } = await runLine([]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: npx plex-auth-flow \[options\] \[command\]\n/);
    expect(stderr).toContain('Exit codes: 0 done');
  });

  it('breaks the lines of the help between words', async () => {
    const { stdout } = await runLine(['--help'], { columns: 80 });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('HTTPS_PROXY');
  });

  it('names values as the documentation does', async () => {
    const { stdout } = await runLine(['login', '--help']);
    expect(stdout).toMatch(/^ {2}--approve-after SECONDS {2}/m);
    expect(stdout).toMatch(/^ {2}-v, --version {2}/m);
    expect(stdout).not.toContain('preset');
    expect(stdout).toContain('The name on the consent page (default: plex-auth-flow)\n');
  });
});
