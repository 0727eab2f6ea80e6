/** What the engine asks of a store, and every store that is offered for it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage } from 'unstorage';
import fsDriver from 'unstorage/drivers/fs';
import memoryDriver from 'unstorage/drivers/memory';
import { afterAll, describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/hosts/node.ts';
import { createPlexAuth, type PlexAuth } from '../../src/plex-auth.ts';
import type { KeyValueStore } from '../../src/ports.ts';
import { createPlexEmulator } from '../../src/testing/plex-emulator.ts';
import { createVirtualTime } from '../../src/testing/virtual-time.ts';
import type { PlexAuthView } from '../../src/view.ts';

const root = mkdtempSync(join(tmpdir(), 'plex-auth-flow-stores-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, `${++folders}`);

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

  it('lets a new engine go on with the PIN and the client identifier of an earlier one', async () => {
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
    expect(readFileSync(`${path}.corrupt`, 'utf8')).toBe(content);
    expect(messages).toEqual([expect.stringContaining(`${path}.corrupt`)]);
  });

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
