import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Answer, Request } from './messages.ts';

/** A subject in a process of its own. */
export interface SubjectProcess {
  send: (request: Request) => void;
  /** Calls the listener for each answer. */
  listen: (listener: (answer: Answer) => void) => void;
  /** Resolves with the next answer of the type. Rejects if the process ends before. */
  next: <Type extends Answer['type']>(type: Type) => Promise<Extract<Answer, { type: Type }>>;
  close: () => Promise<void>;
}

export interface SubjectProcessOptions {
  /** The built file that runs a subject, and the built subject. */
  mainFile: string;
  subjectFile: string;
  origin: string;
  intervalMs: number;
}

export async function startSubjectProcess(options: SubjectProcessOptions): Promise<SubjectProcess> {
  const { mainFile, subjectFile, origin, intervalMs } = options;
  const child = fork(mainFile, [subjectFile, origin, String(intervalMs)], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (part) => {
    errors = (errors + part).slice(-2000);
  });

  const subject: SubjectProcess = {
    send: (request) => void child.send(request),
    listen: (listener) => void child.on('message', listener),
    next: (type) => waitForAnswer(child, type, () => errors),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
  await subject.next('ready');
  return subject;
}

function waitForAnswer<Type extends Answer['type']>(child: ChildProcess, type: Type, errors: () => string) {
  return new Promise<Extract<Answer, { type: Type }>>((resolve, reject) => {
    const onExit = () => reject(new Error(`The subject's process has ended: ${errors()}`));
    const onMessage = (answer: Answer) => {
      if (answer.type !== type) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(answer as Extract<Answer, { type: Type }>);
    };
    child.on('message', onMessage).on('exit', onExit);
  });
}
