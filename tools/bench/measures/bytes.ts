import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { sourceOf } from '../prepare.ts';
import type { BytesResult } from '../results.ts';
import { subjects } from '../subject-list.ts';

/**
 * Bundles what a program loads that signs in with a subject, minified and gzipped: the subject's file, which is the smallest
 * such program, with all that it imports.
 *
 * @param file The source of the subject.
 */
async function measureBytes(file: string): Promise<BytesResult> {
  const forBrowser = await bundle(file, 'browser').catch(() => undefined);
  const text = forBrowser ?? (await bundle(file, 'node'));
  return { gzipBytes: gzipSync(text, { level: 9 }).length, runsInBrowsers: forBrowser !== undefined };
}

async function bundle(file: string, platform: 'browser' | 'node'): Promise<Uint8Array> {
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    platform,
    logLevel: 'silent',
    // Parts that are loaded only when they are needed stay apart.
    splitting: true,
    outdir: 'bench',
  });
  const loaded = new Set<string>();
  const load = (path: string) => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in metafile.outputs) load(next);
    }
  };
  load(Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint) ?? '');
  const files = outputFiles.filter(({ path }) => loaded.has(relative(process.cwd(), path)));
  return Buffer.concat(files.map(({ contents }) => contents));
}

export async function measureAllBytes(): Promise<Record<string, BytesResult>> {
  const results: Record<string, BytesResult> = {};
  for (const { name } of subjects) results[name] = await measureBytes(sourceOf(name));
  return results;
}
