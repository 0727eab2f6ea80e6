import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { causeOf, PlexAuthError, type PlexAuthErrorCode, toPlexAuthError } from '../src/errors.ts';

const codes: Record<PlexAuthErrorCode, true> = {
  PLEX_NETWORK: true,
  PLEX_TIMEOUT: true,
  PLEX_RATE_LIMITED: true,
  PLEX_HTTP: true,
  PLEX_BAD_REPLY: true,
  PLEX_CLIENT_MISMATCH: true,
  PLEX_STORE: true,
  PLEX_POPUP_BLOCKED: true,
  PLEX_FRAMED: true,
  PLEX_EXPIRED: true,
  PLEX_NO_ACCESS: true,
  PLEX_NO_ATTEMPT: true,
  PLEX_UNEXPECTED: true,
};

describe('PlexAuthError', () => {
  const cause = { name: 'TypeError', message: 'fetch failed' };
  const full = new PlexAuthError('PLEX_RATE_LIMITED', 'Slow down', {
    atMs: 1000,
    retryable: true,
    status: 429,
    plexCode: 1003,
    retryAfterMs: 5000,
    cause,
  });
  const bare = new PlexAuthError('PLEX_NETWORK', 'No answer', { atMs: 0, retryable: false });

  it.each(Object.keys(codes) as PlexAuthErrorCode[])('carries %s', (code) => {
    expect(new PlexAuthError(code, 'A fault', { atMs: 0, retryable: false }).code).toBe(code);
  });

  it('is an error with a name, a message and a stack', () => {
    expect(full).toBeInstanceOf(Error);
    expect(full).toBeInstanceOf(PlexAuthError);
    expect(String(full)).toBe('PlexAuthError: Slow down');
    expect(full.stack).toContain('errors.test');
  });

  it('says all that is known', () => {
    expect({ ...full }).toEqual({
      name: 'PlexAuthError',
      code: 'PLEX_RATE_LIMITED',
      atMs: 1000,
      retryable: true,
      status: 429,
      plexCode: 1003,
      retryAfterMs: 5000,
    });
  });

  it('has no field for what is not known', () => {
    expect(Object.keys(bare).toSorted()).toEqual(['atMs', 'code', 'name', 'retryable']);
    for (const field of ['status', 'plexCode', 'retryAfterMs', 'cause']) expect(field in bare).toBe(false);
  });

  it('has no field for what is given as undefined', () => {
    const error = new PlexAuthError('PLEX_HTTP', 'A fault', {
      atMs: 0,
      retryable: false,
      status: undefined,
      plexCode: undefined,
      retryAfterMs: undefined,
      cause: undefined,
    });
    expect(Object.keys(error).toSorted()).toEqual(['atMs', 'code', 'name', 'retryable']);
    expect('cause' in error).toBe(false);
  });

  it('keeps what is 0 or false', () => {
    const error = new PlexAuthError('PLEX_HTTP', 'A fault', { atMs: 0, retryable: false, retryAfterMs: 0 });
    expect(error).toMatchObject({ atMs: 0, retryable: false, retryAfterMs: 0 });
  });

  it('holds its cause where a list of fields does not show it', () => {
    expect(full.cause).toBe(cause);
    expect(Object.keys(full)).not.toContain('cause');
    expect(JSON.stringify(full)).not.toContain('fetch failed');
    expect(inspect(full)).toContain('fetch failed');
  });

  it('cannot be changed', () => {
    expect(() => Object.assign(full, { retryable: false })).toThrow(TypeError);
    expect(() => Object.assign(full, { cause: undefined })).toThrow(TypeError);
  });
});

describe('the fault of code that was put in', () => {
  it('is passing for a store and lasting for the rest', () => {
    expect(toPlexAuthError('PLEX_STORE', 'A fault', new Error('full'), 5)).toMatchObject({
      retryable: true,
      atMs: 5,
    });
    expect(toPlexAuthError('PLEX_UNEXPECTED', 'A fault', new Error('bug'), 5)).toMatchObject({
      retryable: false,
    });
  });

  it('keeps name and message of what was thrown, and nothing that may hold a secret', () => {
    const thrown = Object.assign(new RangeError('quota'), { headers: { 'X-Token': 'tok-9f8e7d6c' } });
    const fault = toPlexAuthError('PLEX_STORE', 'The store failed', thrown, 0);
    expect(fault.message).toBe('The store failed');
    expect(fault.cause).toEqual({ name: 'RangeError' });
    expect(inspect(fault, { showHidden: true, depth: Infinity })).not.toContain('tok-9f8e7d6c');
  });

  it.each([undefined, null, 'tok-9f8e7d6c', 7])('copes with %s', (thrown) => {
    expect(toPlexAuthError('PLEX_UNEXPECTED', 'A fault', thrown, 0).cause).toEqual({ name: 'Error' });
  });

  const throwing = (fields: string[]) =>
    Object.defineProperties(
      new Error('x'),
      Object.fromEntries(
        fields.map((field) => [
          field,
          {
            get() {
              throw new Error(`no ${field}`);
            },
          },
        ]),
      ),
    );
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const unprintable: unknown = Object.create(null);
  it.each<[string, unknown]>([
    ['a revoked proxy', revoked],
    ['a Symbol', Symbol('s')],
    ['an object without a prototype', unprintable],
    ['getters that throw', throwing(['name', 'message', 'code', 'syscall', 'cause'])],
    ['a cause that is a revoked proxy', new Error('x', { cause: revoked })],
    ['a name that is a Symbol', Object.assign(new Error('x'), { name: Symbol('s') })],
    ['a code that has no text', Object.assign(new Error('x'), { code: unprintable })],
  ])('never throws: %s', (_name, thrown) => {
    expect(causeOf(thrown)).toEqual({ name: 'Error' });
    expect(toPlexAuthError('PLEX_UNEXPECTED', 'A fault', thrown, 0)).toHaveProperty(
      'code',
      'PLEX_UNEXPECTED',
    );
  });

  it('keeps what can be read beside what cannot', () => {
    const thrown = Object.assign(throwing(['message', 'cause']), { code: 'EIO', syscall: 'read' });
    expect(causeOf(thrown)).toEqual({ name: 'Error', message: '', code: 'EIO' });
  });

  it('keeps the code of the system, and that of the cause below it', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    });
    const failed = new TypeError('fetch failed', { cause: refused });
    expect(causeOf(failed)).toEqual({
      name: 'TypeError',
      message: 'connect ECONNREFUSED',
      code: 'ECONNREFUSED',
    });
    expect(causeOf(refused)).toMatchObject({ code: 'ECONNREFUSED' });
    expect(causeOf(Object.assign(new Error('no'), { code: 11 }))).not.toHaveProperty('code');
  });

  it.each([
    ['message', { message: 'cannot write tok-9f8e7d6c' }],
    ['message, though it has a code', { message: 'cannot write tok-9f8e7d6c', code: 'ECONNRESET' }],
    ['name', { name: 'tok-9f8e7d6c' }],
    ['code', { code: 'tok-9f8e7d6c' }],
    ['cause', { cause: new Error('tok-9f8e7d6c') }],
  ])('repeats no %s that other code wrote', (_what, fields) => {
    const fault = toPlexAuthError('PLEX_STORE', 'The store failed', Object.assign(new Error('x'), fields), 0);
    expect(JSON.stringify(fault.cause)).not.toContain('tok-');
  });
});
