import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, posix, resolve, win32 } from 'node:path';
import type { KeyValueStore } from '../ports.ts';

/** How {@link createFileStore} reports what it mends by itself. */
export interface FileStoreOptions {
  /** Hears, in one sentence without any content, that a file was unreadable and set aside. */
  onCorrupt?: (message: string) => void;
}

/** The last piece of work on each file: two stores on one file wait for each other. */
const lastWork = new Map<string, Promise<unknown>>();

/**
 * Keeps keys and values in one JSON file that only its owner can read.
 *
 * A write replaces the file as a whole, so that a crash leaves the old content or the new. Calls run one after another,
 * also those of several stores on the same file in one process; between processes the last writer wins. A file that is no
 * JSON object is renamed to `NAME.corrupt` and counts as empty. The file goes when its last key does.
 *
 * @param path Where. The file has mode 0600; its folder is made with mode 0700 where it is missing.
 * @returns A store whose methods reject with Node's own errors, such as `EACCES`.
 */
export function createFileStore(path: string, { onCorrupt }: FileStoreOptions = {}): KeyValueStore {
  const file = resolve(path);

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = (lastWork.get(file) ?? Promise.resolve()).then(work);
    const settled = done.then(
      () => {},
      () => {},
    );
    lastWork.set(file, settled);
    void settled.then(() => lastWork.get(file) === settled && lastWork.delete(file));
    return done;
  }

  async function change(edit: (entries: Map<string, unknown>) => void): Promise<void> {
    const entries = await readEntries(file, onCorrupt);
    edit(entries);
    if (entries.size > 0) await replaceFile(file, JSON.stringify(Object.fromEntries(entries), null, 2));
    else await rm(file, { force: true });
  }

  return {
    getItem: (key: string) => inTurn(async () => (await readEntries(file, onCorrupt)).get(key) ?? null),
    setItem: (key: string, value: string) => inTurn(() => change((entries) => entries.set(key, value))),
    removeItem: (key: string) => inTurn(() => change((entries) => entries.delete(key))),
  };
}

async function readEntries(
  file: string,
  onCorrupt?: (message: string) => void,
): Promise<Map<string, unknown>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const content = parseObject(text);
  if (content) return new Map(Object.entries(content));
  await rename(file, `${file}.corrupt`);
  onCorrupt?.(`${file} cannot be read; it is now ${file}.corrupt, and an empty one takes its place`);
  return new Map();
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Writes beside the file and renames, with the content on the disk before the name is. */
async function replaceFile(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.tmp`;
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
