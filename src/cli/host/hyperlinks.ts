import { createSupportsHyperlinks } from 'supports-hyperlinks';

/** Whether the terminal of this process shows OSC 8 hyperlinks. Others may print the escape codes. */
export function hasHyperlinks(output: { readonly isTTY?: boolean }): boolean {
  // A terminal multiplexer may drop the links, whatever the terminal around it can do.
  const isMultiplexed = Boolean(process.env['TMUX'] || process.env['STY']);
  return !isMultiplexed && createSupportsHyperlinks(output);
}

/** Makes text a link to `url`. */
export function toHyperlink(text: string, url: string): string {
  return `\u001B]8;;${url}\u001B\\${text}\u001B]8;;\u001B\\`;
}
