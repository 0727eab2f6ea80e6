import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * Returns the folder in which a program keeps its files for the user who runs it. Creates nothing.
 *
 * `$XDG_CONFIG_HOME` or `~/.config`; `~/Library/Application Support` on macOS; `%APPDATA%` on Windows.
 *
 * @param name The program's own folder there.
 * @param env Default: the environment of this process.
 * @param platform Default: the platform it runs on.
 * @see XDG Base Directory Specification 0.8: a path that is not absolute is to be ignored (read 2026-08)
 */
export function configFolder(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  if (platform === 'win32') {
    const home = env['USERPROFILE'] || homedir();
    return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), name);
  }
  const home = env['HOME'] || homedir();
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', name);
  const xdg = env['XDG_CONFIG_HOME'];
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.config'), name);
}
