/**
 * Makes the escape code (OSC 52) that puts text on the clipboard of the terminal, which may be on another machine.
 *
 * A terminal that does not allow it ignores it.
 *
 * @param isInTmux Whether to address the terminal around tmux too, which passes it on only if it is asked to.
 */
export function toClipboardCode(text: string, isInTmux: boolean): string {
  const code = `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`;
  return isInTmux ? `${code}\u001BPtmux;${code.replaceAll('\u001B', '\u001B\u001B')}\u001B\\` : code;
}
