/** The reason a command is aborted for: a signal, or that nobody reads its output any more. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** 128 plus the number of the signal, as in shells. */
  readonly exitCode: number;
  /** Whether nobody is left to read a message. */
  readonly isQuiet: boolean;

  constructor(signal: keyof typeof signalNumbers) {
    super(`Interrupted by ${signal}`);
    this.exitCode = 128 + signalNumbers[signal];
    this.isQuiet = signal === 'SIGPIPE';
  }
}

/** The reason a command is aborted for if its output is lost: a full disk, a device that fails. */
export class OutputError extends Error {
  override readonly name = 'OutputError';

  constructor({ message }: Error) {
    super(`standard output could not be written: ${message}`);
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGPIPE: 13, SIGTERM: 15 } as const;

/** What ends a command early, as one abort. */
export interface InterruptionListener {
  /** Aborted with an {@link Interruption} or an {@link OutputError}, whichever comes first. */
  readonly signal: AbortSignal;
  /** Set once output is lost, also if that came after an interruption. */
  readonly outputError: OutputError | undefined;
  /** Takes an error of standard output. Only the first one counts. A reader that has gone is no loss. */
  onOutputError(error: NodeJS.ErrnoException): void;
  /** Stops listening to signals. */
  stop(): void;
}

/**
 * Turns the signals that end a program, and output that cannot be written, into one abort.
 *
 * Each signal is caught only once, so that a second Ctrl-C ends the process at once.
 */
export function listenForInterruption(): InterruptionListener {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) =>
    controller.abort(new Interruption(name as keyof typeof signalNumbers));
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  for (const name of names) process.once(name, onSignal);
  let isOutputOver = false;
  let outputError: OutputError | undefined;
  return {
    signal: controller.signal,
    get outputError() {
      return outputError;
    },
    onOutputError(error) {
      if (isOutputOver) return;
      isOutputOver = true;
      if (error.code !== 'EPIPE') outputError = new OutputError(error);
      controller.abort(outputError ?? new Interruption('SIGPIPE'));
    },
    stop() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
