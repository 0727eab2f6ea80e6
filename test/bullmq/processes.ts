import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SharedFleetLoad, SharedPlexFleetOptions } from '../../src/bullmq/index.ts';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';

/** What plex.tv saw of one PIN. */
export interface WatchedPin {
  readonly code: string;
  readonly polls?: number;
  /** The most reads of it that were in flight at once. */
  readonly mostAtOnce?: number;
  readonly lastPollAtMs?: number;
  /** Which machines asked for it, in turns. */
  readonly machines?: readonly string[];
}

/** An emulated plex.tv in another process. */
export interface PlexProcess {
  readonly url: string;
  link(codes: readonly string[]): Promise<void>;
  /** The answer with the token of this PIN takes so long. */
  slowToken(code: string, ms: number): Promise<void>;
  /** Resolves with the machine that read a slow token, in the moment it was read. */
  tokenRead(): Promise<string>;
  pins(): Promise<readonly WatchedPin[]>;
  kill(): void;
}

/** One machine of a fleet in another process. */
export interface MachineProcess {
  readonly name: string;
  load(): Promise<SharedFleetLoad>;
  check(id: string): Promise<boolean>;
  dispose(): Promise<void>;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts an emulated plex.tv. */
export async function startPlex(
  options: PlexEmulatorOptions & { latencyMs?: number } = {},
): Promise<PlexProcess> {
  const child = fork('test/bullmq/plex-process.mjs', [JSON.stringify(options)]);
  const { url = '' } = await messageOf(child, 'url');
  const call = createCaller(child);
  return {
    url,
    link: async (codes) => void (await call({ type: 'link', codes })),
    slowToken: async (code, ms) => void (await call({ type: 'slowToken', code, ms })),
    tokenRead: async () => (await messageOf(child, 'tokenReadBy')).machine ?? '',
    pins: () => call({ type: 'pins' }) as Promise<WatchedPin[]>,
    kill: () => child.kill('SIGKILL'),
  };
}

/** Starts a machine. It asks plex.tv under its own name. */
export async function startMachine(
  name: string,
  options: SharedPlexFleetOptions & { clockOffsetMs?: number },
): Promise<MachineProcess> {
  const own = { ...options, device: { deviceName: name } };
  const child = fork('test/bullmq/machine-process.mjs', [JSON.stringify(own)]);
  await messageOf(child, 'ready');
  const call = createCaller(child);
  return {
    name,
    load: () => call({ type: 'load' }) as Promise<SharedFleetLoad>,
    check: (id) => call({ type: 'check', id }) as Promise<boolean>,
    dispose: async () => void (await call({ type: 'dispose' })),
    signal: (signal) => void child.kill(signal),
  };
}

interface Message {
  readonly type: string;
  readonly call?: number;
  readonly answer?: unknown;
  readonly url?: string;
  readonly machine?: string;
}

function messageOf(child: ChildProcess, type: string): Promise<Message> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown) => {
      if ((message as Message).type !== type) return;
      child.off('message', listen);
      resolve(message as Message);
    };
    child.on('message', listen);
    void once(child, 'exit').then(() => reject(new Error(`The process ended before it said ${type}`)));
  });
}

function createCaller(child: ChildProcess): (request: object) => Promise<unknown> {
  let calls = 0;
  const waiting = new Map<number, (answer: unknown) => void>();
  child.on('message', (message: unknown) => {
    const { type, call = 0, answer } = message as Message;
    if (type !== 'answer') return;
    waiting.get(call)?.(answer);
    waiting.delete(call);
  });
  return (request) =>
    new Promise((resolve) => {
      const call = ++calls;
      waiting.set(call, resolve);
      child.send({ ...request, call });
    });
}
