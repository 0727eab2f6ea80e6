/**
 * Names a page may set as `--plex-sign-in-…`, with their values on light and on dark. Lines also take `--plex-sign-in-line`.
 * The edge of the card and the track of the ring are decoration; every other line stands out by 3:1.
 */
const palette = [
  ['surface', '#fff', '#1b1d22'],
  ['text', '#17181c', '#f3f4f6'],
  ['muted', '#595c66', '#a9adb9'],
  ['good', '#1a7a48', '#4cc38a'],
  ['bad', '#b3261e', '#ff9a8f'],
  ['border', '#dfe0e5', '#363a44', 'line'],
  ['track', '#dfe0e5', '#363a44', 'line'],
  ['control-border', '#868995', '#737887', 'line'],
  ['tile-border', '#868995', '#737887', 'line'],
  // Where a browser cannot work them out from the accent.
  ['accent', '#e5a00d', '#e5a00d'],
  ['on-accent', '#1d1400', '#1d1400'],
  ['accent-text', '#8a5a00', '#f0b429'],
  ['accent-line', '#b57d00', '#e5a00d'],
] as const;

/** The accent made darker, or mixed with white, until its luminance is the given one: legible, and still its colour. */
const darker = (most: number) =>
  `color(from var(--accent) xyz-d65 ${['x', 'y', 'z'].map((axis) => `calc(${axis}*min(1,${most}/y))`).join(' ')})`;
const lighter = (least: number) => {
  const share = `max(0,(${least} - y)/(1 - y))`;
  const white = { x: 0.9505, y: 1, z: 1.089 };
  const axes = Object.entries(white).map(([axis, full]) => `calc(${axis} + ${share}*(${full} - ${axis}))`);
  return `color(from var(--accent) xyz-d65 ${axes.join(' ')})`;
};

/** Black on what is lighter than this luminance, else white: at least 4.5:1 on any colour. */
const onAccent = `color(from var(--accent) srgb-linear ${'calc((.1791 - .2126*r - .7152*g - .0722*b)*1e9) '.repeat(3)})`;

/**
 * What stands on an accent that lets the surface through could not be legible. Nor could what is worked out from a colour that a
 * screen cannot show, and shows as another.
 */
const shownAccent = `:host{--accent:color(from var(--plex-sign-in-accent,#e5a00d) srgb ${['r', 'g', 'b'].map((channel) => `clamp(0,${channel},1)`).join(' ')}/1)}`;

/** Derived from the accent: 4.5:1 as a text on the surface, 3:1 as a line. */
const derived = [
  ['on-accent', onAccent, onAccent],
  ['accent-text', darker(0.17), lighter(0.26)],
  ['accent-line', darker(0.28), lighter(0.16)],
] as const;

type Choose = (light: string, dark: string) => string;
const lightOnly: Choose = (light) => light;
const both: Choose = (light, dark) => (light === dark ? light : `light-dark(${light},${dark})`);

function toRule(
  names: readonly (readonly [name: string, light: string, dark: string, other?: string])[],
  choose: Choose,
): string {
  const values = names.map(([name, light, dark, other]) => {
    const color = choose(light, dark);
    return `--${name}:var(--plex-sign-in-${name},${other ? `var(--plex-sign-in-${other},${color})` : color})`;
  });
  return `:host{${values.join(';')}}`;
}

/** Whether a browser can work out colours from others. */
export const canDerive = 'color:color(from red xyz-d65 calc(x*min(1,1/y)) y z)';
const hasSchemes = '(color:light-dark(red,red))';

/** The colours, light and dark as the page's `color-scheme` is. Browsers before 2024 know no `light-dark()`: light there. */
export const colors = `${toRule(palette, lightOnly)}
@supports ${hasSchemes}{${toRule(palette, both)}}
@supports (${canDerive}){${shownAccent}${toRule(derived, lightOnly)}
@supports ${hasSchemes}{${toRule(derived, both)}}}`;
