import type { CommandHost } from '../host/command-host.ts';

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';

/** What is drawn again and again, and what happens at a key. */
interface Drawing {
  draw(): void;
  clear(): void;
  onKey(name: string): void;
}

/**
 * Hides the cursor, listens to the keys, and draws each second, at each resize, and when the program continues after Ctrl-Z.
 *
 * @returns `close` stops drawing and restores the terminal; it may be called again.
 */
export function keepDrawing(
  { stdout, keyboard }: CommandHost,
  { draw, clear, onKey }: Drawing,
): { isOpen(): boolean; close(): void } {
  let stopKeys: (() => void) | undefined;
  const take = () => {
    stdout.write(hideCursor);
    stopKeys = keyboard?.listen(onKey);
  };
  const restore = () => {
    clear();
    stdout.write(showCursor);
    stopKeys?.();
  };
  const suspend = () => {
    restore();
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stopKeys?.();
    clear();
    take();
    draw();
  };
  let isOpen = true;

  take();
  const timer = setInterval(draw, 1000);
  stdout.on?.('resize', draw);
  process.on('SIGTSTP', suspend).on('SIGCONT', resume).once('exit', restore);

  return {
    isOpen: () => isOpen,
    close() {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      stdout.off?.('resize', draw);
      process.off('SIGTSTP', suspend).off('SIGCONT', resume).off('exit', restore);
      restore();
    },
  };
}
