/**
 * Whether a terminal is known to show OSC 8 hyperlinks. Others may print the escape codes, so in doubt it is not.
 *
 * @see github.com/Alhadis/OSC8-Adoption (read 2026-08)
 */
export function hasHyperlinks(env: Readonly<Record<string, string | undefined>>): boolean {
  // A multiplexer passes them on or does not, whatever the terminal around it can do.
  if (env['TMUX'] || env['STY']) return false;
  if (env['WT_SESSION'] || env['KITTY_WINDOW_ID'] || env['KONSOLE_VERSION']) return true;
  if (Number(env['VTE_VERSION'] ?? 0) >= 5000) return true;
  if (['xterm-kitty', 'xterm-ghostty', 'alacritty', 'foot'].includes(env['TERM'] ?? '')) return true;
  return ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper'].includes(env['TERM_PROGRAM'] ?? '');
}

/** Makes text a link to `url`. */
export function toHyperlink(text: string, url: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}
