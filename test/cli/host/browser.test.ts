import { expect, it } from 'vitest';
import { findBrowser } from '../../../src/cli/host/browser.ts';

it.each<[Record<string, string>, NodeJS.Platform, string | undefined]>([
  [{}, 'darwin', undefined],
  [{}, 'win32', undefined],
  [{}, 'linux', 'there is no display'],
  [{}, 'freebsd', 'there is no display'],
  [{ DISPLAY: ':0' }, 'linux', undefined],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', undefined],
  [{ WSL_DISTRO_NAME: 'Debian' }, 'linux', undefined],
  [{ DISPLAY: ':10', SSH_CONNECTION: '::1 1 ::1 22' }, 'linux', 'this is an SSH session'],
  [{ SSH_TTY: '/dev/pts/1' }, 'darwin', 'this is an SSH session'],
  [{ SSH_TTY: '/dev/pts/1', BROWSER: '/opt/open-there' }, 'linux', undefined],
])('says of %j on %s why no page can be opened: %s', (env, platform, obstacle) => {
  expect(findBrowser(env, platform)).toMatchObject({ obstacle });
});

it('finds none where BROWSER is none', () => {
  expect(findBrowser({ DISPLAY: ':0', BROWSER: 'none' }, 'linux')).toBeUndefined();
});
