import type { LaterTools } from './later-tools.ts';

/** Who is signed in, as far as it is shown. */
export interface ShownUser {
  readonly name: string;
  /** The address of a picture; empty if there is none. */
  readonly picture: string;
}

const styles = `
#avatar{display:none;position:absolute;inset:.4375em;place-content:center;border-radius:50%;overflow:hidden;color:var(--surface);background:var(--good);font-size:1.25em;font-weight:650}
[data-icon=done]>#avatar{display:grid}
[data-icon=done]>#avatar~#logo{display:none}
#avatar>img{position:absolute;inset:0;inline-size:100%;block-size:100%;object-fit:cover;background:var(--surface)}
#trigger #avatar{inset:0;font-size:.625em}
#trigger [data-icon=done]>#ring{display:none}
@media (forced-colors:active){#avatar{color:CanvasText;background:Canvas}}
`;

/**
 * Puts the user's picture in the badge. Where it does not come, because the page's Content-Security-Policy stops it or it cannot
 * be loaded, their initials stay.
 */
export function showUserPicture(
  root: ShadowRoot,
  { name, picture }: ShownUser,
  { toNode, addStyles }: LaterTools,
): void {
  const { ownerDocument: document } = root;
  const last = root.getElementById('avatar');
  if (!last) addStyles(root, styles);
  const avatar = toNode(['span', 'id=avatar', initialsOf(name)], document);
  if (picture) {
    const image = document.createElement('img');
    image.hidden = true;
    image.alt = '';
    image.referrerPolicy = 'no-referrer';
    image.onload = () => {
      image.hidden = false;
    };
    image.onerror = () => image.remove();
    image.src = picture;
    avatar.append(image);
  }
  if (last) last.replaceWith(avatar);
  else root.getElementById('ring')?.after(avatar);
}

function initialsOf(name: string): string {
  // Marks of direction and the like are no initials.
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const initials = words.map((word) => [...word][0]?.toLocaleUpperCase() ?? '');
  return [...initials.slice(0, 1), ...initials.slice(1).slice(-1)].join('');
}
