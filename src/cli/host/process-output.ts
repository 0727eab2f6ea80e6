import { fstatSync, writeFileSync } from 'node:fs';
import type { Output } from './command-host.ts';

/** Standard output or standard error, whose errors somebody hears of. */
export interface ProcessOutput extends Output {
  /** Resolves once everything has been written, or has failed. */
  flushed(): Promise<void>;
}

/**
 * Makes an output that reports each write that fails, and never throws.
 *
 * Node takes a file for written although the disk had room for the first part only, so a file is written here.
 *
 * @param onError Called after the write, never during it.
 */
export function createProcessOutput(
  stream: NodeJS.WriteStream & { readonly fd: number },
  onError: (error: Error) => void,
): ProcessOutput {
  const { fd } = stream;
  const isFile = isRegularFile(fd);
  // A failed write reports here too, and an error that nobody listens to would end the process.
  stream.on('error', onError);

  return {
    write(text) {
      if (!isFile) return stream.write(text, (error) => error && onError(error));
      try {
        return writeFileSync(fd, text);
      } catch (error) {
        return process.nextTick(onError, error as Error);
      }
    },
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
    get rows() {
      return stream.rows;
    },
    on: (event, listener) => stream.on(event, listener),
    off: (event, listener) => stream.off(event, listener),
    flushed: () => new Promise((done) => stream.write('', () => done())),
  };
}

function isRegularFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}
