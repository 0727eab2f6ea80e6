import { userInfo } from 'node:os';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolder } from '../../src/node/config-folder.ts';

describe('the config folder', () => {
  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', { HOME: '/home/me' }, '/home/me/.config/app'],
    ['linux', { HOME: '/home/me', XDG_CONFIG_HOME: '/etc/me' }, '/etc/me/app'],
    ['linux', { HOME: '/home/me', XDG_CONFIG_HOME: '' }, '/home/me/.config/app'],
    ['linux', { HOME: '/home/me', XDG_CONFIG_HOME: 'relative' }, '/home/me/.config/app'],
    ['freebsd', { HOME: '/home/me' }, '/home/me/.config/app'],
    ['darwin', { HOME: '/Users/me' }, '/Users/me/Library/Application Support/app'],
    ['win32', { APPDATA: 'C:\\Users\\me\\AppData\\Roaming' }, 'C:\\Users\\me\\AppData\\Roaming\\app'],
    ['win32', { USERPROFILE: 'C:\\Users\\me' }, 'C:\\Users\\me\\AppData\\Roaming\\app'],
  ])('is found on %s with %j', (platform, env, folder) => {
    expect(configFolder('app', env, platform)).toBe(folder);
  });

  it.each<[NodeJS.Platform, Record<string, string>, string]>([
    ['linux', {}, '.config'],
    ['linux', { HOME: '', XDG_CONFIG_HOME: '' }, '.config'],
    ['linux', { HOME: 'me', XDG_CONFIG_HOME: 'xdg' }, '.config'],
    ['linux', { HOME: '.' }, '.config'],
    ['darwin', { HOME: '' }, 'Library/Application Support'],
    ['darwin', { HOME: '../me' }, 'Library/Application Support'],
  ])("is in the home folder of the system's list of users on %s with %j", (platform, env, folder) => {
    expect(configFolder('app', env, platform)).toBe(posix.join(userInfo().homedir, folder, 'app'));
  });

  it.each<[Record<string, string>, string]>([
    [{ APPDATA: 'Roaming', USERPROFILE: 'C:\\Users\\me' }, 'C:\\Users\\me\\AppData\\Roaming\\app'],
    [{ APPDATA: '', USERPROFILE: 'C:\\Users\\me' }, 'C:\\Users\\me\\AppData\\Roaming\\app'],
  ])('is never in the current folder on win32 with %j', (env, folder) => {
    expect(configFolder('app', env, 'win32')).toBe(folder);
  });

  it('is absolute on this machine', () => {
    expect(configFolder('app')).toMatch(/^(\/|[A-Z]:\\).+app$/);
  });
});
