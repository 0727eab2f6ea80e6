import { expect, it } from 'vitest';
import { hasUnicode } from '../../../src/cli/host/unicode.ts';

it.each<[Record<string, string>, NodeJS.Platform, boolean]>([
  [{}, 'linux', true],
  [{ LANG: 'en_US.UTF-8' }, 'linux', true],
  [{ LANG: 'C.utf8' }, 'linux', true],
  [{ LANG: 'C' }, 'linux', false],
  [{ LANG: 'POSIX' }, 'darwin', false],
  [{ LANG: 'de_DE.ISO-8859-1' }, 'linux', false],
  [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 'linux', false],
  [{ LANG: 'C', LC_CTYPE: 'UTF-8' }, 'darwin', true],
  [{ LANG: 'C', LC_ALL: '' }, 'linux', false],
  [{ TERM: 'linux', LANG: 'en_US.UTF-8' }, 'linux', false],
  [{ TERM: 'dumb' }, 'linux', false],
  [{ LANG: 'C' }, 'win32', true],
])('says of %j on %s whether there is more than ASCII: %s', (env, platform, expected) => {
  expect(hasUnicode(env, platform)).toBe(expected);
});
