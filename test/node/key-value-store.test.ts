/** What the engine asks of a store, and every store that is offered for it. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createStorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import memoryDriver from 'unstorage/drivers/memory';
import { describe, expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { createPlexAuth } from '../../src/engine/create-plex-auth.ts';
import type { PlexAuth } from '../../src/engine/plex-auth.ts';
import { createFileStore } from '../../src/node/file-store.ts';
import type { KeyValueStore } from '../../src/ports.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../src/view.ts';
import { newFolder } from './new-folder.ts';

function createMapStore(map: Map<string, string>): KeyValueStore {
  return {
    getItem: (key) => map.get(key),
    setItem: (key, value) => map.set(key, value),
    removeItem: (key) => map.delete(key),
  };
}

/** Web Storage as browsers have it: synchronous, `null` for what is missing, everything a string. */
function createWebStorage(content: Record<string, string>): KeyValueStore {
  return {
    getItem: (key) => (Object.hasOwn(content, key) ? content[key] : null),
    setItem(key, value) {
      content[key] = String(value);
    },
    removeItem(key) {
      delete content[key];
    },
  };
}

/** Each kind of store, and how two instances share what they keep. */
const kinds: { name: string; place: () => () => KeyValueStore }[] = [
  {
    name: 'a Map',
    place: () => {
      const map = new Map<string, string>();
      return () => createMapStore(map);
    },
  },
  {
    name: 'Web Storage',
    place: () => {
      const content = Object.create(null) as Record<string, string>;
      return () => createWebStorage(content);
    },
  },
  {
    name: "unstorage's memory",
    place: () => {
      const storage = createStorage({ driver: memoryDriver() });
      return () => storage;
    },
  },
  {
    name: "unstorage's fs",
    place: () => {
      const base = newFolder();
      return () => createStorage({ driver: fsDriver({ base }) });
    },
  },
  {
    name: 'createFileStore',
    place: () => {
      const path = join(newFolder(), 'kept', 'state.json');
      return () => createFileStore(path);
    },
  },
];

/** Waits for a view. The flow's time is virtual; a store on a disk takes real time beside it. */
async function until(
  auth: PlexAuth,
  time: ReturnType<typeof createVirtualTime>,
  status: PlexAuthView['status'],
): Promise<PlexAuthView> {
  const look = async () => {
    await time.advance(100);
    return auth.getSnapshot().status;
  };
  await expect.poll(look, { interval: 5, timeout: 5000 }).toBe(status);
  return auth.getSnapshot();
}

describe.each(kinds)('$name', ({ place }) => {
  it('has nothing under a key that was never set', async () => {
    expect((await place()().getItem('a.missing-key')) ?? null).toBeNull();
  });

  it('gives back what was set, the last value that was set, and nothing once it is removed', async () => {
    const store = place()();
    await store.setItem('a.key', 'one');
    expect(await store.getItem('a.key')).toBe('one');
    await store.setItem('a.key', 'two');
    expect(await store.getItem('a.key')).toBe('two');
    await store.setItem('another.key', 'three');
    await store.removeItem('a.key');
    await store.removeItem('a.key');
    expect((await store.getItem('a.key')) ?? null).toBeNull();
    expect(await store.getItem('another.key')).toBe('three');
  });

  it('keeps text of any script, quotes and line ends', async () => {
    const store = place()();
    const text = 'Wohnzimmer «日本» 🎬 "x"\n\\';
    await store.setItem('a.key', text);
    expect(await store.getItem('a.key')).toBe(text);
  });

  it('loses none of many writes at once', async () => {
    const store = place()();
    const keys = Array.from({ length: 20 }, (_, index) => `key-${index}.x`);
    await Promise.all(keys.map((key) => store.setItem(key, `value of ${key}`)));
    expect(await Promise.all(keys.map((key) => store.getItem(key)))).toEqual(
      keys.map((key) => `value of ${key}`),
    );
  });

  it('shares what it keeps with a second instance, writes at once included', async () => {
    const open = place();
    const [one, other] = [open(), open()];
    await Promise.all([one.setItem('one.key', '1st'), other.setItem('other.key', '2nd')]);
    expect([await other.getItem('one.key'), await one.getItem('other.key')]).toEqual(['1st', '2nd']);
  });

  it('lets a new engine continue with the PIN and the client identifier of an earlier one', async () => {
    const open = place();
    const time = createVirtualTime(Date.now());
    const emulator = createPlexEmulator({ clock: time.clock });
    const begin = () =>
      createPlexAuth({ product: 'Contract', store: open(), fetch: emulator.fetch, clock: time.clock });

    const earlier = begin();
    earlier.start();
    const { code } = (await until(earlier, time, 'awaitingLink')) as { code: string };
    const [pin] = emulator.pins;
    await expect.poll(() => open().getItem('plex-auth-flow.pin')).toBeTruthy();
    earlier.dispose();

    const later = begin();
    later.start();
    expect(await until(later, time, 'awaitingLink')).toMatchObject({ code });
    emulator.link(code);
    const end = await until(later, time, 'authenticated');
    expect(end).toMatchObject({ clientIdentifier: pin?.clientIdentifier });
    expect(emulator.pins.length).toBe(1);
    later.dispose();

    await expect.poll(async () => (await open().getItem('plex-auth-flow.pin')) ?? null).toBeNull();
    const third = begin();
    third.start();
    await until(third, time, 'awaitingLink');
    expect(emulator.pins[1]).toMatchObject({ clientIdentifier: pin?.clientIdentifier });
    third.dispose();
  });
});

describe('createFileStore', () => {
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  const newPath = () => join(newFolder(), 'kept', 'state.json');

  it('lets nobody but the owner read', async () => {
    const path = newPath();
    await createFileStore(path).setItem('a', 'b');
    expect([mode(path), mode(join(path, '..'))]).toEqual(['600', '700']);
  });

  it('narrows a file that was open to others when it writes', async () => {
    const path = newPath();
    const store = createFileStore(path);
    await store.setItem('a', 'b');
    rmSync(path);
    writeFileSync(path, '{"a":"old"}', { mode: 0o644 });
    await store.setItem('c', 'd');
    expect([mode(path), await store.getItem('a')]).toEqual(['600', 'old']);
  });

  it('is JSON of keys and values, and leaves no draft behind', async () => {
    const path = newPath();
    const store = createFileStore(path);
    await Promise.all([store.setItem('a', '1'), store.setItem('b', '2')]);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: '1', b: '2' });
    expect(readdirSync(join(path, '..'))).toEqual(['state.json']);
  });

  it('goes with its last key', async () => {
    const path = newPath();
    const store = createFileStore(path);
    await store.setItem('a', '1');
    await store.removeItem('a');
    expect(existsSync(path)).toBe(false);
  });

  it('makes nothing when it only reads', async () => {
    const path = newPath();
    expect(await createFileStore(path).getItem('a')).toBeNull();
    expect(existsSync(join(path, '..'))).toBe(false);
  });

  it.each(['{ "a": ', '[]', 'null', ''])('sets a corrupt file aside: %s', async (content) => {
    const path = newPath();
    await createFileStore(path).setItem('a', 'b');
    writeFileSync(path, content);
    const messages: string[] = [];
    const store = createFileStore(path, { onCorrupt: (message) => messages.push(message) });
    expect(await store.getItem('a')).toBeNull();
    await store.setItem('a', 'c');
    expect(await store.getItem('a')).toBe('c');
    expect(readFileSync(`${path}.corrupt-1`, 'utf8')).toBe(content);
    expect(messages).toEqual([expect.stringContaining(`${path}.corrupt-1`)]);
  });

  it('sets every corrupt file aside under a name of its own, for its owner only', async () => {
    const path = newPath();
    const messages: string[] = [];
    const store = createFileStore(path, { onCorrupt: (message) => messages.push(message) });
    await store.setItem('a', 'b');
    for (const content of ['{"a":"tok-first', '{"a":"tok-second']) {
      writeFileSync(path, content);
      chmodSync(path, 0o644);
      expect(await store.getItem('a')).toBeNull();
      expect(await store.getItem('a')).toBeNull();
      await store.setItem('a', 'b');
    }
    const asides = [`${path}.corrupt-1`, `${path}.corrupt-2`];
    expect(asides.map((aside) => [readFileSync(aside, 'utf8'), mode(aside)])).toEqual([
      ['{"a":"tok-first', '600'],
      ['{"a":"tok-second', '600'],
    ]);
    expect(messages.map((message) => asides.findIndex((aside) => message.includes(aside)))).toEqual([0, 1]);
    expect(messages.join()).not.toContain('tok-');
  });

  it('warns of a corrupt file itself where nobody listens', async () => {
    const path = newPath();
    await createFileStore(path).setItem('a', 'b');
    writeFileSync(path, '{"a":"tok-');
    const warned = once(process, 'warning') as Promise<[Error & { code: string }]>;
    expect(await createFileStore(path).getItem('a')).toBeNull();
    const [{ name, code, message }] = await warned;
    expect([name, code]).toEqual(['PlexAuthWarning', 'PLEX_STORE']);
    expect(message).toContain(`${path}.corrupt-1`);
    expect(message).not.toContain('tok-');
  });

  it('leaves what a symbolic link points to as it was, and is a file of its own once it is written', async () => {
    const path = newPath();
    const target = newFolder();
    writeFileSync(target, '{"a":"theirs"}', { mode: 0o644 });
    const store = createFileStore(path);
    await store.setItem('a', 'b');
    rmSync(path);
    symlinkSync(target, path);
    expect(await store.getItem('a')).toBe('theirs');
    await store.setItem('c', 'd');
    expect([lstatSync(path).isFile(), mode(path), mode(target)]).toEqual([true, '600', '644']);
    expect(readFileSync(target, 'utf8')).toBe('{"a":"theirs"}');
  });

  it('sets a symbolic link to a corrupt file aside, and leaves that file and its mode alone', async () => {
    const path = newPath();
    const target = newFolder();
    writeFileSync(target, 'theirs', { mode: 0o644 });
    await createFileStore(path).setItem('a', 'b');
    rmSync(path);
    symlinkSync(target, path);
    const store = createFileStore(path, { onCorrupt: () => {} });
    expect(await store.getItem('a')).toBeNull();
    expect([readFileSync(target, 'utf8'), mode(target)]).toEqual(['theirs', '644']);
    expect(lstatSync(`${path}.corrupt-1`).isSymbolicLink()).toBe(true);
  });

  it('removes with the next write what killed writers left behind, and nothing else', async () => {
    const path = newPath();
    const store = createFileStore(path);
    await store.setItem('a', '1');
    const folder = join(path, '..');
    for (const name of [
      `state.json.${randomUUID()}.tmp`,
      'state.json.tmp',
      `other.json.${randomUUID()}.tmp`,
    ]) {
      writeFileSync(join(folder, name), 'tok-left');
    }
    await store.setItem('a', '2');
    expect(readdirSync(folder).map((name) => name.replace(/[0-9a-f-]{36}/, 'UUID'))).toEqual([
      'other.json.UUID.tmp',
      'state.json',
      'state.json.tmp',
    ]);
  });

  it.each(['{"a":"b"}', '{\n  "a": "b"\n}\n'])(
    'reads a file that begins with a byte order mark: %j',
    async (text) => {
      const path = newPath();
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, `\uFEFF${text}`);
      const messages: string[] = [];
      const store = createFileStore(path, { onCorrupt: (message) => messages.push(message) });
      expect(await store.getItem('a')).toBe('b');
      await store.setItem('c', 'd');
      expect([JSON.parse(readFileSync(path, 'utf8')), messages]).toEqual([{ a: 'b', c: 'd' }, []]);
    },
  );

  it('takes a lock over at once whose process has ended', async () => {
    const path = newPath();
    const store = createFileStore(path);
    await store.setItem('a', '1');
    const { pid } = spawnSync(process.execPath, ['--version']);
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(`${path}.lock`, `${pid} ${boot}/${readlinkSync('/proc/self/ns/pid')} ${randomUUID()}`);
    const beganMs = performance.now();
    await store.setItem('b', '2');
    expect(performance.now() - beganMs).toBeLessThan(2000);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: '1', b: '2' });
    expect(readdirSync(join(path, '..'))).toEqual(['state.json']);
  });

  it.each<[string, (path: string) => void, RegExp]>([
    ['a folder', (path) => mkdirSync(path), /EISDIR/],
    ['a pipe', (path) => spawnSync('mkfifo', [path]), /EINVAL/],
    ['a device', (path) => symlinkSync('/dev/zero', path), /EINVAL/],
    ['a link to itself', (path) => symlinkSync(path, path), /ELOOP/],
  ])('refuses %s in its place with an error that names it, each time', async (_name, block, message) => {
    const path = newPath();
    mkdirSync(join(path, '..'), { recursive: true });
    block(path);
    const store = createFileStore(path);
    for (const work of [
      () => store.getItem('a'),
      () => store.setItem('a', 'tok-1'),
      () => store.removeItem('a'),
    ]) {
      const error = (await Promise.resolve(work()).catch((thrown: unknown) => thrown)) as Error;
      expect(error.message).toMatch(message);
      expect(error.message).toContain(path);
      expect(error.message).not.toContain('tok-');
    }
    expect(readdirSync(join(path, '..'))).toEqual(['state.json']);
  });

  it.each(['/dev/full/kept/state.json', '/proc/kept/state.json'])(
    'names the path where nothing can be written: %s',
    async (path) => {
      const error = await Promise.resolve(createFileStore(path).setItem('a', 'tok-1')).catch(String);
      expect(error).toMatch(/ENOTDIR|ENOENT|EACCES|EROFS/);
      expect(error).toContain(dirname(path));
      expect(error).not.toContain('tok-');
    },
  );

  it('takes keys that objects have of their own', async () => {
    const store = createFileStore(newPath());
    expect(await store.getItem('constructor')).toBeNull();
    await store.setItem('__proto__', 'x');
    expect(await store.getItem('__proto__')).toBe('x');
  });

  it('passes on what the system says, and works on afterwards', async () => {
    const blocker = join(newFolder());
    writeFileSync(blocker, '');
    const store = createFileStore(join(blocker, 'state.json'));
    await expect(store.setItem('a', 'b')).rejects.toThrow(/ENOTDIR|EEXIST/);
    rmSync(blocker);
    await store.setItem('a', 'b');
    expect(await store.getItem('a')).toBe('b');
  });
});

it('a file store changes what is stored in one step: what another store writes meanwhile stays', async () => {
  const file = join(newFolder(), 'state.json');
  const [store, other] = [createFileStore(file), createFileStore(file)];
  await store.setItem('token', 'old');
  const removal = store.changeItem?.('token', (stored) => (stored === 'old' ? null : undefined));
  await Promise.all([removal, other.setItem('token', 'newer')]);
  await store.changeItem?.('token', (stored) => (stored === 'old' ? null : undefined));
  expect(await store.getItem('token')).toBe('newer');
  await store.changeItem?.('token', (stored) => `${stored}!`);
  expect(await store.getItem('token')).toBe('newer!');
  await store.changeItem?.('token', () => null);
  expect(existsSync(file)).toBe(false);
});
