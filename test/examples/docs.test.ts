/** What the pages show of the examples is what the examples have: their test runs it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

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
