import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The built program. */
export const program: string = resolve('dist/cli.js');

/** Builds where nobody has; `npm test` does so before. */
export function buildOnce(): void {
  if (!existsSync(program)) execFileSync('npm', ['run', '--silent', 'build']);
}

/** An environment in which the program depends on nothing around the test. */
export function cleanEnv(folder: string, more: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return { PATH, HOME, PLEX_AUTH_CONFIG_DIR: folder, ...more };
}

/** A run of the program that a test watches. */
export interface Run {
  readonly child: ChildProcess;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the exit code, or with the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves with the first match once standard output or standard error holds it. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
}

/**
 * Runs the program with pipes in place of a terminal.
 *
 * @param redirection Where its output goes instead, in the words of a shell, such as `>/dev/full`.
 */
export function runPlexAuth(args: readonly string[], env: Record<string, string>, redirection = ''): Run {
  const line = ['-c', `exec "$@" ${redirection}`, 'sh', process.execPath, program, ...args];
  const child = spawn('sh', line, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      text[name] += part;
      for (const watch of watchers) watch();
    });
  }
  const ended = new Promise<number | string>((done) => {
    child.on('close', (code, signal) => done(code ?? signal ?? 'unknown'));
  });
  return {
    child,
    ended,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    sees: (pattern) =>
      new Promise((found, reject) => {
        const watch = () => {
          const match = pattern.exec(text.stdout) ?? pattern.exec(text.stderr);
          if (match) found(match);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`ended before ${pattern}: ${text.stdout}${text.stderr}`)));
      }),
  };
}
