import { randomUUID } from 'node:crypto';
import { link, lstat, open, readFile, readlink, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCode, makeUsable, readRegularFile, systemError, toDraft } from './files.ts';

/** How long a lock that nobody touches is respected, in milliseconds: many times what a write takes, on a slow disk too. */
export const lockPatienceMs = 5000;
/** How a link is described that is where the lock should be. */
const linkMark = 'link ';
/** The longest wait for other writers, in milliseconds. */
const longestWaitMs = 30_000;

/**
 * Runs `work` while no other process that uses this function works on the file, as far as a file can promise that.
 *
 * The lock only makes writers take turns, so that they do not disturb each other. It may fail: a writer that was stopped
 * for long continues although its turn was given away. So `work` must be safe by itself.
 */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const place = await findProcessPlace();
  const ours = `${process.pid} ${place ?? '-'} ${randomUUID()}`;
  await acquire(lock, ours, place, file);
  try {
    return await work();
  } finally {
    if ((await readLock(lock)) === ours) await rm(lock, { force: true });
  }
}

async function acquire(lock: string, ours: string, place: string | undefined, file: string): Promise<void> {
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
    if (holder !== undefined && (isOver(holder, place) || nowMs - heldSinceMs > lockPatienceMs)) {
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
      await makeUsable(handle);
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

/** @returns Who holds the lock; undefined once it is gone. */
async function readLock(lock: string): Promise<string | undefined> {
  try {
    return (await readRegularFile(lock)) ?? (await identify(lock));
  } catch (error) {
    // Another user's lock cannot be read, but it can be recognised. So can a link that leads nowhere.
    if (isCode(error, 'EACCES') || isCode(error, 'ELOOP')) return await identify(lock);
    throw error;
  }
}

async function identify(lock: string): Promise<string | undefined> {
  try {
    const status = await lstat(lock);
    return `${status.isSymbolicLink() ? linkMark : 'file '}${status.ino} of ${status.mtimeMs}`;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Finds where process numbers mean the same as here: this start of this machine, and this PID namespace.
 *
 * Two containers may have one host name and one folder, and each sees only its own processes.
 *
 * @returns Undefined where the system does not say. Then no lock counts as left behind before the time limit.
 */
async function findProcessPlace(): Promise<string | undefined> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${boot.trim()}/${await readlink('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/**
 * Whether the lock's process ran in the same place and has ended. A process of another user counts as running. A link that
 * cannot be read is no lock: no program of this package has created it.
 */
function isOver(holder: string, place: string | undefined): boolean {
  if (holder.startsWith(linkMark)) return true;
  const [, pid, itsPlace] = /^(\d+) (\S+) /.exec(holder) ?? [];
  if (!pid || itsPlace !== place) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return isCode(error, 'ESRCH');
  }
}

/** Takes a lock away from its holder. If several try, only one rename succeeds. If the lock is another's by now, it is put back. */
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
