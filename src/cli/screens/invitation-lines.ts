import type { PlexAuthCode } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toHyperlink } from '../host/hyperlinks.ts';
import { widthOf } from './fit-to-width.ts';
import { toLinkPage } from './link-page.ts';
import { toQRPicture } from './qr-picture.ts';

/** Gives the window's size. One that does not report any counts as 80 by 24. */
export function sizeOf({ stdout }: CommandHost): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}

/** Asks the user to approve on the consent page. */
export function toConsentLines({ code, authURL }: PlexAuthCode, host: CommandHost): string[] {
  const task = `Open this page and approve the code ${host.palette.bold(code)}:`;
  return ['', task, toLink(authURL, authURL, host), ...toQRLines(authURL, host)];
}

/** Asks the user to type the code. */
export function toTypingLines({ code, linkURL }: PlexAuthCode, host: CommandHost): string[] {
  const page = toLink(toLinkPage(linkURL), linkURL, host);
  return ['', `Open ${page} and type`, ...toCodeBox(code, host), ...toQRLines(linkURL, host)];
}

/** Draws a box around a code, with spaces between its characters. */
function toCodeBox(code: string, host: CommandHost): string[] {
  const { bold } = host.palette;
  const inside = `  ${[...code].join(' ')}  `;
  const width = widthOf(inside);
  if (width + 4 > sizeOf(host).columns) return [bold(code)];
  const rule = '─'.repeat(width);
  return [`  ╭${rule}╮`, `  │${bold(inside)}│`, `  ╰${rule}╯`];
}

/** Draws the picture if the window can show all of it with the status line below. */
function toQRLines(url: string, host: CommandHost): string[] {
  const { palette } = host;
  const { columns, rows } = sizeOf(host);
  const picture = toQRPicture(url, palette.hasColor);
  if (picture.columns <= columns && picture.rows < rows) {
    return ['', 'Or scan this with your phone:', ...picture.lines];
  }
  const needed = `${picture.columns} columns and ${picture.rows + 1} rows`;
  return ['', palette.dim(`(The window is too small for a QR code, which takes ${needed}.)`), ''];
}

function toLink(text: string, url: string, { hasHyperlinks, palette }: CommandHost): string {
  const shown = palette.bold(text);
  return hasHyperlinks ? toHyperlink(shown, url) : shown;
}
