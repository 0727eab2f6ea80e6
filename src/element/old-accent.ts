import type { addStyles } from './styles.ts';

/**
 * Works out what text stands out on the accent, for browsers whose CSS cannot: before Chrome 119, Safari 18 and Firefox 128.
 * What is written and drawn in the accent's colour then has the text's colour.
 */
export function deriveFromAccent(root: ShadowRoot, page: Window, add: typeof addStyles): void {
  if (!page.getComputedStyle(root.host).getPropertyValue('--plex-sign-in-accent').trim()) return;
  const probe = root.ownerDocument.createElement('i');
  probe.style.color = 'var(--plex-sign-in-accent)';
  root.append(probe);
  const channels = page.getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  probe.remove();
  const onAccent = luminanceOf(channels.slice(0, 3).map(Number)) > 0.179 ? '#000' : '#fff';
  const values = { 'on-accent': onAccent, 'accent-text': 'var(--text)', 'accent-line': 'var(--text)' };
  const rules = Object.entries(values).map(
    ([name, value]) => `--${name}:var(--plex-sign-in-${name},${value})`,
  );
  add(root, `:host{${rules.join(';')}}`);
}

/** @param rgb 0 to 255 each. @see WCAG 2.2, relative luminance */
function luminanceOf(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
