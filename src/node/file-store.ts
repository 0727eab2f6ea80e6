import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { KeyValueStore } from '../ports.ts';
import { whileLocked } from './file-lock.ts';
import { makeFolder, readRegularFile, removeDrafts, replaceFile, setAside } from './files.ts';

/** How {@link createFileStore} reports what it repairs automatically. */
export interface FileStoreOptions {
  /**
   * Called, with one sentence that quotes no content, when a file was unreadable and has been set aside. Default: a
   * process warning, `PLEX_STORE`.
   */
  onCorrupt?: (message: string) => void;
}

/** The last operation on each file, so that two stores on one file wait for each other. */
const lastWork = new Map<string, Promise<unknown>>();

/**
 * Keeps keys and values in one JSON file that only its owner can read.
 *
 * - A write replaces the whole file, so that a crash at any moment leaves the old content or the new. The next write
 *   removes what a killed process left beside it: `NAME.lock` and `NAME.*.tmp`.
 * - Writers take turns, also across processes, and none loses another's keys. A writer that stops for more than 5 s in
 *   the middle of a write (a suspended process) loses its turn, and its own write then fails.
 * - A file that is no JSON object is renamed to `NAME.corrupt-1` (or the next free number) and counts as empty. It may
 *   hold a token, so nothing deletes it.
 * - A symbolic link at `path` is followed by reads, and replaced by the first write. Its target is not changed.
 * - When the last key is removed, so is the file.
 *
 * On Windows a file has no mode: its folder decides who can read it, and under `%APPDATA%` that is its user. A program
 * that holds the file open, such as a virus scanner, can make a write fail with `EPERM` or `EBUSY`; the old content stays.
 *
 * @param path The file. It has mode 0600. A missing folder is created with mode 0700; an existing one is not changed.
 * @returns A store whose methods reject with Node's own errors, such as `EACCES`; each names the file.
 */
export function createFileStore(path: string, { onCorrupt = warn }: FileStoreOptions = {}): KeyValueStore {
  const file = resolve(path);

  async function read(): Promise<Entries> {
    const entries = await readEntries(file);
    if (entries) return entries;
    try {
      return await whileLocked(file, repair);
    } catch (error) {
      if (error instanceof Error) error.message = `${file} is no JSON object and stays: ${error.message}`;
      throw error;
    }
  }

  /** Reads again, since another process may have repaired the file meanwhile. Sets aside what is still no JSON object. */
  async function repair(): Promise<Entries> {
    const entries = await readEntries(file);
    if (entries) return entries;
    const aside = await setAside(file);
    onCorrupt(`${file} cannot be read; it is now ${aside}, and an empty one takes its place`);
    return new Map();
  }

  async function change(edit: (entries: Entries) => void): Promise<void> {
    await makeFolder(dirname(file));
    await whileLocked(file, async () => {
      const entries = await repair();
      edit(entries);
      await removeDrafts(file);
      if (entries.size > 0) await replaceFile(file, JSON.stringify(Object.fromEntries(entries), null, 2));
      else await rm(file, { force: true });
    });
  }

  return {
    getItem: (key: string) => inTurn(file, async () => (await read()).get(key) ?? null),
    setItem: (key: string, value: string) => inTurn(file, () => change((entries) => entries.set(key, value))),
    removeItem: (key: string) =>
      inTurn(file, async () => {
        if ((await read()).has(key)) await change((entries) => entries.delete(key));
      }),
  };
}

type Entries = Map<string, unknown>;

/** Runs `work` once every earlier operation on this file has ended. Its errors name the file. */
function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const done = (lastWork.get(file) ?? Promise.resolve()).then(work).catch((error: unknown) => {
    throw withPath(error, file);
  });
  const ended = done.then(
    () => {},
    () => {},
  );
  lastWork.set(file, ended);
  void ended.then(() => lastWork.get(file) === ended && lastWork.delete(file));
  return done;
}

function warn(message: string): void {
  process.emitWarning(message, { type: 'PlexAuthWarning', code: 'PLEX_STORE' });
}

/** Node leaves the path out of errors of an open file, such as a full disk. */
function withPath(error: unknown, file: string): unknown {
  if (error instanceof Error && !error.message.includes(file)) error.message += ` '${file}'`;
  return error;
}

/** @returns Undefined if the content is no JSON object. */
async function readEntries(file: string): Promise<Entries | undefined> {
  const text = await readRegularFile(file);
  if (text === undefined) return new Map();
  const content = parseObject(text);
  return content && new Map(Object.entries(content));
}

/** Never passes on the parser's message, which quotes the content. */
function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
