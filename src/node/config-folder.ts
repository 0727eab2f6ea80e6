import { userInfo } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * Returns the folder in which a program keeps its files for the user who runs it. Creates nothing.
 *
 * `$XDG_CONFIG_HOME` or `~/.config`; `~/Library/Application Support` on macOS; `%APPDATA%` on Windows. A variable that is
 * empty or no absolute path is ignored, so that nothing lands in the current folder; without `HOME` the system's list of
 * users says where the home folder is.
 *
 * @param name The program's own folder there.
 * @param env Default: the environment of this process.
 * @param platform Default: the platform it runs on.
 * @throws {Error} If no home folder is known, naming the variables to set.
 * @see XDG Base Directory Specification 0.8: a path that is not absolute is to be ignored (read 2026-08)
 */
export function configFolder(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): string {
  if (platform === 'win32') {
    const base =
      absolute(env['APPDATA'], win32) ??
      win32.join(findHome(env, 'USERPROFILE', 'APPDATA', win32), 'AppData', 'Roaming');
    return win32.join(base, name);
  }
  if (platform === 'darwin') {
    return posix.join(findHome(env, 'HOME', 'HOME', posix), 'Library', 'Application Support', name);
  }
  const base =
    absolute(env['XDG_CONFIG_HOME'], posix) ??
    posix.join(findHome(env, 'HOME', 'XDG_CONFIG_HOME', posix), '.config');
  return posix.join(base, name);
}

type Paths = Pick<typeof posix, 'isAbsolute'>;

function absolute(path: string | undefined, { isAbsolute }: Paths): string | undefined {
  return path && isAbsolute(path) ? path : undefined;
}

/** @param wayOut The variable that makes a home folder unnecessary. */
function findHome(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  wayOut: string,
  paths: Paths,
): string {
  const home = absolute(env[variable], paths) ?? absolute(findUsersHome(), paths);
  if (home) return home;
  const variables = [...new Set([variable, wayOut])].join(' or ');
  throw new Error(`No home folder is known for this user: set ${variables} to an absolute path`);
}

/** Asks the system, and not `HOME`. A user that only has a number, as in many containers, is in no list. */
function findUsersHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}
