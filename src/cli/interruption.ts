/** Why a command was told to stop: a signal, or a reader that went away. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** 128 and the number of the signal, as shells have it. */
  readonly exitCode: number;
  /** Whether nobody is left to tell. */
  readonly isQuiet: boolean;

  constructor(signal: keyof typeof signalNumbers) {
    super(`Interrupted by ${signal}`);
    this.exitCode = 128 + signalNumbers[signal];
    this.isQuiet = signal === 'SIGPIPE';
  }
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;

/**
 * Turns the signals that end a program, and a closed standard output, into one abort.
 *
 * A second Ctrl-C ends the process at once: each signal is caught once only.
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
  // Listeners for good: an error that comes after the end must not become an uncaught exception.
  process.stdout.on('error', onPipe);
  process.stderr.on('error', onPipe);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
