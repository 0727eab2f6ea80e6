import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join, posix, resolve, win32 } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyValueStore } from '../ports.ts';

/** How {@link createFileStore} reports what it mends by itself. */
export interface FileStoreOptions {
  /**
   * Hears, in one sentence without any content, that a file was unreadable and set aside. Default: a warning of the
   * process, `PLEX_STORE`.
   */
  onCorrupt?: (message: string) => void;
}

/** How long a lock that nobody touches is respected: many times what a write takes, on a slow disk too. */
const lockPatienceMs = 5000;
/** The longest wait for others who write one after another. */
const longestWaitMs = 30_000;

/** The last piece of work on each file: two stores on one file wait for each other. */
const lastWork = new Map<string, Promise<unknown>>();

/**
 * Keeps keys and values in one JSON file that only its owner can read.
 *
 * - A write replaces the file as a whole, so that a crash at any moment leaves the old content or the new. What a killed
 *   process left beside it, `NAME.lock` and `NAME.*.tmp`, goes with the next write.
 * - Writers take turns, those of other processes too, and none loses another's keys. One that stands still for more than
 *   5 s in the middle of a write (a stopped process) loses its turn, and its own write then fails.
 * - A file that is no JSON object is renamed to `NAME.corrupt-1` (or the next number that is free) and counts as empty.
 *   It may hold a token, so nothing deletes it.
 * - A symbolic link at `path` is read through, and replaced by the first write. What it points to stays as it was.
 * - The file goes when its last key does.
 *
 * On Windows a file has no mode: who can read it is what its folder says, which under `%APPDATA%` is its user. A program
 * that holds the file open, such as a virus scanner, can make a write fail with `EPERM` or `EBUSY`; the old content stays.
 *
 * @param path Where. The file has mode 0600; its folder is made with mode 0700 where it is missing, and left as it is
 * where it is there.
 * @returns A store whose methods reject with Node's own errors, such as `EACCES`; each names the file.
 */
export function createFileStore(path: string, { onCorrupt = warn }: FileStoreOptions = {}): KeyValueStore {
  const file = resolve(path);

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = (lastWork.get(file) ?? Promise.resolve()).then(work).catch((error: unknown) => {
      throw withPath(error, file);
    });
    const settled = done.then(
      () => {},
      () => {},
    );
    lastWork.set(file, settled);
    void settled.then(() => lastWork.get(file) === settled && lastWork.delete(file));
    return done;
  }

  async function read(): Promise<Entries> {
    const entries = await readEntries(file);
    if (entries) return entries;
    try {
      return await whileLocked(file, mend);
    } catch (error) {
      if (error instanceof Error) error.message = `${file} is no JSON object and stays: ${error.message}`;
      throw error;
    }
  }

  /** Reads once more, since another process may have mended it meanwhile; sets aside what still is no JSON object. */
  async function mend(): Promise<Entries> {
    const entries = await readEntries(file);
    if (entries) return entries;
    const aside = await setAside(file);
    onCorrupt(`${file} cannot be read; it is now ${aside}, and an empty one takes its place`);
    return new Map();
  }

  async function change(edit: (entries: Entries) => void): Promise<void> {
    await makeFolder(dirname(file));
    await whileLocked(file, async () => {
      const entries = await mend();
      edit(entries);
      await removeDrafts(file);
      if (entries.size > 0) await replaceFile(file, JSON.stringify(Object.fromEntries(entries), null, 2));
      else await rm(file, { force: true });
    });
  }

  return {
    getItem: (key: string) => inTurn(async () => (await read()).get(key) ?? null),
    setItem: (key: string, value: string) => inTurn(() => change((entries) => entries.set(key, value))),
    removeItem: (key: string) =>
      inTurn(async () => {
        if ((await read()).has(key)) await change((entries) => entries.delete(key));
      }),
  };
}

type Entries = Map<string, unknown>;

function warn(message: string): void {
  process.emitWarning(message, { type: 'PlexAuthWarning', code: 'PLEX_STORE' });
}

/** Node leaves the path out of what goes wrong with an open file, such as a full disk. */
function withPath(error: unknown, file: string): unknown {
  if (error instanceof Error && !error.message.includes(file)) error.message += ` '${file}'`;
  return error;
}

/** @returns Nothing where the content is no JSON object. */
async function readEntries(file: string): Promise<Entries | undefined> {
  const text = await readRegularFile(file);
  if (text === undefined) return new Map();
  const content = parseObject(text);
  return content && new Map(Object.entries(content));
}

/** Opens without waiting and looks first: a pipe or a device in place of the file would be read for ever. */
async function readRegularFile(file: string): Promise<string | undefined> {
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

/** Never quotes the parser: its message holds a piece of the content. */
function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Renames a file to the first name that is free, and closes it to others. @returns The name. */
async function setAside(file: string): Promise<string> {
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
 * Makes a folder and those above it, whoever else is at the same. Not by mkdir's own `recursive`, which in Node 20 tries
 * for ever where a file system lets nobody make a folder.
 */
async function makeFolder(folder: string): Promise<void> {
  if (await exists(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

/** Writes beside the file and renames, with the content on the disk before the name is. */
async function replaceFile(file: string, content: string): Promise<void> {
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

function toDraft(file: string): string {
  return `${file}.${randomUUID()}.tmp`;
}

/** Whoever holds the lock finds only what was left behind, or a draft of a writer that lost its turn. */
async function removeDrafts(file: string): Promise<void> {
  const folder = dirname(file);
  const stem = `${basename(file)}.`;
  for (const name of await readdir(folder)) {
    const isDraft = name.startsWith(stem) && /^[0-9a-f-]{36}\.tmp$/.test(name.slice(stem.length));
    if (isDraft) await rm(join(folder, name), { force: true });
  }
}

/** Lets the new name survive a power cut. Not every system opens a folder, and without it only the old content is back. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch {}
}

/** Does work on a file while no other process that uses this function does. */
async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const ours = `${process.pid} ${hostname()} ${randomUUID()}`;
  await acquire(lock, ours, file);
  try {
    return await work();
  } finally {
    if ((await readLock(lock)) === ours) await rm(lock, { force: true });
  }
}

async function acquire(lock: string, ours: string, file: string): Promise<void> {
  const beganMs = performance.now();
  let holder: string | undefined;
  let heldSinceMs = beganMs;
  while (!(await createLock(lock, ours))) {
    const seen = await readLock(lock);
    const nowMs = performance.now();
    if (seen !== holder) {
      holder = seen;
      heldSinceMs = nowMs;
    }
    if (holder !== undefined && (isOver(holder) || nowMs - heldSinceMs > lockPatienceMs)) {
      await breakLock(lock, holder, file);
    } else if (nowMs - beganMs > longestWaitMs) {
      throw systemError('EBUSY', `other processes hold '${lock}' all the time`);
    } else await sleep(2 + Math.random() * 18);
  }
}

/** @returns Whether it is ours now. */
async function createLock(lock: string, ours: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx', 0o600);
    try {
      await handle.writeFile(ours);
    } catch (error) {
      await rm(lock, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @returns Who holds it; nothing where it is gone. */
async function readLock(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether a lock was left by a process of this machine that has ended. A process in another container has another host name. */
function isOver(holder: string): boolean {
  const [, pid, host] = /^(\d+) (\S+) /.exec(holder) ?? [];
  if (!pid || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

/** Takes a lock away from its holder; of several who try, the rename lets one. A lock that is another's by now is put back. */
async function breakLock(lock: string, holder: string, file: string): Promise<void> {
  const taken = toDraft(file);
  try {
    await rename(lock, taken);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if ((await readLock(taken)) !== holder) await link(taken, lock).catch(() => {});
  await rm(taken, { force: true });
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === code;
}

function systemError(code: string, words: string): Error {
  return Object.assign(new Error(`${code}: ${words}`), { code, syscall: 'open' });
}

/**
 * Names the folder in which a program keeps its files for the user who runs it. Makes nothing.
 *
 * `$XDG_CONFIG_HOME` or `~/.config`; `~/Library/Application Support` on macOS; `%APPDATA%` on Windows.
 *
 * @param name The program's own folder there.
 * @param env Default: the environment of this process.
 * @param platform Default: the platform it runs on.
 * @see XDG Base Directory Specification 0.8: a path that is not absolute is to be ignored (read 2026-08)
 */
export function configFolder(
  name: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') {
    const home = env['USERPROFILE'] || homedir();
    return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), name);
  }
  const home = env['HOME'] || homedir();
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', name);
  const xdg = env['XDG_CONFIG_HOME'];
  return posix.join(xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.config'), name);
}
