import { describe, expect, it } from 'vitest';
import { toErrorText } from '../../../src/cli/host/error-text.ts';
import { PlexAuthError } from '../../../src/errors.ts';

describe('the text of an error', () => {
  const details = { atMs: 0, retryable: true };

  it("names the code, and the system's own", () => {
    const cause = { name: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' };
    const error = new PlexAuthError('PLEX_NETWORK', 'Plex did not answer', { ...details, cause });
    expect(toErrorText(error)).toBe('Plex did not answer (PLEX_NETWORK, ECONNREFUSED)');
  });

  it('shows what the store said, which names the file', () => {
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
