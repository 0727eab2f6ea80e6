import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { parseSync } from 'rolldown/utils';
import packageJSON from '../../../package.json' with { type: 'json' };

/** Every script of the package, as a path below `dist`. */
export const scripts: readonly string[] = readdirSync('dist', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.js'))
  .sort();

/** The script that a subpath of package.json leads to, such as `./client`. */
export function scriptOf(subpath: string): string {
  const target = packageJSON.exports[subpath as keyof typeof packageJSON.exports] ?? '';
  return posix.relative('dist', target);
}

/** What a script imports: names of packages, names of `imports` in package.json, and paths below `dist`. */
export function importsOf(script: string, when: 'atOnce' | 'ever' = 'atOnce'): string[] {
  const code = readFileSync(`dist/${script}`, 'utf8');
  const { staticImports, staticExports, dynamicImports } = parseSync(script, code).module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest?.value)),
    ...(when === 'ever'
      ? dynamicImports.map(({ moduleRequest: { start, end } }) => code.slice(start + 1, end - 1))
      : []),
  ];
  return requests
    .filter((request) => request !== undefined)
    .map((request) => (request.startsWith('.') ? posix.join(posix.dirname(script), request) : request));
}

/** Everything that a script pulls in, itself left out. */
export function reachOf(script: string, when: 'atOnce' | 'ever' = 'atOnce'): string[] {
  const seen = new Set<string>();
  const visit = (visited: string) => {
    for (const next of importsOf(visited, when)) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (existsSync(`dist/${next}`)) visit(next);
    }
  };
  visit(script);
  return [...seen].sort();
}
