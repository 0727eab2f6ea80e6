/** What a bundler leaves of an import that is there for its effect alone. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import packageJSON from '../../package.json' with { type: 'json' };
import { scriptOf, scripts } from '../whole/package/built-files.ts';

const definition = /\.define\(\s*["']plex-sign-in["']/;

async function bundle(code: string): Promise<string> {
  const stdin = { contents: code, resolveDir: '.' };
  const { outputFiles } = await build({
    stdin,
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

describe('the definition of <plex-sign-in>', () => {
  it('is in files that package.json names as having side effects', () => {
    const defining = scripts.filter((script) => definition.test(readFileSync(`dist/${script}`, 'utf8')));
    expect(defining.length).toBeGreaterThan(0);
    for (const script of defining) expect(packageJSON.sideEffects).toContain(`./dist/${script}`);
  });

  it.each(['', '/define', '/react', '/preact', '/solid'])(
    'stays where only plex-auth-flow/element%s is imported',
    async (subpath) => {
      expect(await bundle(`import './dist/${scriptOf(`./element${subpath}`)}'`)).toMatch(definition);
    },
  );

  it('does not come with the class, which a bundler drops if nobody uses it', async () => {
    const script = scriptOf('./element/class');
    expect(await bundle(`import { PlexSignIn } from './dist/${script}'; new PlexSignIn()`)).not.toMatch(
      definition,
    );
    expect((await bundle(`import './dist/${script}'`)).trim()).toBe('');
  });
});
