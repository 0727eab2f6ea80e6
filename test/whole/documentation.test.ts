/** Holds the documentation together: its links, its length, and what every reader must learn. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import GithubSlugger from 'github-slugger';
import { describe, expect, it } from 'vitest';
import { documentationPages } from './documentation-pages.ts';

const readme = readFileSync('README.md', 'utf8');
const withoutCode = (page: string) => readFileSync(page, 'utf8').replace(/```[\s\S]*?```/g, '');

/** Where the links of a page go, but for those to other sites. */
function linksOf(page: string): string[] {
  const links = withoutCode(page).matchAll(/(?:\]\(|(?:src|srcset|href)=")(?!https?:)([^)"]+)/g);
  return Array.from(links, ([, link = '']) => link);
}

/** The ids that GitHub and the site give to a page's headings. */
function anchorsOf(page: string): Set<string> {
  const slugger = new GithubSlugger();
  const headings = withoutCode(page).matchAll(/^#+ (.+)$/gm);
  return new Set(Array.from(headings, ([, heading = '']) => slugger.slug(heading.replace(/[`*]/g, ''))));
}

describe('the documentation', () => {
  it.each(documentationPages)('has every file and heading that %s links to', (page) => {
    const missing = linksOf(page).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path ? join(dirname(page), path) : page;
      return !existsSync(target) || (anchor && !anchorsOf(target).has(anchor));
    });
    expect(missing).toEqual([]);
  });

  it('is reached from the README, page by page', () => {
    const linked = new Set(linksOf('README.md').map((link) => link.split('#')[0]));
    const pages = documentationPages.filter(
      (page) => /^docs\/[\w-]+\.md$/.test(page) && page !== 'docs/index.md',
    );
    expect(pages.filter((page) => !linked.has(page))).toEqual([]);
  });
});

describe('the README', () => {
  it('has no more than four screens', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(180);
  });

  it('says that it is not of Plex', () => {
    expect(readme).toContain('Not affiliated with, endorsed by or supported by Plex, Inc.');
  });
});
