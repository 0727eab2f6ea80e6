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

  it('is absolute on this machine', () => {
    expect(configFolder('app')).toMatch(/^(\/|[A-Z]:\\).+app$/);
  });
});
