import type { PlexAuthView } from '../../view.ts';
import { fitToWidth, widthOf, wrapWords } from './fit-to-width.ts';
import { glyphsOf } from './glyphs.ts';
import { type Invitation, sizeOf, toConsentInvitation, toTypingInvitation } from './invitation.ts';
import { toHintLines, toHintText } from './key-hints.ts';
import { type Layout, layOut, type Notice, type PictureWish, sizeForPicture } from './lay-out.ts';
import type { LoginScreenOptions } from './login-screen.ts';
import { toStatusText } from './status-text.ts';

/** What a screen shows, beside its options. */
export interface ScreenState {
  view: PlexAuthView | undefined;
  pictureWish: PictureWish;
  /** What came of a key. */
  notice: { readonly text: string; readonly untilMs: number; readonly isAboutRoom: boolean } | undefined;
}

/** What the keys do, in one line and in a line for each. */
interface KeyTexts {
  readonly hint: string;
  readonly keys: readonly string[];
}

const withoutKeys: KeyTexts = { hint: '', keys: [] };

export function toInvitation(
  { view }: ScreenState,
  { isShort, host }: LoginScreenOptions,
): Invitation | undefined {
  if (!view?.code) return undefined;
  return isShort ? toTypingInvitation(view, host) : toConsentInvitation(view, host);
}

/** Lays the screen out. What `q` does now depends on whether there is room for the picture. */
export function arrange(
  invitation: Invitation,
  around: { readonly status: string; readonly header: readonly string[] },
  state: ScreenState,
  options: LoginScreenOptions,
): Layout {
  const size = sizeOf(options.host);
  const { pictureWish } = state;
  const notice = toNotice(state, options);
  const header = around.header.flatMap((line) => wrapWords(line, size.columns));
  const layOutWith = (hints: KeyTexts, wish = pictureWish) =>
    layOut(invitation, { ...around, header, ...hints, notice }, size, wish);
  const isShown = layOutWith(toHints(invitation, true, options)).hasPicture;
  const canShow = isShown || layOutWith(withoutKeys, 'asked').hasPicture;
  return layOutWith(toHints(invitation, canShow ? isShown : undefined, options));
}

function toNotice({ notice }: ScreenState, { host }: LoginScreenOptions): Notice | undefined {
  if (!notice || Date.now() >= notice.untilMs) return undefined;
  const { yellow } = host.palette;
  const { columns } = sizeOf(host);
  return {
    lines: wrapWords(yellow(notice.text), columns),
    brief: yellow(fitToWidth(notice.text, columns, glyphsOf(host).ellipsis)),
  };
}

/** @param isPictureShown Undefined if there is no room for the picture: then `q` is not listed. */
function toHints(
  { copied, picture }: Invitation,
  isPictureShown: boolean | undefined,
  { host, browser }: LoginScreenOptions,
): KeyTexts {
  if (!host.keyboard) return withoutKeys;
  const { dim } = host.palette;
  const hints = {
    canOpen: browser !== undefined && browser.obstacle === undefined,
    copied: copied.name,
    hasPicture: picture && isPictureShown,
  };
  const hint = dim(toHintText(hints, sizeOf(host).columns, glyphsOf(host)));
  return { hint, keys: toHintLines(hints).map(dim) };
}

/** Says how large the window must be for the picture. That of the short link is smaller. */
export function toNoRoomText(
  invitation: Invitation,
  state: ScreenState,
  options: LoginScreenOptions,
): string | undefined {
  const { isShort, host } = options;
  const around = { header: [], status: toStatusLine(state, options), ...toHints(invitation, true, options) };
  const needed = sizeForPicture(invitation, around, sizeOf(host));
  if (!needed) return undefined;
  const way = isShort ? '' : '; try login --short';
  return `The QR code needs a window of ${needed.columns} columns by ${needed.rows} rows${way}`;
}

/** Fits words and countdown into one line. If there is no room for both, the words are cut and the countdown stays. */
export function toStatusLine(
  { view }: ScreenState,
  { host, giveUpAtMs, server }: LoginScreenOptions,
): string {
  const status = view && toStatusText(view, Date.now(), giveUpAtMs, server);
  if (!status) return '';
  const { words, left } = status;
  const { columns } = sizeOf(host);
  const { ellipsis, separator } = glyphsOf(host);
  if (left === undefined) return fitToWidth(words, columns, ellipsis);
  const countdown = `${separator}${left}`;
  const room = columns - widthOf(countdown);
  if (room < 2) return fitToWidth(left, columns, ellipsis);
  return fitToWidth(words, room, ellipsis) + host.palette.dim(countdown);
}
