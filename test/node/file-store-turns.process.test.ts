/** Writers of one file that are strangers to each other: stopped, in other PID namespaces, of other users. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/node/file-store.ts';
import { besides, contentOf, useStoreWriters } from './store-writers.ts';

const { newPath, write } = useStoreWriters();

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const canUnshare = spawnSync('unshare', ['-p', '-f', '--mount-proc', 'true']).status === 0;

/** Where process numbers mean the same as here, as the store writes it. */
const here = () => {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
};
const endedPID = () => spawnSync(process.execPath, ['--version']).pid;

/** Makes a file with one key, and a lock beside it. */
async function makeLocked(holder: string): Promise<string> {
  const path = newPath();
  await createFileStore(path).setItem('old', '1');
  writeFileSync(`${path}.lock`, holder);
  return path;
}

/** Makes another user the owner of a file and its folders. */
function giveAway(path: string): void {
  for (const owned of [path, dirname(path), dirname(dirname(path))]) chownSync(owned, nobody, nobody);
}

/** Writes a key, and says how long that took. */
const timedWrite = `
  const store = await load();
  const beganMs = performance.now();
  await store.setItem('new', '2');
  say(String(Math.round(performance.now() - beganMs)));
`;

describe('a writer that is stopped for long', () => {
  /** Stops a writer at each call of the file system in turn, all at once, while another one writes. */
  async function stopEverywhere(work: string, first: Record<string, string>) {
    const stopAt = async (n: number) => {
      const path = newPath();
      for (const [key, value] of Object.entries(first)) await createFileStore(path).setItem(key, value);
      const script = `
        await atCall(${n}, 'SIGSTOP');
        const store = await load();
        await store.${work};
        say('done');
      `;
      const stopped = write(path, script);
      await stopped.stops();
      await createFileStore(path).setItem('newer', 'kept');
      stopped.child.kill('SIGCONT');
      const said = await stopped.ended;
      return { said: said.trim(), content: contentOf(path), besides: besides(path) };
    };
    return Promise.all(Array.from({ length: 32 }, (_, n) => stopAt(n)));
  }

  it('takes no newer key with it, wherever in a write it stops', async () => {
    const ends = await stopEverywhere("setItem('older', 'x')", { old: '1' });
    for (const { said, content, besides } of ends) {
      const older = said === 'done' ? { older: 'x' } : {};
      expect(said).toMatch(/^done$|^failed ENOENT/);
      expect([content, besides]).toEqual([{ old: '1', newer: 'kept', ...older }, []]);
    }
    expect(new Set(ends.map(({ said }) => said?.slice(0, 4)))).toEqual(new Set(['done', 'fail']));
  });

  it('takes no newer key with it, wherever in the removal of the last key it stops', async () => {
    const ends = await stopEverywhere("removeItem('older')", { older: 'x' });
    for (const { said, content, besides } of ends) {
      const older = said === 'done' ? {} : { older: 'x' };
      expect([content, besides]).toEqual([{ newer: 'kept', ...older }, []]);
    }
  });

  it('finishes no write once another one has read the file', async () => {
    const path = newPath();
    await createFileStore(path).setItem('old', '1');
    const stopped = write(
      path,
      `
        const { rename } = fsp;
        fsp.rename = async (from, to) => {
          process.kill(process.pid, 'SIGSTOP');
          return rename(from, to);
        };
        const store = await load();
        await store.setItem('first', 'x');
        say('done');
      `,
    );
    await stopped.stops();
    const reader = write(
      path,
      `
        const { open } = fsp;
        fsp.open = async (name, ...how) => {
          const handle = await open(name, ...how);
          const { readFile } = handle;
          if (name === process.argv[2])
            handle.readFile = async (...args) => {
              const text = await readFile.apply(handle, args);
              process.kill(process.pid, 'SIGSTOP');
              return text;
            };
          return handle;
        };
        const store = await load();
        await store.setItem('second', 'y');
        say('done');
      `,
    );
    await reader.stops();
    stopped.child.kill('SIGCONT');
    expect(await stopped.ended).toMatch(/^failed ENOENT/);
    reader.child.kill('SIGCONT');
    expect([await reader.ended, contentOf(path)]).toEqual(['done\n', { old: '1', second: 'y' }]);
  });

  it('sets no file aside that another one has repaired since', async () => {
    const path = newPath();
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '{"token":"tok-half');
    const script = `
      const { lstat } = fsp;
      let isFirst = true;
      fsp.lstat = async (name) => {
        if (!isFirst || !name.includes('corrupt')) return lstat(name);
        isFirst = false;
        process.kill(process.pid, 'SIGSTOP');
        return lstat(name);
      };
      const store = await load();
      await store.setItem('older', 'x');
    `;
    const stopped = write(path, script);
    await stopped.stops();
    rmSync(`${path}.lock`);
    await createFileStore(path, { onCorrupt: () => {} }).setItem('newer', 'kept');
    stopped.child.kill('SIGCONT');
    await stopped.ended;
    expect([contentOf(path)['newer'], besides(path)]).toEqual(['kept', ['state.json.corrupt-1']]);
  });
});

describe('a writer that loses its turn in time', () => {
  it('begins again, and writes its key beside the other', async () => {
    const path = newPath();
    await createFileStore(path).setItem('old', '1');
    const script = `
      const { readdir } = fsp;
      let isFirst = true;
      fsp.readdir = async (...given) => {
        const [folder] = given;
        const entries = await readdir(...given);
        if (isFirst) {
          isFirst = false;
          for (const { name } of entries) if (name.endsWith('.tmp')) await fsp.rm(folder + '/' + name);
          await fsp.writeFile(path, JSON.stringify({ old: '1', other: '2' }));
        }
        return entries;
      };
      const path = process.argv[2];
      const store = await load();
      await store.setItem('own', '3');
      say('written');
    `;
    expect(await write(path, script).ended).toBe('written\n');
    expect([contentOf(path), besides(path)]).toEqual([{ old: '1', other: '2', own: '3' }, []]);
  });

  it('gives up after a few times', async () => {
    const path = newPath();
    const script = `
      const { rename } = fsp;
      let count = 0;
      fsp.rename = async (from, to) => {
        say(String(++count));
        await fsp.rm(from);
        return rename(from, to);
      };
      const store = await load();
      await store.setItem('own', '3');
    `;
    const said = await write(path, script).ended;
    expect(said).toMatch(/\n10\nfailed ENOENT: another process has taken over the write of /);
    expect(besides(path)).toEqual([]);
  });
});

describe('a lock', () => {
  it.skipIf(!canUnshare)('is respected by a writer that does not see its process', async () => {
    const path = newPath();
    await createFileStore(path).setItem('old', '1');
    const slow = `
      const { readdir } = fsp;
      fsp.readdir = async (...given) => {
        say('works');
        await new Promise((done) => setTimeout(done, 1500));
        return readdir(...given);
      };
      const store = await load();
      await store.setItem('slow', 'x');
      say('written');
    `;
    const namespace = ['unshare', '-p', '-f', '--mount-proc'];
    // With a number that the other writer's namespace does not have, not even for a thread.
    const late = [...namespace, 'bash', '-c', 'for n in {1..99}; do (exit 0); done; "$0" "$@"; exit $?'];
    const holder = write(path, slow, { wrapper: late });
    await holder.speaks;
    const lock = readFileSync(`${path}.lock`, 'utf8');
    const other = write(path, timedWrite, { wrapper: namespace });
    await sleep(700);
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(lock);
    expect(await holder.ended).toBe('works\nwritten\n');
    expect(Number(await other.ended)).toBeGreaterThan(500);
    expect(contentOf(path)).toEqual({ old: '1', slow: 'x', new: '2' });
  });

  it.concurrent.each([
    ['of another PID namespace', () => `${endedPID()} ${here().replace(/\d+\]$/, '1]')} ${randomUUID()}`],
    ['of another start of the machine', () => `${endedPID()} ${here().replace(/^./, 'x')} ${randomUUID()}`],
    ['of a place that nobody knows', () => `${endedPID()} - ${randomUUID()}`],
    ['that its process has not filled in yet', () => ''],
    ['of a process that runs', () => `${process.pid} ${here()} ${randomUUID()}`],
  ])('%s is respected for five seconds, and no longer', async (_name, holder) => {
    const path = await makeLocked(holder());
    const waitedMs = Number(await write(path, timedWrite).ended);
    expect(waitedMs).toBeGreaterThan(4500);
    expect(waitedMs).toBeLessThan(9000);
    expect([contentOf(path), besides(path)]).toEqual([{ old: '1', new: '2' }, []]);
  });

  it.skipIf(!isRoot)(
    'of a process of another user counts as that of one that runs',
    { concurrent: true },
    async () => {
      const path = await makeLocked(`${process.pid} ${here()} ${randomUUID()}`);
      giveAway(path);
      chownSync(`${path}.lock`, nobody, nobody);
      expect(Number(await write(path, timedWrite, { uid: nobody }).ended)).toBeGreaterThan(4500);
    },
  );

  it.skipIf(!isRoot)('that only another user can read is respected, and goes in the end', async () => {
    const path = await makeLocked(`${endedPID()} ${here()} ${randomUUID()}`);
    chmodSync(`${path}.lock`, 0o600);
    giveAway(path);
    expect(Number(await write(path, timedWrite, { uid: nobody }).ended)).toBeGreaterThan(4500);
    expect([contentOf(path), besides(path)]).toEqual([{ old: '1', new: '2' }, []]);
  });

  it('that was taken by mistake is put back', async () => {
    const path = await makeLocked(`${endedPID()} ${here()} ${randomUUID()}`);
    const script = `
      const { rename } = fsp;
      let isFirst = true;
      fsp.rename = async (from, to) => {
        if (isFirst) {
          isFirst = false;
          process.kill(process.pid, 'SIGSTOP');
        }
        return rename(from, to);
      };
      const store = await load();
      await store.setItem('new', '2');
    `;
    const breaker = write(path, script);
    await breaker.stops();
    const live = `${process.pid} ${here()} ${randomUUID()}`;
    writeFileSync(`${path}.lock`, live);
    breaker.child.kill('SIGCONT');
    await sleep(1000);
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe(live);
    expect(contentOf(path)).toEqual({ old: '1' });
    rmSync(`${path}.lock`);
    expect(await breaker.ended).toBe('');
    expect([contentOf(path), besides(path)]).toEqual([{ old: '1', new: '2' }, []]);
  });

  it('is left to the next holder by one that has lost it', async () => {
    const path = newPath();
    await createFileStore(path).setItem('old', '1');
    const script = `
      const { rename } = fsp;
      fsp.rename = async (from, to) => {
        await fsp.writeFile(process.argv[2] + '.lock', 'of another one');
        return rename(from, to);
      };
      const store = await load();
      await store.setItem('new', '2');
    `;
    expect(await write(path, script).ended).toBe('');
    expect(readFileSync(`${path}.lock`, 'utf8')).toBe('of another one');
  });
});

describe('on the disk', () => {
  it('is the content before the file has its name, and the name before the write ends', async () => {
    const path = newPath();
    await createFileStore(path).setItem('old', '1');
    const script = `
      const { open, rename } = fsp;
      const short = (name) => name.replace(/.*[/]/, '').replace(/[0-9a-f-]{36}/, 'UUID');
      fsp.open = async (name, ...how) => {
        const handle = await open(name, ...how);
        for (const method of ['writeFile', 'sync']) {
          const original = handle[method];
          handle[method] = async (...args) => {
            await original.apply(handle, args);
            say(method + ' ' + short(name));
          };
        }
        return handle;
      };
      fsp.rename = async (from, to) => {
        say('rename ' + short(to));
        return rename(from, to);
      };
      const store = await load();
      await store.setItem('new', '2');
      say('ends');
    `;
    const said = await write(path, script).ended;
    expect(said.split('\n')).toEqual([
      'writeFile state.json.lock',
      'writeFile state.json.UUID.tmp',
      'sync state.json.UUID.tmp',
      'rename state.json',
      'sync kept',
      'ends',
      '',
    ]);
  });
});

describe('with a umask of', () => {
  it.each(['0777', '0377', '0077', '0000'])('%s everything is usable, for its owner only', async (umask) => {
    const path = newPath();
    const base = dirname(dirname(path));
    mkdirSync(base);
    if (isRoot) chownSync(base, nobody, nobody);
    const script = "const store = await load(); await store.setItem('a', '1'); say(await store.getItem('a'))";
    const said = await write(path, script, { limit: `umask ${umask}`, ...(isRoot && { uid: nobody }) }).ended;
    const mode = (name: string) => (statSync(name).mode & 0o777).toString(8);
    expect([said, mode(path), mode(dirname(path))]).toEqual(['1\n', '600', '700']);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});
