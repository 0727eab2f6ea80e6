/** What the pages show of the examples is what the examples have: their test runs it. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentationPages } from '../whole/documentation-pages.ts';

/** Each piece of code that a reader may copy, by its name: those in the pages and the examples' files. */
const copiedCode: readonly (readonly [name: string, code: string])[] = [
  ...documentationPages.flatMap((page) =>
    Array.from(
      readFileSync(page, 'utf8').matchAll(/```(?:html|[jt]sx?|vue|svelte)\n([\s\S]*?)```/g),
      ([, code = ''], index) => [`${page}, ${index + 1}`, code] as const,
    ),
  ),
  ...readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter(
      (path) => /\.(m?[jt]sx?|vue|svelte|html)$/.test(path) && !/node_modules|^play\/|\.test\.ts$/.test(path),
    )
    .map((path) => [path, readFileSync(`examples/${path}`, 'utf8')] as const),
];

it('signs in by a typed code too where another plex.tv is given', () => {
  // better-auth's plugin has no typed code, and so no option for its page.
  const lacking = copiedCode.filter(
    ([name, code]) =>
      /authAppURL|auth-app-url/.test(code) && !/linkURL|link-url/.test(code) && !name.includes('better-auth'),
  );
  expect(lacking.map(([name]) => name)).toEqual([]);
});

it('says which variable is missing where the media server is read from the environment', () => {
  const reading = copiedCode.filter(([, code]) => /MACHINE_IDENTIFIER(: \w+)? =/.test(code));
  expect(reading.map(([name]) => name)).toEqual(
    expect.arrayContaining([
      'docs/server.md, 1',
      'servers/better-auth/auth.ts',
      'servers/nextjs/app/plex.js',
    ]),
  );
  const silent = reading.filter(([, code]) => !code.includes("new Error('Set MACHINE_IDENTIFIER"));
  expect(silent.map(([name]) => name)).toEqual([]);
});

it('asks a view for its code, and not each status that has one', () => {
  const asking = copiedCode.filter(([, code]) => /'(awaitingLink|fetchingToken)'/.test(code));
  expect(asking.map(([name]) => name)).toEqual([]);
});

it.each([
  ['docs/server.md', 'js', 'nextjs/app/auth/plex/[[...path]]/route.js'],
  ['docs/server-pages.md', 'jsx', 'nextjs/app/sign-in.jsx'],
])('%s shows the %s of %s', (page, language, file) => {
  const text = readFileSync(`examples/servers/${file}`, 'utf8');
  expect(readFileSync(page, 'utf8')).toContain(`\`\`\`${language}\n${text}\`\`\`\n`);
});

it('the frameworks differ only in how they call the handler', () => {
  const read = (path: string) => readFileSync(`examples/servers/${path}`, 'utf8');
  const code = (text: string) => text.replace(/^\/\*\*.*\n/, '');
  expect(read('sveltekit/src/plex.js')).toBe(read('nextjs/app/plex.js'));
  expect(code(read('sveltekit/src/session.js'))).toBe(code(read('nextjs/app/session.js')));
});
