import type { Mutant } from './mutant.ts';

const store = 'src/node/file-store.ts';
const files = 'src/node/files.ts';
const lock = 'src/node/file-lock.ts';
const folder = 'src/node/config-folder.ts';

const turns = 'test/node/file-store-turns.process.test.ts';
const contract = 'test/node/key-value-store.test.ts';

export const storeMutants: readonly Mutant[] = [
  {
    flaw: 'a power cut leaves an empty file of credentials',
    file: files,
    find: '      await handle.sync();\n    } finally',
    replace: '    } finally',
    namedIn: turns,
  },
  {
    flaw: 'a power cut brings the credentials before the last write back',
    file: files,
    find: '  await syncFolder(dirname(file));\n',
    replace: '',
    namedIn: turns,
  },
  {
    flaw: "the lock of another user's running program is broken",
    file: lock,
    find: "return isCode(error, 'ESRCH');",
    replace: 'return true;',
    namedIn: turns,
  },
  {
    flaw: 'the lock of a running program in another container is broken',
    file: lock,
    find: 'if (!pid || itsPlace !== place) return false;',
    replace: 'if (!pid) return false;',
    namedIn: turns,
  },
  {
    flaw: 'a lock that was taken by mistake is not put back',
    file: lock,
    find: 'await link(taken, lock).catch(() => {});',
    replace: '{}',
    namedIn: turns,
  },
  {
    flaw: 'a program removes the lock of the one that took its turn over',
    file: lock,
    find: 'if ((await readLock(lock)) === ours) await rm',
    replace: 'await rm',
    namedIn: turns,
  },
  {
    flaw: 'a program that was stopped for long overwrites a newer token',
    file: store,
    find: `        await removeDrafts(target, draft);
        const { entries, version } = await repair(target);`,
    replace: `        const { entries, version } = await repair(target);
        await removeDrafts(target, draft);`,
    namedIn: turns,
  },
  {
    flaw: 'a program that was stopped for long removes a newer token with its own',
    file: files,
    find: '  requireVersion(file, id);\n  unlinkSync',
    replace: '  unlinkSync',
    namedIn: turns,
  },
  {
    flaw: 'a program that was stopped for long sets a good file aside',
    file: files,
    find: '  requireVersion(file, id);\n  renameSync',
    replace: '  renameSync',
    namedIn: turns,
  },
  {
    flaw: 'an odd umask makes the credentials unreadable for good',
    file: files,
    find: 'await handle.chmod(0o600).catch(() => {});',
    replace: '',
    namedIn: turns,
  },
  {
    flaw: 'an odd umask makes the folder unusable for good',
    file: files,
    find: 'await chmod(folder, 0o700).catch(() => {});',
    replace: '',
    namedIn: turns,
  },
  {
    flaw: 'a byte order mark makes the credentials corrupt',
    file: store,
    find: ".replace(/^\\uFEFF/, '')",
    replace: '',
    namedIn: contract,
  },
  {
    flaw: 'a relative HOME puts the token into the current folder',
    file: folder,
    find: 'return path && isAbsolute(path) ? path : undefined;',
    replace: 'return path || undefined;',
    namedIn: 'test/node/config-folder.test.ts',
  },
];
