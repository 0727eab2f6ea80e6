/** Holds the house rules to the emitted JavaScript, which is what users run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';

const files = readdirSync('dist', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.js'));

/** What a file imports when it runs: package names, and paths below `dist`. */
function importsOf(file: string): string[] {
  const code = readFileSync(join('dist', file), 'utf8');
  const specifiers = [
    ...code.matchAll(/^(?:import|export)\s[^;]*?from\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm),
  ];
  return specifiers.map(([, from, bare]) => {
    const specifier = from ?? bare ?? '';
    return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
  });
}

/** Everything a file pulls in, itself left out. */
function reachOf(file: string, seen: Set<string> = new Set()): Set<string> {
  for (const next of importsOf(file)) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (files.includes(next)) reachOf(next, seen);
  }
  return seen;
}

const inFolder = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));

describe('the emitted JavaScript', () => {
  it('has a file to look at', () => {
    expect(files.length).toBeGreaterThan(20);
  });

  it('imports nothing but xstate from the chart', () => {
    expect(inFolder('machines').flatMap(importsOf)).toEqual(['xstate']);
  });

  it('imports nothing at all in an adapter', () => {
    const adapters = inFolder('src/adapters').filter((file) => !file.endsWith('/index.js'));
    expect(adapters.length).toBeGreaterThan(0);
    expect(adapters.flatMap(importsOf)).toEqual([]);
  });

  it('reaches no chart from the client', () => {
    const reach = [...reachOf('src/plex/client.js')];
    expect(reach).toContain('ofetch');
    expect(
      reach.filter((target) => /^(xstate|machines\/|src\/(plex-auth|cli|hosts|testing))/.test(target)),
    ).toEqual([]);
  });

  it('imports downwards only', () => {
    const above = [/^src\/(cli|element|testing|hosts|inspect)\//, /^src\/(sign-in|plex-auth|index)\.js$/];
    const lower = files.filter((file) => !above.some((pattern) => pattern.test(file)));
    const upward = lower.flatMap((file) =>
      importsOf(file)
        .filter((target) => above.some((pattern) => pattern.test(target)))
        .map((target) => `${file} → ${target}`),
    );
    expect(upward).toEqual([]);
  });

  it('imports from an inspector nothing of the engine, the live view and the relay only when they are needed', () => {
    const reach = [...reachOf('src/inspect/index.js')];
    expect(reach).toContain('@statelyai/inspect');
    expect(
      reach.filter((target) =>
        /^(ws$|machines\/|src\/(plex|cli|hosts|testing|inspect\/(live-view\/|relay)))/.test(target),
      ),
    ).toEqual([]);
    // What a page of the relay is served; the live view also writes a test, whose imports look like its own.
    const served = [...reachOf('live-view/relay-page.js'), ...reachOf('live-view/index.js')];
    expect(served.filter((target) => !/^(src\/inspect\/|vitest$|plex-auth-flow)/.test(target))).toEqual([]);
  });

  it.each([
    'src/index.js',
    'machines/pin-auth.js',
    'src/adapters/index.js',
    'src/inspect/index.js',
    'live-view/relay-page.js',
  ])('needs no Node in %s', (entry) => {
    expect([...reachOf(entry)].filter((target) => target.startsWith('node:'))).toEqual([]);
  });

  it('names plex.tv and its headers only in the wire and the emulator', () => {
    const outside = files.filter((file) => !/^src\/(plex|testing|cli)\//.test(file));
    const leaks = outside.filter((file) =>
      /X-Plex-|https:\/\/[a-z.]*plex\.tv/.test(
        readFileSync(join('dist', file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''),
      ),
    );
    expect(leaks).toEqual([]);
  });
});
