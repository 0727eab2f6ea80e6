/** What docs/many-machines.md prints, run as printed but for where Plex and Redis are. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { startRedisServer } from '../bullmq/redis-server.ts';

const folder = 'node_modules/.cache/plex-auth-flow/docs-many-machines';

function run(file: string) {
  const child = spawn('node', [file]);
  const out = { text: '', errors: '' };
  child.stdout.on('data', (text) => {
    out.text += text;
  });
  child.stderr.on('data', (text) => {
    out.errors += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, out, ended };
}

it('signs in on one machine what was started on another', async () => {
  const redis = await startRedisServer();
  const plex = await servePlexEmulator({ emulator: createPlexEmulator({ approveAfterMs: 300 }) });
  const page = readFileSync('docs/many-machines.md', 'utf8');
  mkdirSync(folder, { recursive: true });
  const [worker, starter] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ''], index) => {
    const file = join(folder, `${index}.mjs`);
    expect(code).toContain("product: 'My Bot'");
    expect(code).toContain("'redis://127.0.0.1:6379'");
    const script = code
      .replace("'plex-auth-flow/bullmq'", `'${pathToFileURL('dist/bullmq.js')}'`)
      .replace("product: 'My Bot'", `product: 'My Bot', serverURL: '${plex.url}'`)
      .replace("'redis://127.0.0.1:6379'", `'${redis.url}'`);
    writeFileSync(file, script);
    return run(file);
  });
  expect(await starter?.ended).toBe(0);
  expect(starter?.out.text).toMatch(/^chat 4711: approve at https:\/\/app\.plex\.tv\/auth#/m);
  await expect.poll(() => worker?.out.text).toMatch(/^chat 4711 signed in: .*redacted/m);
  worker?.child.kill('SIGTERM');
  expect(await worker?.ended).toBe(0);
  expect([worker?.out.errors, starter?.out.errors]).toEqual(['', '']);
  await plex.close();
  await redis.remove();
});
