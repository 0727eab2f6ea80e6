import { createRequire } from 'node:module';
import { exitCode } from './commands/exit-code.ts';
import { runCommandLine } from './commands/run-command-line.ts';
import { UsageError } from './commands/usage-error.ts';
import type { CommandHost } from './host/command-host.ts';
import { toErrorText } from './host/error-text.ts';
import { hasHyperlinks } from './host/hyperlinks.ts';
import { createPalette, hasColor } from './host/palette.ts';
import { toPrintable } from './host/printable-text.ts';
import { Interruption, listenForInterruption } from './interruption.ts';

const { version } = createRequire(import.meta.url)('plex-auth-flow/package.json') as { version: string };

/**
 * Runs the program `plex-auth` in this process.
 *
 * All that it started has ended when it returns. It ends the process itself only for an uncaught exception.
 *
 * @param args The command line without the program.
 * @returns The exit code: 0 done, 2 usage, 3 expired or not signed in, 4 failed, 128 and more interrupted.
 */
export async function runProgram(args: string[]): Promise<number> {
  const { signal, stop } = listenForInterruption();
  const { stdout, stderr, env } = process;
  const host: CommandHost = {
    stdout,
    stderr,
    env,
    signal,
    palette: createPalette(hasColor(stdout, env)),
    hasHyperlinks: hasHyperlinks(stdout),
    warn: (message) => stderr.write(`plex-auth: ${toPrintable(message)}\n`),
  };
  process.once('uncaughtException', (error) => process.exit(report(error, host)));
  try {
    return await runCommandLine(args, host, version);
  } catch (error) {
    return report(error, host);
  } finally {
    stop();
  }
}

/** Writes one line about an error, and returns the exit code for it. */
function report(error: unknown, { warn, stderr, env, signal }: CommandHost): number {
  const interruption = signal.reason instanceof Interruption ? signal.reason : undefined;
  if (interruption) {
    if (!interruption.isQuiet) stderr.write('Cancelled.\n');
    return interruption.exitCode;
  }
  warn(toErrorText(error));
  if (error instanceof UsageError) return exitCode.usage;
  if (env['DEBUG']?.split(/[\s,]+/).includes('plex-auth-flow')) stderr.write(`${(error as Error).stack}\n`);
  return exitCode.failed;
}
