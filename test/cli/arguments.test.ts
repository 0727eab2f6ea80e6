import { describe, expect, it } from 'vitest';
import { checkArguments, nearest } from '../../src/cli/check-arguments.ts';
import { toErrorText } from '../../src/cli/error-text.ts';
import { readClientIdentifier, readPort, readSeconds, readServerURL } from '../../src/cli/read-option.ts';
import { UsageError } from '../../src/cli/usage-error.ts';
import { PlexAuthError } from '../../src/errors.ts';

const argsDef = {
  short: { type: 'boolean' },
  timeout: { type: 'string' },
  'approve-after': { type: 'string' },
  help: { type: 'boolean', alias: 'h' },
  version: { type: 'boolean', alias: 'v' },
} as const;

describe('the command line', () => {
  it.each([
    [['--shrt'], 'unknown option --shrt (did you mean --short?)'],
    [['--approveAfter', '1'], 'unknown option --approveAfter (did you mean --approve-after?)'],
    [['--no-short'], 'unknown option --no-short'],
    [['--wat'], 'unknown option --wat'],
    [['-x'], 'unknown option -x'],
    [['--wat=hush-hush'], 'unknown option --wat'],
    [['--timeout'], '--timeout needs a value'],
    [['--timeout='], '--timeout needs a value'],
    [['--timeout', '--short'], '--timeout needs a value'],
    [['--short=yes'], '--short takes no value'],
    [['hush-hush'], 'only options are taken here; see --help'],
    [['--', 'hush-hush'], 'only options are taken here; see --help'],
  ])('refuses %j', (rawArgs, message) => {
    expect(() => checkArguments(rawArgs, argsDef)).toThrow(new UsageError(message));
  });

  it.each([[[]], [['--short', '--timeout', '5']], [['--timeout=-weird']], [['--timeout', '-5']]])(
    'takes %j',
    (rawArgs: string[]) => {
      expect(checkArguments(rawArgs, argsDef)).toEqual({ help: false, version: false });
    },
  );

  it('lets a call for help or the version win over any mistake', () => {
    expect(checkArguments(['--wat', '--help'], argsDef).help).toBe(true);
    expect(checkArguments(['-h'], argsDef).help).toBe(true);
    expect(checkArguments(['-v', 'wat'], argsDef).version).toBe(true);
  });

  it('guesses a near name, and none where nothing is near', () => {
    const names = ['login', 'logout', 'whoami'];
    expect(['logn', 'log-out', 'whoamI', 'serve'].map((typed) => nearest(typed, names))).toEqual([
      'login',
      'logout',
      'whoami',
      undefined,
    ]);
  });
});

describe('the values of options', () => {
  it('reads seconds into milliseconds', () => {
    expect([undefined, '0', '1.5', '60'].map((text) => readSeconds('--x', text, 0))).toEqual([
      undefined,
      0,
      1500,
      60_000,
    ]);
  });

  it.each(['abc', '-1', '1e3', '', ' 1', '2147484', 'Infinity', '0.5'])(
    'refuses "%s" as seconds from 1',
    (text) => {
      expect(() => readSeconds('--timeout', text, 1)).toThrow('--timeout must be a number of seconds from 1');
    },
  );

  it('reads a port', () => {
    expect([undefined, '0', '65535'].map((text) => readPort('--port', text))).toEqual([0, 0, 65_535]);
    for (const text of ['65536', '-1', 'http', '80.5', ''])
      expect(() => readPort('--port', text)).toThrow('--port must be a port');
  });

  it('reads the address of a server, without a password in it', () => {
    expect(readServerURL({ 'server-url': 'http://127.0.0.1:1/api/v2' })).toBe('http://127.0.0.1:1/api/v2');
    for (const text of [
      'ftp://x',
      'plex.tv',
      'http://me:pass@x',
      'http://me@x',
      'https://x/?a',
      'https://x/#a',
    ])
      expect(() => readServerURL({ 'server-url': text })).toThrow(
        '--server-url must be an http or https URL',
      );
  });

  it('takes plain http on the network only where it is asked for', () => {
    const args = { 'server-url': 'http://plex.lan:32400' };
    expect(() => readServerURL(args)).toThrow('--server-url must be https');
    expect(readServerURL({ ...args, 'allow-insecure-requests': true })).toBe(args['server-url']);
  });

  it('reads a client identifier of printable ASCII', () => {
    expect(readClientIdentifier('--client-identifier', 'my tv')).toBe('my tv');
    for (const text of ['tv\n', 'küche', ' tv'])
      expect(() => readClientIdentifier('--client-identifier', text)).toThrow('must be printable ASCII');
  });
});

describe('the text of an error', () => {
  const details = { atMs: 0, retryable: true };

  it("names the code, and the system's own", () => {
    const cause = { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
    const error = new PlexAuthError('PLEX_NETWORK', 'Plex did not answer', { ...details, cause });
    expect(toErrorText(error)).toBe('Plex did not answer (PLEX_NETWORK, ECONNREFUSED)');
  });

  it('tells what the store said, which names the file', () => {
    const error = new PlexAuthError('PLEX_STORE', 'The store failed to write x', {
      ...details,
      cause: { message: 'EACCES: permission denied' },
    });
    expect(toErrorText(error)).toBe('The store failed to write x: EACCES: permission denied (PLEX_STORE)');
  });

  it('is one line, whatever was thrown', () => {
    expect(toErrorText(new Error('one\n  two'))).toBe('one two');
    expect(toErrorText('a string')).toBe('Something unexpected was thrown (PLEX_UNEXPECTED)');
  });
});
