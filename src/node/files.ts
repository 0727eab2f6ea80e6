import { randomUUID } from 'node:crypto';
import { constants, renameSync, statSync, unlinkSync } from 'node:fs';
import { chmod, type FileHandle, lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Reads a text file. Opens it without waiting and looks first: reading a pipe or a device in its place would never end.
 *
 * @returns Undefined if there is no such file.
 */
export async function readRegularFile(file: string): Promise<string | undefined> {
  return (await readVersion(file))?.text;
}

/** The content of a file, and what tells it from any other content that this file had or gets. */
export interface FileVersion {
  readonly text: string;
  readonly id: string;
}

/** Does what {@link readRegularFile} does, and says which version of the file that was. */
export async function readVersion(file: string): Promise<FileVersion | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await handle.stat({ bigint: true });
      if (!status.isFile()) throw systemError(status.isDirectory() ? 'EISDIR' : 'EINVAL', 'no regular file');
      return { text: await handle.readFile('utf8'), id: toVersionID(status) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function toVersionID({
  dev,
  ino,
  size,
  mtimeNs,
}: Record<'dev' | 'ino' | 'size' | 'mtimeNs', bigint>): string {
  return `${dev} ${ino} ${size} ${mtimeNs}`;
}

/** Removes a file if it is still that version. */
export function removeVersion(file: string, { id }: FileVersion): void {
  requireVersion(file, id);
  unlinkSync(file);
}

/**
 * Renames a file to the first free name, if it is still that version, and makes it unreadable to others.
 *
 * @returns The new name.
 */
export async function setVersionAside(file: string, { id }: FileVersion): Promise<string> {
  let aside: string;
  let number = 0;
  do aside = `${file}.corrupt-${++number}`;
  while (await exists(aside));
  requireVersion(file, id);
  renameSync(file, aside);
  await narrow(aside).catch(() => {});
  return aside;
}

/**
 * Compares and then lets the caller act at once. Both are synchronous, so that of all that this process does nothing comes
 * between them: no system can remove or rename a file on the condition that it is still the same.
 *
 * @throws {TurnLostError} If it is another version by now.
 */
function requireVersion(file: string, id: string): void {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false });
  if (!status || toVersionID(status) !== id) throw new TurnLostError(file);
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
    return;
  }
  // The umask of the process may have taken its owner's rights away.
  await chmod(folder, 0o700).catch(() => {});
}

/** Gives the owner of a new file his rights, which the umask of the process may have taken away. Some file systems have none. */
export async function makeUsable(handle: FileHandle): Promise<void> {
  await handle.chmod(0o600).catch(() => {});
}

/** Creates an empty draft beside a file. @returns Its path. */
export async function createDraft(file: string): Promise<string> {
  const draft = toDraft(file);
  const handle = await open(draft, 'wx', 0o600);
  await makeUsable(handle).finally(() => handle.close());
  return draft;
}

/**
 * Writes the content into the draft and, once it is on the disk, renames the draft to the file.
 *
 * @throws {TurnLostError} If another writer has removed the draft.
 */
export async function publishDraft(draft: string, content: string, file: string): Promise<void> {
  try {
    const handle = await open(draft, 'r+');
    try {
      await handle.writeFile(`${content}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    throw isCode(error, 'ENOENT') ? new TurnLostError(file) : error;
  }
  await syncFolder(dirname(file));
}

/** A write that was given up because another writer has taken over. */
export class TurnLostError extends Error {
  readonly code = 'ENOENT';
  readonly syscall = 'rename';

  constructor(file: string) {
    super(`ENOENT: another process has taken over the write of '${file}'`);
  }
}

export function toDraft(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Finds the file itself: of a symbolic link, what it leads to. */
export async function findTarget(file: string): Promise<string> {
  try {
    return (await lstat(file)).isSymbolicLink() ? await realpath(file) : file;
  } catch (error) {
    // Another process has removed it meanwhile.
    if (isCode(error, 'ENOENT')) return file;
    throw error;
  }
}

/** Removes the drafts beside a file, but the caller's own: they are left over, or belong to writers that lose their turn by it. */
export async function removeDrafts(file: string, own: string): Promise<void> {
  const folder = dirname(file);
  const stem = `${basename(file)}.`;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry;
    const isDraft = name.startsWith(stem) && /^[0-9a-f-]{36}\.tmp$/.test(name.slice(stem.length));
    if (isDraft && name !== basename(own) && !entry.isDirectory())
      await rm(join(folder, name), { force: true });
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
