/** Holds what is built to what package.json and the README promise of it. */

import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };
import { importsOf, reachOf, scriptOf, scripts } from './built-files.ts';

const subpaths = Object.keys(packageJSON.exports).filter((subpath) => subpath !== './package.json');
const forBrowsers = subpaths
  .filter((subpath) => !['./node', './fleet', './bullmq'].includes(subpath))
  .map(scriptOf);
const isOutside = (request: string) => !scripts.includes(request);

/** Where a source map's source is. The engine's chart has a name of its own, after a question mark. */
function toPath(script: string, source: string): string {
  return posix.join('dist', posix.dirname(script), source).replace(/\?.*$/, '');
}

describe('the built scripts', () => {
  it('import nothing but what is installed, what Node has, and each other', () => {
    const installed = Object.keys({ ...packageJSON.dependencies, ...packageJSON.peerDependencies });
    const known = [...installed, ...Object.keys(packageJSON.imports)];
    const requests = scripts.flatMap((script) => importsOf(script, 'ever')).filter(isOutside);
    // A subpath is its package's.
    const outside = requests.map(
      (request) => installed.find((name) => request.startsWith(`${name}/`)) ?? request,
    );
    expect(outside.filter((request) => !isBuiltin(request) && !known.includes(request))).toEqual([]);
    for (const name of installed) expect(outside).toContain(name);
  });

  it('are all reached from an export, an import or the program', () => {
    const targets = [
      ...Object.values(packageJSON.exports),
      ...Object.values(packageJSON.bin),
      ...Object.values(packageJSON.imports).flatMap((target) =>
        typeof target === 'string' ? target : Object.values(target),
      ),
    ];
    const entries = targets.filter((target) => target.endsWith('.js')).map((target) => target.slice(7));
    const reached = new Set([...entries, ...entries.flatMap((entry) => reachOf(entry, 'ever'))]);
    // A page loads the one as it is; the relay reads its page's script, and serves it.
    expect(scripts.filter((script) => !reached.has(script))).toEqual([
      'plex-auth-flow.min.js',
      'relay-page.js',
    ]);
  });

  it.each(scripts.filter((script) => script !== 'relay-page.js'))('lead to the sources of %s', (script) => {
    const code = readFileSync(`dist/${script}`, 'utf8');
    const [, mapFile = ''] = /\n\/\/# sourceMappingURL=(\S+)\s*$/.exec(code) ?? [];
    // What holds nothing of ours has none.
    if (!mapFile) return expect(code).not.toMatch(/^\/\/(#region)? (src|machines|live-view)\//m);
    const path = posix.join('dist', posix.dirname(script), mapFile);
    const map = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[]; sourcesContent: string[] };
    const own = map.sources.filter(
      (source) => existsSync(toPath(script, source)) && !source.includes('node_modules/'),
    );
    for (const source of own)
      expect(map.sourcesContent[map.sources.indexOf(source)]).toBe(
        readFileSync(toPath(script, source), 'utf8'),
      );
  });

  it.each([...forBrowsers, 'live-view.js', 'plex-auth-flow.min.js', 'relay-page.js'])(
    'need no Node in %s',
    (script) => {
      expect(reachOf(script, 'ever').filter(isBuiltin)).toEqual([]);
    },
  );
});

/**
 * The matchers are a file of their own, since a runner's subpath loads them too. So is what the element's first screen needs of the
 * ground: a browser draws that before it loads the rest.
 */
const mostFiles = (subpath: string) => (subpath.startsWith('./testing') ? 8 : 7);

describe('a subpath', () => {
  it.each(subpaths)('has its declarations beside it: %s', (subpath) => {
    expect(existsSync(`dist/${scriptOf(subpath).replace(/\.js$/, '.d.ts')}`)).toBe(true);
  });

  it.each(subpaths)('loads few files: %s', (subpath) => {
    const files = reachOf(scriptOf(subpath)).filter((file) => !isOutside(file));
    expect(files.length).toBeLessThanOrEqual(subpath === '.' ? 4 : mostFiles(subpath));
  });

  it('of the chart imports nothing but xstate', () => {
    expect(reachOf(scriptOf('./machine'), 'ever')).toEqual(['xstate']);
  });

  it('of the adapters imports nothing at all', () => {
    expect(importsOf(scriptOf('./adapters'), 'ever')).toEqual([]);
  });

  it('of the client reaches ofetch, and no chart', () => {
    expect(reachOf(scriptOf('./client'), 'ever').filter(isOutside)).toEqual(['ofetch']);
  });

  it('of an inspector reaches nothing of the engine, and the live view and the relay only when they are needed', () => {
    const script = scriptOf('./inspect');
    expect(reachOf(script)).toEqual([
      'chunks/first-screen.js',
      'chunks/ground.js',
      'chunks/rolldown-runtime.js',
    ]);
    expect(reachOf(script, 'ever')).toEqual([
      '#live-view',
      '#relay',
      'chunks/first-screen.js',
      'chunks/ground.js',
      'chunks/rolldown-runtime.js',
    ]);
  });
});

describe('the licences', () => {
  const text = readFileSync('dist/THIRD-PARTY-LICENSES.txt', 'utf8');
  const named = Array.from(text.matchAll(/^([@\w/-]+) \d[\d.]+ \((.+)\)$/gm), ([, name, license]) => [
    name,
    license,
  ]);

  it('are of the packages that are built in, each with its text', () => {
    expect(named).toEqual(
      [
        '@commander-js/extra-typings',
        '@hono/node-server',
        '@statelyai/inspect',
        'bundle-name',
        'commander',
        'default-browser',
        'default-browser-id',
        'define-lazy-prop',
        'destr',
        'fast-string-truncated-width',
        'fast-string-width',
        'fast-wrap-ansi',
        'has-flag',
        'hono',
        'is-docker',
        'is-in-ssh',
        'is-inside-container',
        'is-wsl',
        'jose',
        'ofetch',
        'open',
        'powershell-utils',
        'run-applescript',
        'safe-stable-stringify',
        'supports-color',
        'supports-hyperlinks',
        'tinyqueue',
        'ufo',
        'undici',
        'uqr',
        'valibot',
        'wsl-utils',
        'xstate',
      ].map((name) => [name, name === 'tinyqueue' ? 'ISC' : 'MIT']),
    );
    expect(text.match(/Permission is hereby granted|Permission to use, copy/g)?.length).toBe(named.length);
  });

  it('name each package that a source map names', () => {
    const maps = scripts.filter((script) => existsSync(`dist/${script}.map`));
    const sources = maps.flatMap(
      (script) => JSON.parse(readFileSync(`dist/${script}.map`, 'utf8')).sources as string[],
    );
    const packages = sources.flatMap(
      (source) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? [],
    );
    expect(named.map(([name]) => name)).toEqual(expect.arrayContaining([...new Set(packages)]));
  });
});
