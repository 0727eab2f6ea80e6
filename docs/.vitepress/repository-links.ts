import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** The site as it is published. The README links to its playground. */
const publishedSite = 'https://plex-auth-flow.github.io/plex-auth-flow/';
const publishedPlayground = `${publishedSite}play/`;
/** The same in this build of the site, whatever its address. */
const ownPlayground = './play/index.html';

/** Where the README lies, as its links see it from the site's first page, which includes it. */
const includesReadme = 'index.md';

/**
 * Makes the links that are right in the repository right on the site too: those of the README, which the first page includes,
 * those to the published playground, and those to files that are not on the site, which lead to the repository.
 */
export function useRepositoryLinks(markdown: MarkdownRenderer, repository: string): void {
  markdown.core.ruler.push('repository-links', ({ tokens, env }) => {
    const isReadme = env.relativePath === includesReadme;
    for (const token of tokens.flatMap((one) => [one, ...(one.children ?? [])])) {
      if (token.type.startsWith('html_'))
        token.content = token.content
          .replace(
            /(src|srcset)="(?!https?:)([^"]+)"/g,
            (_, name, path) => `${name}="${toPicture(path, isReadme)}"`,
          )
          .replace(`href="${publishedPlayground}"`, `href="${ownPlayground}" target="_self"`);
      const href = token.attrGet('href');
      if (token.type === 'link_open' && href === publishedPlayground) {
        token.attrSet('href', ownPlayground);
        // A page of its own, not one of those that the site loads into itself.
        token.attrSet('target', '_self');
      } else if (token.type === 'link_open' && href)
        token.attrSet('href', toLink(href, isReadme, repository));
      const source = token.attrGet('src');
      if (token.type === 'image' && source) token.attrSet('src', toPicture(source, isReadme));
    }
  });
}

function toPicture(path: string, isReadme: boolean): string {
  const fromDocs = isReadme ? posix.relative('docs', path) : path;
  return fromDocs.startsWith('.') ? fromDocs : `./${fromDocs}`;
}

function toLink(href: string, isReadme: boolean, repository: string): string {
  if (/^(\w+:|#|\/)/.test(href)) return href;
  const path = posix.join(isReadme ? '.' : 'docs', href);
  if (!path.startsWith('docs/')) return `${repository}/blob/main/${path}`;
  return isReadme ? `./${posix.relative('docs', path)}` : href;
}
