import { readdirSync, readFileSync } from 'node:fs';
import { codeStyles } from '../../src/element/code-styles.ts';
import { styles } from '../../src/element/styles.ts';

/** All that the element's sources say, comments included. */
const sources = readdirSync('src/element')
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/element/${file}`, 'utf8'))
  .join('\n');

/** The names for `::part()`. */
export const parts: readonly string[] = [
  ...new Set(Array.from(sources.matchAll(/[;']part=([\w-]+)/g), ([, name = '']) => name)),
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
export const customProperties: ReadonlyMap<string, string> = readCustomProperties(styles + codeStyles);

function readCustomProperties(css: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of css.matchAll(
    /var\((--plex-sign-in-[\w-]+),((?:[^()]|\([^()]*\))*)\)/g,
  ))
    if (!found.has(name) || value.startsWith('light-dark(')) found.set(name, value.trim());
  return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}
