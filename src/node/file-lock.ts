import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCode, systemError, toDraft } from './files.ts';

/** How long a lock that nobody touches is respected, in milliseconds: many times what a write takes, on a slow disk too. */
const lockPatienceMs = 5000;
/** The longest wait for other writers, in milliseconds. */
const longestWaitMs = 30_000;

/** Runs `work` while no other process that uses this function works on the file. */
export async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
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

/** @returns Who holds the lock; undefined once it is gone. */
async function readLock(lock: string): Promise<string | undefined> {
  try {
    return await readFile(lock, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Whether the lock's process ran on this machine and has ended. A process in another container has another host name. */
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
