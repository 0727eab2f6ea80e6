import { CommanderError } from 'commander';
import type { CommandHost } from '../host/command-host.ts';
import { createProgram } from './create-program.ts';
import { exitCode } from './exit-code.ts';
import { toUsageError } from './usage-error.ts';

/**
 * Runs the command that a command line names, or writes the help or version it asks for.
 *
 * @param args The command line without the program.
 * @returns The exit code.
 * @throws {UsageError} If the program does not accept the command line.
 */
export async function runCommandLine(args: string[], host: CommandHost, version: string): Promise<number> {
  let code: number = exitCode.done;
  const program = createProgram(host, version, (end) => {
    code = end;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Without a command the parser writes the help to standard error.
    if (error.code === 'commander.help') return exitCode.usage;
    if (error.exitCode !== 0) {
      const { options } = program.commands.find((command) => command.name() === args[0]) ?? program;
      throw toUsageError(
        error,
        options.map(({ long }) => long ?? ''),
      );
    }
  }
  return code;
}
