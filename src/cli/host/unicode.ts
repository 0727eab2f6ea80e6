/**
 * Whether the terminal shows more than ASCII, by the locale in the environment.
 *
 * Without a locale it counts as UTF-8, as in most containers. The console of Linux itself has few characters.
 */
export function hasUnicode(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (env['TERM'] === 'dumb' || env['TERM'] === 'linux') return false;
  if (platform === 'win32') return true;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return !locale || /utf-?8/i.test(locale);
}
