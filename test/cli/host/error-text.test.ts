import { describe, expect, it } from 'vitest';
import { toErrorText } from '../../../src/cli/host/error-text.ts';
import { toServerAddress } from '../../../src/cli/host/server-address.ts';
import { PlexAuthError } from '../../../src/errors.ts';

describe('the text of an error', () => {
  const details = { atMs: 0, retryable: true };

  it("names the code, and the system's own", () => {
    const cause = { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
    const error = new PlexAuthError('PLEX_NETWORK', 'Plex did not answer', { ...details, cause });
    expect(toErrorText(error)).toBe('Plex did not answer (PLEX_NETWORK, ECONNREFUSED)');
  });

  it('shows what the store said, which names the file', () => {
    const cause = { message: "EACCES: permission denied, open '/x'", code: 'EACCES' };
    const error = new PlexAuthError('PLEX_STORE', 'The store failed to write key', { ...details, cause });
    expect(toErrorText(error)).toBe("EACCES: permission denied, open '/x' (PLEX_STORE)");
    const late = new PlexAuthError('PLEX_STORE', 'The store failed to write key', { ...details, cause: {} });
    expect(toErrorText(late)).toBe('The store failed to write key (PLEX_STORE)');
  });

  it('is one line, whatever was thrown', () => {
    expect(toErrorText(new Error('one\n  two'))).toBe('one two');
    expect(toErrorText('a string')).toBe('Something unexpected was thrown (PLEX_UNEXPECTED)');
  });

  it.each([
    ['ENOTFOUND', undefined, 'Cannot reach https://plex.tv (ENOTFOUND)'],
    [undefined, undefined, 'Cannot reach https://plex.tv (PLEX_NETWORK)'],
    ['CERT_HAS_EXPIRED', undefined, 'Cannot trust the certificate of https://plex.tv (CERT_HAS_EXPIRED)'],
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      undefined,
      'Cannot trust the certificate of https://plex.tv (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    ],
    [
      'ECONNREFUSED',
      'http://u:hush@proxy.example:3128/',
      'Cannot reach https://plex.tv through the proxy http://proxy.example:3128 (ECONNREFUSED)',
    ],
  ])('names the address that did not answer, and the code %s', (code, httpsProxy, text) => {
    const error = new PlexAuthError('PLEX_NETWORK', 'Plex did not answer', {
      ...details,
      cause: { name: 'Error', code },
    });
    const server = toServerAddress(undefined, httpsProxy ? { HTTPS_PROXY: httpsProxy } : {});
    expect(toErrorText(error, server)).toBe(text);
  });

  it('does not say of a server that answered that it cannot be reached', () => {
    const error = new PlexAuthError('PLEX_NETWORK', 'The answer of Plex broke off', {
      ...details,
      status: 200,
    });
    const server = { origin: 'https://plex.tv' };
    expect(toErrorText(error, server)).toBe('The answer of Plex broke off (PLEX_NETWORK)');
  });
});

describe('the address of a server', () => {
  const proxies = { HTTPS_PROXY: 'http://secure.example:1', HTTP_PROXY: 'plain.example:2' };

  it.each([
    [undefined, {}, { origin: 'https://plex.tv', proxy: 'http://secure.example:1' }],
    ['http://me.example:99/api', {}, { origin: 'http://me.example:99', proxy: 'http://plain.example:2' }],
    ['http://127.0.0.1:99', {}, { origin: 'http://127.0.0.1:99' }],
    [undefined, { NO_PROXY: 'a.example, .plex.tv' }, { origin: 'https://plex.tv' }],
    ['https://a.example', { NO_PROXY: 'a.example:443' }, { origin: 'https://a.example' }],
    [
      'https://ba.example',
      { NO_PROXY: 'a.example' },
      { origin: 'https://ba.example', proxy: 'http://secure.example:1' },
    ],
  ])('names the proxy on the way to %s with %j', (serverURL, env, address) => {
    expect(toServerAddress(serverURL, { ...proxies, ...env })).toEqual(address);
  });
});
