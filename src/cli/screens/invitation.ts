import { type QRPicture, toQRPicture } from '../../node/terminal-qr.ts';
import type { PlexAuthCode } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toHyperlink } from '../host/hyperlinks.ts';
import { widthOf } from './fit-to-width.ts';
import { toLinkPage } from './link-page.ts';

/** What asks the user to approve: first in words, then as a picture. */
export interface Invitation {
  readonly lines: readonly string[];
  readonly picture: QRPicture;
}

/** Gives the window's size. One that does not report any counts as 80 by 24. */
export function sizeOf({ stdout }: CommandHost): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}

/** Asks the user to approve on the consent page. */
export function toConsentInvitation({ code, authURL }: PlexAuthCode, host: CommandHost): Invitation {
  const task = `Open this page and approve the code ${host.palette.bold(code)}:`;
  return {
    lines: [task, toLink(authURL, authURL, host)],
    picture: toQRPicture(authURL, host.palette.hasColor),
  };
}

/** Asks the user to type the code. */
export function toTypingInvitation({ code, linkURL }: PlexAuthCode, host: CommandHost): Invitation {
  const page = toLink(toLinkPage(linkURL), linkURL, host);
  const lines = [`Open ${page} and type`, ...toCodeBox(code, host)];
  return { lines, picture: toQRPicture(linkURL, host.palette.hasColor) };
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

function toLink(text: string, url: string, { hasHyperlinks, palette }: CommandHost): string {
  const shown = palette.bold(text);
  return hasHyperlinks ? toHyperlink(shown, url) : shown;
}

/** The picture with the words above it. */
export function toPictureLines({ picture }: Invitation): string[] {
  return ['', 'Or scan this with your phone:', ...picture.lines];
}

/**
 * Whether the window shows all of these lines, the picture below them, and the status line: the link must not scroll away.
 *
 * @param lines What stands above the picture.
 */
export function hasRoomForPicture(
  lines: readonly string[],
  invitation: Invitation,
  host: CommandHost,
): boolean {
  const { columns, rows } = sizeOf(host);
  return invitation.picture.columns <= columns && countRows(lines, invitation, columns) <= rows;
}

/** Says that there is no room for the picture, and how large the window must be. */
export function toSmallWindowLines(invitation: Invitation, host: CommandHost): string[] {
  const columns = Math.max(invitation.picture.columns, sizeOf(host).columns);
  const toNote = (rows: number) =>
    `(The window is too small for a QR code: make it ${columns} columns by ${rows} rows.)`;
  const rows = countRows([...invitation.lines, toNote(99)], invitation, columns);
  return [host.palette.dim(toNote(rows))];
}

/** Counts the rows of the lines, each wrapped at the window's edge, with the picture and the status line below. */
function countRows(lines: readonly string[], invitation: Invitation, columns: number): number {
  const rowsOf = (line: string) => Math.max(1, Math.ceil(widthOf(line) / columns));
  const above = lines.reduce((sum, line) => sum + rowsOf(line), 0);
  return above + toPictureLines(invitation).length + 1;
}
