import type { QRPicture } from '../../node/terminal-qr.ts';
import type { PlexAuthCode } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toHyperlink } from '../host/hyperlinks.ts';
import { widthOf } from './fit-to-width.ts';
import { glyphsOf } from './glyphs.ts';
import { toLinkPage } from './link-page.ts';
import { findQRPicture } from './qr-picture.ts';

/** What asks the user to approve. */
export interface Invitation {
  /** What to do, which a small window can do without. */
  readonly task: string;
  /** What the user needs: the link, or the page and the code. */
  readonly essence: readonly string[];
  /** Absent where the terminal cannot show one. */
  readonly picture: QRPicture | undefined;
  /** The page that approves, with the code filled in. */
  readonly pageURL: string;
  /** What a user copies. */
  readonly copied: { readonly name: 'link' | 'code'; readonly text: string };
}

/** Gives the window's size. One that does not report any counts as 80 by 24. */
export function sizeOf({ stdout }: CommandHost): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}

/** Asks the user to approve on the consent page. The code is in the link; it is too long to be read. */
export function toConsentInvitation({ authURL }: PlexAuthCode, host: CommandHost): Invitation {
  return {
    task: sizeOf(host).columns < 28 ? 'Approve here:' : 'Open this page and approve:',
    essence: [toLink(authURL, authURL, host)],
    picture: toPicture(authURL, host),
    pageURL: authURL,
    copied: { name: 'link', text: authURL },
  };
}

/** Asks the user to type the code. */
export function toTypingInvitation({ code, linkURL }: PlexAuthCode, host: CommandHost): Invitation {
  const page = toLink(toLinkPage(linkURL), linkURL, host);
  return {
    task: '',
    essence: [...toTypingTask(page, host), ...toCodeBox(code, host)],
    picture: toPicture(linkURL, host),
    pageURL: linkURL,
    copied: { name: 'code', text: code },
  };
}

/** In a narrow window in two lines, so that no word is broken. */
function toTypingTask(page: string, host: CommandHost): string[] {
  const line = `Open ${page} and type`;
  return widthOf(line) <= sizeOf(host).columns ? [line] : [`Open ${page}`, 'and type'];
}

/** Draws a box around a code, with spaces between its characters. */
function toCodeBox(code: string, host: CommandHost): string[] {
  const { bold } = host.palette;
  const { top, side, bottom, rule } = glyphsOf(host).frame;
  const inside = `  ${[...code].join(' ')}  `;
  const width = widthOf(inside);
  const { columns, rows } = sizeOf(host);
  if (width + 4 > columns || rows < 8) return [bold(code)];
  const toEdge = ([left = '', right = '']: string) => `  ${left}${rule.repeat(width)}${right}`;
  return [toEdge(top), `  ${side}${bold(inside)}${side}`, toEdge(bottom)];
}

function toLink(text: string, url: string, { hasHyperlinks, palette }: CommandHost): string {
  const shown = palette.bold(text);
  return hasHyperlinks ? toHyperlink(shown, url) : shown;
}

/** Readers want a border; where the window has no row to spare beside the picture, a narrow one must do. */
function toPicture(url: string, host: CommandHost): QRPicture | undefined {
  const looks = { hasColor: host.palette.hasColor, hasUnicode: host.hasUnicode };
  const picture = findQRPicture(url, looks);
  return picture && picture.rows >= sizeOf(host).rows ? findQRPicture(url, looks, 1) : picture;
}
