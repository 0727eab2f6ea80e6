/** The file store among several processes: killed, stopped, at once, without permission and on a full disk. */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileStore } from '../../../src/node/file-store.ts';
import { besides, contentOf, useStoreWriters } from '../../node/store-writers.ts';

const { newPath, write } = useStoreWriters();

it('leaves the old content or the new, wherever in a write the process is killed', async () => {
  const killAt = (n: number) => `
    await atCall(${n}, 'SIGKILL');
    const store = await load();
    await store.setItem('token', 'new');
    say('written');
  `;
  const outcomes: string[] = [];
  for (let n = 0; ; n++) {
    const path = newPath();
    await createFileStore(path).setItem('token', 'old');
    const said = await write(path, killAt(n)).ended;
    const content = contentOf(path);
    expect(Object.keys(content)).toEqual(['token']);
    outcomes.push(content['token'] ?? '');
    for (const name of besides(path)) expect(statSync(join(dirname(path), name)).mode & 0o077).toBe(0);
    if (said === 'written\n') break;
    await createFileStore(path).setItem('later', 'x');
    expect([contentOf(path), besides(path)]).toEqual([{ ...content, later: 'x' }, []]);
  }
  expect(outcomes.length).toBeGreaterThan(12);
  expect(outcomes.lastIndexOf('old')).toBe(outcomes.indexOf('new') - 1);
});

it('is whole after a process that writes without end is killed, many times', async () => {
  const path = newPath();
  const script = `
    const store = await load();
    for (let round = 0; ; round++) {
      await store.setItem('token', String(round % 10).repeat(200_000));
      if (round === 0) say('writes');
    }
  `;
  for (let round = 0; round < 15; round++) {
    const { child, ended } = write(path, script);
    await once(child.stdout ?? child, 'data');
    await new Promise((resolve) => setTimeout(resolve, 7 * round));
    child.kill('SIGKILL');
    await ended;
    const { token = '' } = contentOf(path);
    expect([token.length, new Set(token).size]).toEqual([200_000, 1]);
  }
  const messages: string[] = [];
  const store = createFileStore(path, { onCorrupt: (message) => messages.push(message) });
  await store.setItem('token', 'last');
  expect([await store.getItem('token'), messages, besides(path)]).toEqual(['last', [], []]);
});

it('loses no key of processes that write at once', async () => {
  const path = newPath();
  const script = (name: string) => `
    const store = await load();
    for (let n = 0; n < 25; n++) await store.setItem('${name}-' + n, 'x');
    await store.removeItem('${name}-0');
  `;
  const names = ['a', 'b', 'c', 'd'];
  const said = await Promise.all(names.map((name) => write(path, script(name)).ended));
  expect(said.join('')).toBe('');
  const expected = names.flatMap((name) => Array.from({ length: 24 }, (_, n) => `${name}-${n + 1}`));
  expect(Object.keys(contentOf(path)).sort()).toEqual(expected.sort());
  expect(besides(path)).toEqual([]);
});

it.each(['just before', 'just after'])('continues where a rival makes each folder %s', async (moment) => {
  const path = newPath();
  const script = `
    const { mkdir } = fsp;
    fsp.mkdir = async (folder, options) => {
      if ('${moment}' === 'just before') await mkdir(folder, { recursive: true });
      try {
        return await mkdir(folder, options);
      } finally {
        await mkdir(folder, { recursive: true });
      }
    };
    const store = await load();
    await store.setItem('token', 'kept');
  `;
  expect(await write(path, script).ended).toBe('');
  expect(contentOf(path)).toEqual({ token: 'kept' });
});

it('sets a corrupt file aside once for all the processes that find it', async () => {
  const path = newPath();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '{"token":"tok-half');
  const script = "const store = await load(); say(String(await store.getItem('token')))";
  const said = await Promise.all([1, 2, 3, 4].map(() => write(path, script).ended));
  expect(said).toEqual(Array(4).fill('null\n'));
  expect(besides(path)).toEqual(['state.json.corrupt-1']);
  expect(existsSync(path)).toBe(false);
});

it('continues without a writer that stands still, whose own write then fails and undoes nothing', async () => {
  const path = newPath();
  const script = `
    const { rename } = fsp;
    fsp.rename = async (from, to) => {
      say('stops');
      process.kill(process.pid, 'SIGSTOP');
      return rename(from, to);
    };
    const store = await load();
    await store.setItem('token', 'stale');
    say('written');
  `;
  const stopped = write(path, script);
  await once(stopped.child.stdout ?? stopped.child, 'data');
  const store = createFileStore(path);
  await store.setItem('token', 'fresh');
  stopped.child.kill('SIGCONT');
  expect(await stopped.ended).toMatch(/^stops\nfailed ENOENT/);
  expect([contentOf(path), besides(path)]).toEqual([{ token: 'fresh' }, []]);
});

it('keeps the old content on a full disk, and names the file in the error', async () => {
  const path = newPath();
  await createFileStore(path).setItem('token', 'old');
  const script = "const store = await load(); await store.setItem('token', 'tok-'.repeat(2000))";
  // Past this size the system refuses every write, as it does on a full disk.
  const said = await write(path, script, { limit: 'ulimit -f 1' }).ended;
  expect(said).toMatch(/^failed E(FBIG|NOSPC)/);
  expect(said).toContain(path);
  expect(said).not.toContain('tok-');
  expect([contentOf(path), besides(path)]).toEqual([{ token: 'old' }, []]);
});

it('says so and names the file where it has no permission', async () => {
  // Root may read everything, so it becomes somebody else; anybody else takes the permission from himself.
  const isRoot = process.getuid?.() === 0;
  const nobody = isRoot ? { uid: 65_534 } : {};
  const open = newPath();
  mkdirSync(dirname(open), { recursive: true });
  writeFileSync(open, '{"token":"tok-half', { mode: 0o644 });
  if (!isRoot) chmodSync(dirname(open), 0o500);
  const read = "const store = await load(); say(String(await store.getItem('token')))";
  const found = await write(open, read, nobody).ended;
  expect(found).toMatch(/^failed .*no JSON object and stays: EACCES/);
  expect(found).toContain(open);
  expect(found).not.toContain('tok-');
  chmodSync(dirname(open), 0o700);
  expect([readFileSync(open, 'utf8'), besides(open)]).toEqual(['{"token":"tok-half', []]);

  const closed = newPath();
  await createFileStore(closed).setItem('token', 'tok-whole');
  chmodSync(dirname(closed), isRoot ? 0o700 : 0);
  for (const script of [read, "const store = await load(); await store.setItem('a', 'tok-b')"]) {
    const said = await write(closed, script, nobody).ended;
    expect(said).toMatch(/^failed EACCES/);
    expect(said).toContain(closed);
    expect(said).not.toContain('tok-');
  }
  chmodSync(dirname(closed), 0o700);
  expect(contentOf(closed)).toEqual({ token: 'tok-whole' });
});
