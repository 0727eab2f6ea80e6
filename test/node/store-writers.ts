import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';

/** A process that works on a file store. */
interface StoreWriter {
  readonly child: ChildProcess;
  /** Resolves with all it said, once it has ended. */
  readonly ended: Promise<string>;
  /** Resolves once it has said something. */
  readonly speaks: Promise<unknown>;
  /** Resolves once the process stands still or has ended. */
  stops(): Promise<void>;
}

interface StoreWriters {
  /** A file in a folder that does not exist yet. */
  newPath(): string;
  /**
   * Starts a process on the store at `path`.
   *
   * @param script Has `load`, which gives the store, `fsp`, which it may change before, `say`, and `atCall(n, signal)`,
   * which sends itself a signal at the n-th call of the file system from then on, methods of open files included.
   * @param options.limit What a shell runs first, such as `umask 0777`.
   * @param options.wrapper A program that runs the process, with its own arguments.
   */
  write(
    path: string,
    script: string,
    options?: { uid?: number; limit?: string; wrapper?: readonly string[] },
  ): StoreWriter;
}

const source = `
  import fsp from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  const [path, script] = process.argv.slice(2);
  const say = (text) => process.stdout.write(text + '\\n');
  const Script = Object.getPrototypeOf(async () => {}).constructor;
  const load = async () => (syncBuiltinESMExports(), (await import('./store.mjs')).createFileStore(path));
  const atCall = async (n, signal) => {
    let left = n;
    const wrap = (target, name) => {
      const original = target[name];
      target[name] = function (...args) {
        if (left-- === 0) process.kill(process.pid, signal);
        return original.apply(this, args);
      };
    };
    const handle = await fsp.open(process.argv[1]);
    const methods = Object.getPrototypeOf(handle);
    await handle.close();
    for (const name of ['stat', 'readFile', 'writeFile', 'sync', 'close', 'chmod']) wrap(methods, name);
    for (const name of Object.keys(fsp)) if (typeof fsp[name] === 'function') wrap(fsp, name);
  };
  new Script('load', 'fsp', 'say', 'atCall', script)(load, fsp, say, atCall).catch((error) => {
    say('failed ' + error.message);
    process.exitCode = 1;
  });
`;

/** Gives the tests of a file processes that work on a file store. */
export function useStoreWriters(): StoreWriters {
  /** Open to all, so that a child without privileges finds the program in it. */
  const root = mkdtempSync(join(tmpdir(), 'plex-auth-flow-processes-'));
  chmodSync(root, 0o755);
  const program = join(root, 'writer.mjs');
  const children = new Set<ChildProcess>();
  let folders = 0;

  beforeAll(async () => {
    await build({
      entryPoints: ['src/node/file-store.ts'],
      outfile: join(root, 'store.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
    writeFileSync(program, source);
  });
  // Not after each test: some run at once.
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  return {
    newPath: () => join(root, `${++folders}`, 'kept', 'state.json'),
    write(path, script, { uid, limit, wrapper = [] } = {}) {
      const shell = limit ? ['/bin/bash', '-c', `${limit}; exec "$0" "$@"`] : [];
      const [command = '', ...args] = [...wrapper, ...shell, process.execPath, program, path, script];
      const child = spawn(command, args, {
        stdio: ['ignore', 'pipe', 'inherit'],
        ...(uid === undefined ? {} : { uid, gid: uid }),
      });
      children.add(child);
      let said = '';
      child.stdout?.setEncoding('utf8').on('data', (part: string) => {
        said += part;
      });
      const ended = once(child, 'close').then(() => said);
      return {
        child,
        ended,
        speaks: once(child.stdout ?? child, 'data'),
        async stops() {
          while (child.exitCode === null && !/\) T /.test(readFileSync(`/proc/${child.pid}/stat`, 'utf8')))
            await sleep(10);
        },
      };
    },
  };
}

/** Reads a file as another program does. */
export function contentOf(path: string): Record<string, string> {
  return JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
}

/** Names what lies beside the file. */
export function besides(path: string): string[] {
  return readdirSync(dirname(path)).filter((name) => name !== 'state.json');
}
