/** The user's browser. */
export interface Browser {
  /** Why no page can be opened here; undefined if it can be tried. */
  readonly obstacle: string | undefined;
  /**
   * Opens a page, without a shell.
   *
   * @param onFailure Called if what opens pages starts, and then fails.
   * @throws {Error} Node's own, if it does not start.
   */
  open(url: string, onFailure: () => void): Promise<void>;
}

/**
 * Finds the browser of this environment.
 *
 * `BROWSER` names a command that opens pages, also where there is no display: an editor that is connected from another
 * machine sets it.
 *
 * @returns Undefined if `BROWSER` is `none`.
 */
export function findBrowser(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Browser | undefined {
  const command = env['BROWSER'];
  if (command === 'none') return undefined;
  const isDesktop = platform === 'win32' || platform === 'darwin';
  // A list of commands, or one with arguments, is left to the system.
  const app = !isDesktop && command && !/[\s:%]/.test(command) ? { name: command } : undefined;
  return {
    obstacle: command ? undefined : findObstacle(env, isDesktop),
    async open(url, onFailure) {
      const { default: open } = await import('open');
      const opener = await open(url, app && { app });
      opener.once('exit', (code) => code && onFailure());
    },
  };
}

function findObstacle(
  env: Readonly<Record<string, string | undefined>>,
  isDesktop: boolean,
): string | undefined {
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return 'this is an SSH session';
  const hasDisplay = isDesktop || env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME'];
  return hasDisplay ? undefined : 'there is no display';
}
