import { readdirSync, readFileSync } from 'node:fs';
import { buttonStyles } from '../../src/element/button-styles.ts';
import { codeStyles } from '../../src/element/code-styles.ts';
import { styles } from '../../src/element/styles.ts';

/** All that the element's sources say, comments included. */
const sources = readdirSync('src/element')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/element/${file}`, 'utf8'))
  .join('\n');

/** The names for `::part()`. */
export const parts: readonly string[] = [
  ...new Set(
    Array.from(sources.matchAll(/[;']part=([\w-]+(?: [\w-]+)*)/g), ([, names = '']) =>
      names.split(' '),
    ).flat(),
  ),
].sort();

/** The names of the slots; the one without a name is empty. */
export const slots: readonly string[] = [
  ...new Set(
    Array.from(sources.matchAll(/\['slot',\s*'([^']*)'/g), ([, attributes = '']) => {
      const [, name = ''] = /(?:^|;)name=([\w-]+)/.exec(attributes) ?? [];
      return name;
    }),
  ),
].sort();

/** The custom properties that a page may set, each with its default: of all looks first, and on light and dark where they differ. */
export const customProperties: ReadonlyMap<string, string> = readCustomProperties(
  styles + codeStyles + buttonStyles,
);

function readCustomProperties(css: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { 1: name = '', index } of css.matchAll(/var\((--plex-sign-in-[\w-]+),/g)) {
    const value = defaultAt(css, index + `var(${name},`.length);
    // What is worked out from the accent has a plain colour in older browsers.
    const isPlain = value.startsWith('light-dark(') && !value.includes('from ');
    if (!found.has(name) || isPlain) found.set(name, value);
  }
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** What stands up to the bracket that ends a `var()`; of another property in it, that one's default. */
function defaultAt(css: string, start: number): string {
  let end = start;
  for (let depth = 0; depth >= 0 && end < css.length; end++)
    depth += css[end] === '(' ? 1 : css[end] === ')' ? -1 : 0;
  const value = css.slice(start, end - 1).trim();
  return /^var\(--[\w-]+,(.*)\)$/.exec(value)?.[1] ?? value;
}
