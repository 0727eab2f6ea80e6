/** Holds what browsers load to the syntax and the built-ins of the oldest ones that the README names. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { ESLint, type Linter } from 'eslint';
import { configs } from 'eslint-plugin-es-x';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../../package.json' with { type: 'json' };
import { reachOf, scriptOf } from './built-files.ts';
import { toWebRules } from './web-baseline.ts';

/** Newer than ES2021 by the standard, but in these browsers all the same, or harmless where it is missing. */
const allowed = [
  'es-x/no-class-instance-fields',
  'es-x/no-class-static-fields',
  'es-x/no-class-private-fields',
  'es-x/no-class-private-methods',
  // A cause is left out where it is unknown.
  'es-x/no-error-cause',
];
/** By their names alone, these cannot be told from what arrays have had for long. */
const ambiguous = Object.keys(configs['flat/restrict-to-es2021'].rules ?? {}).filter((rule) =>
  rule.startsWith('es-x/no-iterator-prototype-'),
);

const eslint = new ESLint({
  overrideConfigFile: true,
  ignore: false,
  overrideConfig: [
    configs['flat/restrict-to-es2021'] as Linter.Config,
    {
      // Methods too, whatever they are called on.
      settings: { 'es-x': { aggressive: true } },
      linterOptions: { noInlineConfig: true },
      rules: {
        ...toWebRules(),
        ...Object.fromEntries([...allowed, ...ambiguous].map((rule) => [rule, 'off'] as const)),
        // Of 2018, but Safari has had it since 16.4 only.
        'es-x/no-regexp-lookbehind-assertions': 'error',
      },
    },
  ],
});

async function findingsIn(code: string): Promise<string[]> {
  const results = await eslint.lintText(code);
  return results.flatMap(({ messages }) =>
    messages.map(({ line, ruleId, message }) => `${line}: ${ruleId} ${message}`),
  );
}

/** What only servers, programs and tests load. */
const notForPages = /^\.\/(server|better-auth|fleet|bullmq|node|testing(\/\w+)?|.+\.json)$/;
const entries = Object.keys(packageJSON.exports).filter((subpath) => !notForPages.test(subpath));
/** What `/inspect` loads, in a window of a page and as the page that Node serves, and the one file for pages without a bundler. */
const besides = ['live-view.js', 'relay-page.js', 'no-relay.js', 'plex-auth-flow.min.js'];
const reached = [...entries.map(scriptOf), ...besides].flatMap((entry) => [entry, ...reachOf(entry, 'ever')]);
const scripts = [...new Set(reached)].filter((script) => script.endsWith('.js'));

describe('the baseline of browsers', () => {
  it('is what the README and the pages say', () => {
    for (const page of ['README.md', 'docs/in-a-page.md', 'docs/where-it-runs.md']) {
      expect(readFileSync(page, 'utf8'), page).toContain('Chrome 87, Safari 15.4 and Firefox 100');
    }
  });

  it.each(scripts)('holds for %s', async (script) => {
    expect(await findingsIn(readFileSync(`dist/${script}`, 'utf8'))).toEqual([]);
  });

  it('holds for the packages that are installed with it', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from 'xstate'; export * from 'ofetch'", resolveDir: '.' },
      bundle: true,
      format: 'esm',
      write: false,
    });
    expect(await findingsIn(outputFiles[0]?.text ?? '')).toEqual([]);
  });

  it.each([
    ["URL.canParse('x')", 'URL.canParse'],
    ['reportError(1)', 'reportError'],
    ['structuredClone({})', 'structuredClone'],
    ['export const check = (signal) => signal?.throwIfAborted()', 'throwIfAborted'],
    ['export const last = (list) => list.at(-1)', 'at'],
    ['export const own = (value) => Object.hasOwn(value, 1)', 'hasOwn'],
    ['export const check = (signal) => AbortSignal.any([signal])', 'AbortSignal'],
    ['class A { static { A.x = 1; } }', 'static block'],
    ['export const a = await 1', 'await'],
    ['export const a = /(?<=b)c/', 'lookbehind'],
    ['class A { #a; static isA = (value) => #a in value }', 'in'],
  ])('finds %s', async (code, name) => {
    const findings = await findingsIn(code);
    expect(findings.join()).toContain(name);
  });
});
