import { createRequire } from 'node:module';
import { exitCode } from './commands/exit-code.ts';
import { runCommandLine } from './commands/run-command-line.ts';
import { UsageError } from './commands/usage-error.ts';
import { findBrowser } from './host/browser.ts';
import type { CommandHost } from './host/command-host.ts';
import { toErrorText } from './host/error-text.ts';
import { hasHyperlinks } from './host/hyperlinks.ts';
import { findKeyboard } from './host/keyboard.ts';
import { createPalette, hasColor } from './host/palette.ts';
import { toPrintable } from './host/printable-text.ts';
import { createProcessOutput } from './host/process-output.ts';
import { hasUnicode } from './host/unicode.ts';
import { Interruption, listenForInterruption, OutputError } from './interruption.ts';
import { wrapWords } from './screens/fit-to-width.ts';

const { version } = createRequire(import.meta.url)('plex-auth-flow/package.json') as { version: string };

/**
 * Runs the program `plex-auth-flow` in this process.
 *
 * All that it started has ended when it returns. It ends the process itself only for an uncaught exception.
 *
 * @param args The command line without the program.
 * @returns The exit code: 0 done, 1 output lost, 2 usage, 3 expired or not signed in, 4 failed, 128 and more interrupted.
 */
export async function runProgram(args: string[]): Promise<number> {
  const interruption = listenForInterruption();
  const { env } = process;
  const stdout = createProcessOutput(process.stdout, interruption.onOutputError);
  // Nobody can be told that standard error fails, and that is no reason to stop.
  const stderr = createProcessOutput(process.stderr, () => {});
  const host: CommandHost = {
    stdout,
    stderr,
    env,
    signal: interruption.signal,
    palette: createPalette(hasColor(stdout, env)),
    hasHyperlinks: hasHyperlinks(process.stdout),
    hasUnicode: hasUnicode(env),
    keyboard: findKeyboard(),
    browser: findBrowser(env),
    warn(message) {
      const line = `plex-auth-flow: ${toPrintable(message)}`;
      stderr.write(`${stderr.columns ? wrapWords(line, stderr.columns).join('\n') : line}\n`);
    },
  };
  process.once('uncaughtException', (error) => process.exit(report(error, host)));
  try {
    const code = await runCommandLine(args, host, version);
    await stdout.flushed();
    const { outputError } = interruption;
    return outputError ? code || report(outputError, host) : code;
  } catch (error) {
    return report(error, host);
  } finally {
    interruption.stop();
  }
}

/** Writes one line about an error, and returns the exit code for it. */
function report(error: unknown, { warn, stderr, env, signal }: CommandHost): number {
  const reason = error instanceof OutputError ? error : signal.reason;
  if (reason instanceof OutputError) {
    warn(reason.message);
    return exitCode.outputLost;
  }
  if (reason instanceof Interruption) {
    if (!reason.isQuiet) stderr.write('Cancelled.\n');
    return reason.exitCode;
  }
  warn(toErrorText(error));
  if (error instanceof UsageError) return exitCode.usage;
  if (env['DEBUG']?.split(/[\s,]+/).includes('plex-auth-flow')) stderr.write(`${(error as Error).stack}\n`);
  return exitCode.failed;
}
