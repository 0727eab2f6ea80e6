import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/serve-plex-emulator.ts';
import { buildOnce, cleanEnv, type Run, runPlexAuth } from './run-plex-auth.ts';

/** How a run of the program ended, and what it printed. */
interface FinishedRun {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program with pipes in place of a terminal, an empty config folder and an emulated Plex. */
export interface ProgramWorld {
  readonly folder: string;
  readonly served: ServedPlexEmulator;
  /** The arguments that send a command to the emulated Plex. */
  atEmulator(): string[];
  /** @param redirection Where the output goes instead of pipes, in the words of a shell. */
  run(args: readonly string[], env?: Record<string, string>, redirection?: string): Run;
  /** Runs the program to its end. */
  finish(args: readonly string[], env?: Record<string, string>, redirection?: string): Promise<FinishedRun>;
  /** Signs in; the user approves as soon as there is a code. */
  signIn(more?: readonly string[]): Promise<FinishedRun & { token: string }>;
  /** Reads a file of the config folder. */
  readKept(name: string): Record<string, string>;
  /** Resolves once the code is on the disk, where another run can find it. */
  waitForKeptPin(): Promise<void>;
}

/** Gives each test of the file a world of its own. */
export function useProgramWorld(): ProgramWorld {
  let folder: string;
  let served: ServedPlexEmulator;
  let runs: Run[];

  beforeAll(buildOnce, 120_000);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plex-auth-cli-'));
    served = await servePlexEmulator();
    runs = [];
  });

  afterEach(async () => {
    for (const { child } of runs) child.kill('SIGKILL');
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const atEmulator = () => ['--server-url', served.url];

  function run(args: readonly string[], env: Record<string, string> = {}, redirection?: string): Run {
    const started = runPlexAuth(args, cleanEnv(folder, env), redirection);
    runs.push(started);
    return started;
  }

  const readKept = (name: string) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>;

  return {
    get folder() {
      return folder;
    },
    get served() {
      return served;
    },
    atEmulator,
    run,
    readKept,
    async finish(args, env, redirection) {
      const started = run(args, env, redirection);
      const code = await started.ended;
      return { code, stdout: started.stdout, stderr: started.stderr };
    },
    async signIn(more = []) {
      const login = run(['login', ...atEmulator(), ...more]);
      await login.sees(/Waiting for you|"awaitingLink"/);
      const token = served.emulator.link(served.emulator.pins.at(-1)?.code ?? '');
      return { code: await login.ended, token, stdout: login.stdout, stderr: login.stderr };
    },
    waitForKeptPin: () =>
      expect.poll(() => readKept('state.json')['plex-auth-flow.pin'], { timeout: 20_000 }).toBeTruthy(),
  };
}
