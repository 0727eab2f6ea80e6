/** Runs the code of docs/better-auth.md as it is printed there. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPlexEmulator } from '../../src/testing/index.ts';
import { openBrowser, readConsent } from './better-auth-app.ts';

const page = readFileSync('docs/better-auth.md', 'utf8');
const snippets = Array.from(page.matchAll(/```ts\n([\s\S]*?)```/g), ([, code = '']) => code);
const [server = '', client = ''] = snippets;
const folder = resolve('node_modules/.cache/plex-auth-flow/docs-better-auth');
const origin = 'https://cinema.example';
const emulator = createPlexEmulator({
  people: ['olga', 'ada', 'bob'],
  servers: [{ name: 'Cinema', machineIdentifier: 'c0ffee00', owner: 'olga', sharedWith: ['ada'] }],
});

beforeAll(() => {
  vi.stubGlobal('fetch', emulator.fetch);
  mkdirSync(folder, { recursive: true });
});

afterAll(() => {
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

async function load<Module>(name: string, code: string): Promise<Module> {
  writeFileSync(
    join(folder, 'database.ts'),
    "import { memoryAdapter } from 'better-auth/adapters/memory';\nexport const database = memoryAdapter({ user: [], session: [], account: [], verification: [] });\n",
  );
  writeFileSync(join(folder, `${name}.ts`), code);
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...{ entryPoints: [join(folder, `${name}.ts`)], outfile },
    ...{ bundle: true, format: 'esm', platform: 'node', packages: 'external' },
    alias: {
      'plex-auth-flow/better-auth': resolve('src/better-auth/index.ts'),
      'plex-auth-flow/better-auth/client': resolve('src/better-auth/client.ts'),
    },
  });
  return import(pathToFileURL(outfile).href) as Promise<Module>;
}

describe('the example', () => {
  it('has fifteen lines at most, for sign-in, session and access', () => {
    const lines = (server + client).split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThanOrEqual(15);
  });

  it('signs in who may use the server, and nobody else', async () => {
    const { auth } = await load<{ auth: { handler(request: Request): Promise<Response> } }>('auth', server);
    for (const [name, location] of [
      ['ada', '/films'],
      ['bob', `${origin}/api/auth/error?error=plex_no_access`],
    ] as const) {
      const { visit } = openBrowser(auth.handler);
      const begun = await visit(`${origin}/api/auth/sign-in/social`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Origin: origin },
        body: JSON.stringify({ provider: 'plex', callbackURL: '/films' }),
      });
      const { code, forwardURL } = readConsent(((await begun.json()) as { url: string }).url);
      emulator.approve(code, { as: name });
      expect((await visit(forwardURL)).headers.get('Location')).toBe(location);
      const session = (await (await visit(`${origin}/api/auth/get-session`)).json()) as {
        user: object;
      } | null;
      expect(session?.user).toEqual(name === 'ada' ? expect.objectContaining({ name }) : undefined);
    }
  });

  it('begins in the page', async () => {
    const { signIn } = await load<{ signIn(): Promise<{ error: unknown }> }>('client', client);
    expect(signIn).toBeTypeOf('function');
  });
});

describe('the errors', () => {
  it('are all in the table', async () => {
    const { errorCodes } = await import('../../src/better-auth/error-codes.ts');
    for (const code of Object.keys(errorCodes))
      if (code !== 'PLEX_BAD_PIN') expect(page).toContain(`\`${code.toLowerCase()}\``);
  });
});
