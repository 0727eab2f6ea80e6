/** Issue 15: the oldest of everything that docs/where-it-runs.md promises is among what the matrix runs. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import packageJSON from '../../package.json' with { type: 'json' };
import { checks } from '../../tools/matrix/checks.ts';

const page = readFileSync('docs/where-it-runs.md', 'utf8');

/** The version of a package that the lock file of a check installs. */
function lockedVersion(check: string, name: string): string | undefined {
  const { packages = '' } = checks.find((one) => one.name === check) ?? {};
  const lock = JSON.parse(readFileSync(`${packages}/package-lock.json`, 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  return lock.packages[`node_modules/${name}`]?.version;
}

it.each([
  ['Node 20.19', 'node-20', 'node-20', /^v?20\.19\./],
  ['Deno 2', 'deno', 'deno', /^2\./],
  ['Bun 1', 'bun', 'bun', /^1\./],
  ['Cloudflare Workers', 'workerd', 'workerd', /./],
  ['React Native 0.76', 'metro-floor', 'react-native', /^0\.76\./],
  ['TypeScript 5.4', 'types-5-4', 'typescript-5.4', /^5\.4\./],
  ['or 5.0', 'types-5-0', 'typescript-5.0', /^5\.0\./],
  ['xstate 5.13.2', 'xstate-floor', 'xstate', /^5\.13\.2$/],
])('promises %s, which %s runs', (promise, check, name, version) => {
  expect(page).toContain(promise);
  expect(lockedVersion(check, name)).toMatch(version);
});

it('lets a project have the xstate that it promises', () => {
  expect(packageJSON.peerDependencies.xstate).toBe('^5.13.2');
  expect(packageJSON.engines.node).toBe('>=20.19');
});
