import { emitKeypressEvents, type Key } from 'node:readline';
import { isatty } from 'node:tty';

/** The keys of a terminal, one by one and without an echo. */
export interface Keyboard {
  /**
   * Calls `onKey` with the name of each key, such as `c` or `return`.
   *
   * Ctrl-C, Ctrl-Z and Ctrl-\ keep their meaning.
   *
   * @returns Stops listening and restores the terminal's mode. May be called again.
   */
  listen(onKey: (name: string) => void): () => void;
}

/** In raw mode the terminal sends no signal, so the program does. */
const signals: Readonly<Record<string, NodeJS.Signals>> = { c: 'SIGINT', z: 'SIGTSTP' };

/** Finds the keyboard of this process. @returns Undefined if standard input is no terminal. */
export function findKeyboard(): Keyboard | undefined {
  if (!isatty(0)) return undefined;
  return {
    listen(onKey) {
      const { stdin } = process;
      const onKeypress = (_text: string | undefined, { name = '', ctrl, meta, sequence }: Key) => {
        const signal = sequence === '\u001C' ? 'SIGQUIT' : ctrl && signals[name];
        if (signal) raise(signal);
        else if (!ctrl && !meta) onKey(name);
      };
      let isListening = true;
      emitKeypressEvents(stdin);
      // A terminal that has been closed: SIGHUP ends the program.
      stdin.on('error', ignore);
      stdin.setRawMode(true).on('keypress', onKeypress).resume();
      return () => {
        if (!isListening) return;
        isListening = false;
        stdin.off('keypress', onKeypress).pause().setRawMode(false);
      };
    },
  };
}

function ignore(): void {}

/** Sends a signal to the whole foreground group, as a terminal does: `npx` waits for it too. */
function raise(signal: NodeJS.Signals): void {
  if (process.platform !== 'win32') process.kill(0, signal);
  else if (!process.emit(signal, signal)) process.kill(process.pid, signal);
}
