/** `npm run docs`: the documentation as a site, with a search that needs no server. */
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import llmstxt from 'vitepress-plugin-llms';
import { writePlayground } from '../../examples/play/in-browser/write-playground.ts';
import packageJSON from '../../package.json' with { type: 'json' };
import { useRepositoryLinks } from './repository-links.ts';

const repository = packageJSON.homepage.replace('#readme', '');
const base = process.env['DOCS_BASE'] ?? '/';
const page = (text: string, link: string) => ({ text, link: `/${link}` });

export default defineConfig({
  title: 'plex-auth-flow',
  description: 'Sign in with Plex, by one statechart.',
  outDir: '../node_modules/.cache/plex-auth-flow/site',
  cacheDir: '../node_modules/.cache/plex-auth-flow/vitepress',
  base,
  buildEnd: ({ outDir }) => writePlayground(`${outDir}/play`),
  markdown: {
    // The same parts of a page as in the repository.
    anchor: { slugify: slug },
    config: (markdown) => useRepositoryLinks(markdown, repository),
  },
  vite: { plugins: [llmstxt()] },
  head: [['link', { rel: 'icon', href: `${base}icon.svg` }]],
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    outline: [2, 3],
    notFound: {
      title: 'This page does not exist',
      quote: 'It may have moved. The search finds what a page says.',
      linkText: 'To the start',
      linkLabel: 'To the start',
    },
    nav: [
      { text: 'Playground', link: '/play/index.html', target: '_self' },
      page('Options', 'options'),
      page('Errors', 'errors'),
    ],
    sidebar: [
      {
        text: 'Use it',
        items: [
          page('Start', ''),
          { text: 'Playground', link: '/play/index.html', target: '_self' },
          page('Try it without Plex', 'without-plex'),
          page('The tag', 'element'),
          page('The tag in your framework', 'element-in-frameworks'),
          page('In a page', 'in-a-page'),
          page('React', 'react'),
          page('The engine in your framework', 'frameworks'),
          page('A session on your own server', 'server'),
          page('A page for your server’s sign-in', 'server-pages'),
          page('better-auth', 'better-auth'),
          page('Never accept a Plex token', 'never-accept-a-plex-token'),
          page('In a terminal', 'terminal'),
          page('Many at once', 'fleet'),
          page('On many machines', 'many-machines'),
          page('Plex’s calls without the chart', 'client'),
          page('Another provider', 'another-provider'),
        ],
      },
      {
        text: 'Look it up',
        items: [
          page('Exports', 'exports'),
          page('Options and the view', 'options'),
          page('Errors', 'errors'),
          page('The chart', 'chart'),
          page('On the wire', 'wire'),
        ],
      },
      {
        text: 'Test and watch',
        items: [
          page('Test your own app', 'testing'),
          page('The emulated plex.tv', 'emulator'),
          page('The live view', 'live-view'),
          page('Where it runs', 'where-it-runs'),
          page('In Stately', 'stately'),
        ],
      },
      {
        text: 'Trust it',
        items: [
          page('How it is tested', 'how-it-is-tested'),
          page('Model checking', 'model'),
          page('Size and speed', 'size-and-speed'),
          page('Beside its peers', 'benchmarks'),
          { text: 'Security', link: `${repository}/blob/main/SECURITY.md` },
        ],
      },
    ],
    footer: { message: 'MIT. Not affiliated with, endorsed by or supported by Plex, Inc.' },
  },
});
