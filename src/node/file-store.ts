import { rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { KeyValueStore } from '../ports.ts';
import { copyOptions } from '../require-option.ts';
import { lockPatienceMs, whileLocked } from './file-lock.ts';
import {
  createDraft,
  type FileVersion,
  findTarget,
  makeFolder,
  publishDraft,
  readVersion,
  removeDrafts,
  removeVersion,
  setVersionAside,
  TurnLostError,
} from './files.ts';

/** How {@link createFileStore} reports what it repairs automatically. */
export interface FileStoreOptions {
  /**
   * Called, with one sentence that quotes no content, when a file was unreadable and has been set aside. Default: a
   * process warning, `PLEX_STORE`, which also replaces an `onCorrupt` that throws.
   */
  onCorrupt?: (message: string) => void;
}

/** The last operation on each file, so that two stores on one file wait for each other. */
const lastWork = new Map<string, Promise<unknown>>();

/** How often a write is done again whose turn another writer took away in time. */
const mostAttempts = 10;

/**
 * Keeps keys and values in one JSON file that only its owner can read.
 *
 * - A write replaces the whole file, so that a crash at any moment leaves the old content or the new. The next write
 *   removes what a killed process left beside it: `NAME.lock` and `NAME.*.tmp`.
 * - Writers take turns, also across processes, containers and users, and none loses another's keys. A writer that stops
 *   for more than 5 s in the middle of a write (a suspended process) loses its turn, and its own write then fails.
 * - A file that is no JSON object is renamed to `NAME.corrupt-1` (or the next free number) and counts as empty. It may
 *   hold a token, so nothing deletes it. A byte order mark at its start does no harm.
 * - A symbolic link at `path` is followed by reads, and replaced by the first write. Its target is not changed, except that a
 *   key which is removed is removed from the target: a token must not stay on the disk.
 * - When the last key is removed, so is the file.
 * - `changeItem` reads and writes in one turn: what another process stores in just that moment stays.
 *
 * Why no key is lost. A write has five steps, in this order:
 *
 * 1. It creates an empty draft beside the file, under a name of its own.
 * 2. It removes every other draft.
 * 3. It reads the file, and changes one key of what it has read.
 * 4. It writes the result into its draft, if that is still there, and waits until it is on the disk.
 * 5. It renames the draft to the file. The system does this at once or, if the draft is gone, not at all.
 *
 * Take two writers. One created its draft first; so the other one removed that draft in its step 2, or found it renamed
 * already. If removed, the first writer cannot finish: its step 5 fails. If renamed, the other one reads the result of it in
 * its step 3. So no write is based on content that has been replaced since, however long a process stands still, and
 * between any two of the steps. This needs no clock, no process number and no lock.
 *
 * The lock `NAME.lock` only keeps writers from removing each other's drafts all the time. It names a process, the start of
 * the machine and the PID namespace. A lock is taken away once its process has ended, as far as that can be known from
 * here, and after 5 s in any case. A writer that loses its turn sooner, since a lock is no guarantee, begins again.
 *
 * Removing the file, and setting it aside, have no draft. For these the version of the file is compared immediately before.
 *
 * On Windows a file has no mode: its folder decides who can read it, and under `%APPDATA%` that is its user. A program
 * that holds the file open, such as a virus scanner, can make a write fail with `EPERM` or `EBUSY`; the old content stays.
 *
 * @param path The file. It has mode 0600. A missing folder is created with mode 0700; an existing one is not changed. The
 * umask of the process makes no difference.
 * @returns A store whose methods reject with Node's own errors, such as `EACCES`; each names the file.
 */
export function createFileStore(path: string, options: FileStoreOptions = {}): KeyValueStore {
  const { onCorrupt = warn } = copyOptions(options);
  const file = resolve(path);

  async function read(): Promise<Entries> {
    const entries = toEntries(await readVersion(file));
    if (entries) return entries;
    try {
      return await takeTurn(file, async () => (await repair(file)).entries);
    } catch (error) {
      if (error instanceof Error) error.message = `${file} is no JSON object and stays: ${error.message}`;
      throw error;
    }
  }

  /** Reads again, since another process may have repaired the file meanwhile. Sets aside what is still no JSON object. */
  async function repair(target: string): Promise<{ entries: Entries; version?: FileVersion | undefined }> {
    const version = await readVersion(target);
    const entries = toEntries(version);
    if (entries || !version) return { entries: entries ?? new Map(), version };
    const aside = await setVersionAside(target, version);
    const message = `${target} cannot be read; it is now ${aside}, and an empty one takes its place`;
    try {
      onCorrupt(message);
    } catch {
      warn(message);
    }
    return { entries: new Map() };
  }

  async function change(target: string, edit: (entries: Entries) => void): Promise<void> {
    await makeFolder(dirname(target));
    await takeTurn(target, async () => {
      const draft = await createDraft(target);
      try {
        await removeDrafts(target, draft);
        const { entries, version } = await repair(target);
        edit(entries);
        if (entries.size > 0) await publishDraft(draft, toText(entries), target);
        else if (version) removeVersion(target, version);
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  return {
    getItem: (key: string) => inTurn(file, async () => (await read()).get(key) ?? null),
    setItem: (key: string, value: string) =>
      inTurn(file, () => change(file, (entries) => entries.set(key, value))),
    removeItem: (key: string) =>
      inTurn(file, async () => {
        if ((await read()).has(key)) await change(await findTarget(file), (entries) => entries.delete(key));
      }),
    changeItem: (key: string, toNext: (stored: unknown) => string | null | undefined) =>
      inTurn(file, async () => {
        const wanted = toNext((await read()).get(key) ?? null);
        if (wanted === undefined) return;
        await change(wanted === null ? await findTarget(file) : file, (entries) => {
          const next = toNext(entries.get(key) ?? null);
          if (typeof next === 'string') entries.set(key, next);
          else if (next === null) entries.delete(key);
        });
      }),
  };
}

/** Runs `work` with the lock, and again if it lost its turn although it was in time. */
async function takeTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    let beganMs = 0;
    try {
      return await whileLocked(file, () => {
        beganMs = performance.now();
        return work();
      });
    } catch (error) {
      const isLate = performance.now() - beganMs > lockPatienceMs;
      if (!(error instanceof TurnLostError) || isLate || attempt === mostAttempts) throw error;
    }
  }
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

/** Node leaves the path out of errors of an open file, such as a full disk, and names another one where a folder is at fault. */
function withPath(error: unknown, file: string): unknown {
  if (error instanceof Error && !error.message.includes(file))
    error.message += 'path' in error ? `, for '${file}'` : ` '${file}'`;
  return error;
}

/** @returns Undefined if the content is no JSON object. A missing file counts as an empty one. */
function toEntries(version: FileVersion | undefined): Entries | undefined {
  if (!version) return new Map();
  // Editors on Windows begin a file with a byte order mark.
  const content = parseObject(version.text.replace(/^\uFEFF/, ''));
  return content && new Map(Object.entries(content));
}

function toText(entries: Entries): string {
  return JSON.stringify(Object.fromEntries(entries), null, 2);
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
