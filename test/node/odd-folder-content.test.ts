import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileStore } from '../../src/node/file-store.ts';
import { newFolder } from './new-folder.ts';

function newPath(): string {
  const folder = newFolder();
  mkdirSync(folder);
  return join(folder, 'state.json');
}

describe('the lock of a file store', () => {
  it.each<[string, (lock: string) => void]>([
    ['a link to nothing', (lock) => symlinkSync('/nonexistent/lock', lock)],
    ['a link to itself', (lock) => symlinkSync(lock, lock)],
  ])('is taken at once where its name is %s', async (_name, block) => {
    const path = newPath();
    block(`${path}.lock`);
    const beganMs = performance.now();
    await createFileStore(path).setItem('a', 'b');
    expect(performance.now() - beganMs).toBeLessThan(2000);
    expect(readdirSync(dirname(path))).toEqual(['state.json']);
  });
});

describe('a folder that is called like a draft', () => {
  it('stays, and stops no write', async () => {
    const path = newPath();
    const folder = `${path}.${randomUUID()}.tmp`;
    mkdirSync(folder);
    const store = createFileStore(path);
    await store.setItem('a', 'b');
    expect(await store.getItem('a')).toBe('b');
    expect(lstatSync(folder).isDirectory()).toBe(true);
  });
});

/** A removed token must not lie on the disk. */
describe('a key in the target of a symbolic link', () => {
  it.each<[string, string, string | undefined]>([
    ['with the last one its file', '{"a":"tok-1"}', undefined],
    ['and leaves the others', '{"a":"tok-1","b":"2"}', '{"b":"2"}'],
  ])('is removed from it %s', async (_name, before, after) => {
    const path = newPath();
    const target = join(dirname(newPath()), 'target.json');
    writeFileSync(target, before);
    symlinkSync(target, path);
    const store = createFileStore(path);
    await store.removeItem('a');
    expect(await store.getItem('a')).toBeNull();
    const left = existsSync(target) ? JSON.stringify(JSON.parse(readFileSync(target, 'utf8'))) : undefined;
    expect(left).toBe(after);
    expect([...readdirSync(dirname(path)), ...readdirSync(dirname(target))].join()).not.toMatch(/lock|tmp/);
    await store.setItem('c', '3');
    expect(await store.getItem('c')).toBe('3');
  });
});

describe('an onCorrupt that throws', () => {
  it.each(['getItem', 'setItem'] as const)('does not stop %s, and is replaced by a warning', async (name) => {
    const path = newPath();
    writeFileSync(path, '{"a":"tok-');
    const warned = once(process, 'warning') as Promise<[Error]>;
    const store = createFileStore(path, {
      onCorrupt() {
        throw new Error('cannot write the log');
      },
    });
    await store[name]('a', 'b');
    expect(await store.getItem('a')).toBe(name === 'setItem' ? 'b' : null);
    expect((await warned)[0].message).toContain(`it is now ${path}.corrupt-1`);
  });
});
