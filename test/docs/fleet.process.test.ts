/** What docs/fleet.md prints, run as printed but for where Plex is. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';

const folder = 'node_modules/.cache/plex-auth-flow/docs-fleet';

it('signs in at an emulated plex.tv, over a pool of connections', async () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync('docs/fleet.md', 'utf8')) ?? [];
  const plex = await servePlexEmulator({ emulator: createPlexEmulator({ approveAfterMs: 300 }) });
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'fleet.mjs');
  const there = `product: 'My Bot', serverURL: '${plex.url}'`;
  expect(code).toContain("product: 'My Bot'");
  // Below node_modules the package does not find itself by its name.
  const script = code.replace("'plex-auth-flow/fleet'", `'${pathToFileURL('dist/fleet.js')}'`);
  writeFileSync(file, script.replace("product: 'My Bot'", there));
  const { stdout, stderr } = await promisify(execFile)('node', [file], { timeout: 20_000 });
  await plex.close();
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^chat 4711: approve at https:\/\/app\.plex\.tv\/auth#/m);
  expect(stdout).toMatch(/^chat 4711 signed in: .*redacted/m);
});
