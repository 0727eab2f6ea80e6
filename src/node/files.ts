import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Reads a text file. Opens it without waiting and looks first: reading a pipe or a device in its place would never end.
 *
 * @returns Undefined if there is no such file.
 */
export async function readRegularFile(file: string): Promise<string | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await handle.stat();
      if (!status.isFile()) throw systemError(status.isDirectory() ? 'EISDIR' : 'EINVAL', 'no regular file');
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Renames a file to the first free name, and makes it unreadable to others. @returns The new name. */
export async function setAside(file: string): Promise<string> {
  let aside: string;
  let number = 0;
  do aside = `${file}.corrupt-${++number}`;
  while (await exists(aside));
  await rename(file, aside);
  await narrow(aside).catch(() => {});
  return aside;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Through an open file: `chmod` on a name would follow a link to somebody else's file. */
async function narrow(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  await handle.chmod(0o600).finally(() => handle.close());
}

/**
 * Creates a folder and those above it, even while others do the same. Not by mkdir's own `recursive`, which in Node 20
 * never returns if a file system lets nobody create a folder.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

/** Writes a draft beside the file and renames it, once the content is on the disk. */
export async function replaceFile(file: string, content: string): Promise<void> {
  const draft = toDraft(file);
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(`${content}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

export function toDraft(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Removes the drafts beside a file. Call it with the lock: then they are left over, or belong to a writer that lost its turn. */
export async function removeDrafts(file: string): Promise<void> {
  const folder = dirname(file);
  const stem = `${basename(file)}.`;
  for (const name of await readdir(folder)) {
    const isDraft = name.startsWith(stem) && /^[0-9a-f-]{36}\.tmp$/.test(name.slice(stem.length));
    if (isDraft) await rm(join(folder, name), { force: true });
  }
}

/** Makes the new name survive a power cut. Not every system can open a folder; without this only the old content is back. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {}
}

export function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}

export function systemError(code: string, words: string): Error {
  return Object.assign(new Error(`${code}: ${words}`), { code, syscall: 'open' });
}
