/** The application of docs/react.md, in its files, as the page prints them. */
import { readFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { browserAliases } from '../../tools/own-sources.ts';

/** The files that the page prints, by their name without an extension. */
export function printedFiles(): Record<string, { loader: 'ts' | 'tsx'; contents: string }> {
  const blocks = readFileSync('docs/react.md', 'utf8').matchAll(
    /`src\/([\w-]+)\.(tsx?)`[^\n]*:\n\n```\2\n([\s\S]*?)```/g,
  );
  return Object.fromEntries(
    Array.from(blocks, ([, name = '', loader = '', contents = '']) => [
      name,
      { loader: loader as 'ts' | 'tsx', contents },
    ]),
  );
}

/**
 * Builds the application for a page that shows its `App`.
 *
 * @param engine The code of `plex-auth.ts`. Default: as the page prints it.
 */
export async function buildReactApp(engine = printedFiles()['plex-auth']?.contents): Promise<string> {
  const files = printedFiles();
  const printed: Plugin = {
    name: 'printed',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\.\/[\w-]+$/ }, ({ path, importer, namespace }) =>
        importer === '<stdin>' || namespace === 'printed'
          ? { path: path.slice(2), namespace: 'printed' }
          : null,
      );
      onLoad({ filter: /.*/, namespace: 'printed' }, ({ path }) => {
        const file = files[path];
        if (!file) throw new Error(`The page prints no src/${path}`);
        const contents = path === 'plex-auth' && engine ? engine : file.contents;
        return { ...file, contents, resolveDir: '.' };
      });
    },
  };
  return bundleApp('./App', [printed]);
}

/** Builds the component that the README prints for a page that shows it. */
export function buildReadmeApp(): Promise<string> {
  const [, contents] = /```tsx\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8')) ?? [];
  if (!contents) throw new Error('The README prints no component');
  const printed: Plugin = {
    name: 'printed',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^readme$/ }, () => ({ path: 'App.tsx', namespace: 'printed' }));
      onLoad({ filter: /.*/, namespace: 'printed' }, () => ({ loader: 'tsx', contents, resolveDir: '.' }));
    },
  };
  return bundleApp('readme', [printed]);
}

/** Bundles a page's script that shows the component which a module exports. */
async function bundleApp(module: string, plugins: Plugin[]): Promise<string> {
  const contents = `
    import { createRoot } from 'react-dom/client';
    import App from '${module}';
    createRoot(document.body).render(<App />);`;
  const { outputFiles } = await build({
    stdin: { contents, loader: 'tsx', resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    // package.json names the built files that define the tag, and not each source of them.
    ignoreAnnotations: true,
    alias: browserAliases,
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins,
  });
  return outputFiles[0]?.text ?? '';
}
