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

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;

/**
 * Turns the signals that end a program, and a closed output, into one abort.
 *
 * Each signal is caught only once, so that a second Ctrl-C ends the process at once.
 *
 * @returns The signal, aborted with an {@link Interruption}, and a function that stops listening.
 */
export function listenForInterruption(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) =>
    controller.abort(new Interruption(name as keyof typeof signalNumbers));
  const onPipe = () => controller.abort(new Interruption('SIGPIPE'));
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.once(name, onSignal);
  // These listeners stay: an error after the end must not become an uncaught exception.
  process.stdout.on('error', onPipe);
  process.stderr.on('error', onPipe);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
