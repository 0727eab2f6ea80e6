import { describe, expect, it } from 'vitest';
import {
  checkClientFlags,
  checkServerFlags,
  readPort,
  readSeconds,
} from '../../../src/cli/commands/read-option.ts';
import { UsageError } from '../../../src/cli/commands/usage-error.ts';

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
    expect(['0', '65535'].map((text) => readPort('--port', text))).toEqual([0, 65_535]);
    for (const text of ['65536', '-1', 'http', '80.5', ''])
      expect(() => readPort('--port', text)).toThrow('--port must be a port');
  });

  /** Issue 13: the sign-in asked for ever, and nobody learned why. */
  it('refuses a port that fetch refuses, by its number', () => {
    expect(() => readPort('--port', '6000')).toThrow('--port: fetch and browsers refuse port 6000');
    const check = (serverUrl: string) => () => checkServerFlags({ serverUrl });
    expect(check('http://127.0.0.1:9')).toThrow(
      new UsageError('--server-url http://127.0.0.1:9: fetch and browsers refuse port 9'),
    );
    for (const url of ['https://x', 'http://127.0.0.1:80', 'http://127.0.0.1:8080'])
      expect(check(url)).not.toThrow();
  });

  it('takes the address of a server, without a password in it', () => {
    expect(() => checkClientFlags({ serverURL: 'http://127.0.0.1:1/api/v2' })).not.toThrow();
    for (const serverURL of [
      'ftp://x',
      'plex.tv',
      'http://me:pass@x',
      'http://me@x',
      'https://x/?a',
      'https://x/#a',
    ])
      expect(() => checkClientFlags({ serverURL })).toThrow(
        '--server-url must be an absolute http or https URL',
      );
  });

  it('takes plain http on the network only where it is asked for', () => {
    const serverURL = 'http://plex.lan:32400';
    expect(() => checkClientFlags({ serverURL })).toThrow(
      new UsageError(
        '--server-url must be an https URL, or http on this machine; --allow-insecure-requests lifts that',
      ),
    );
    expect(() => checkClientFlags({ serverURL, allowInsecureRequests: true })).not.toThrow();
  });

  it('takes a client identifier of printable ASCII', () => {
    expect(() => checkClientFlags({ clientIdentifier: 'my tv' })).not.toThrow();
    for (const clientIdentifier of ['tv\n', 'küche', ' tv'])
      expect(() => checkClientFlags({ clientIdentifier })).toThrow(
        new UsageError('--client-identifier must be printable ASCII'),
      );
  });
});
