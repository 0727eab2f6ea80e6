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
  const isCommand = (name = '') => program.commands.some((command) => command.name() === name);
  try {
    await program.parseAsync(isCommand(args[1]) ? args : withoutHelp(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Without a command the parser writes the help to standard error, and asked for it to standard output.
    if (error.code === 'commander.help') return error.exitCode === 0 ? exitCode.done : exitCode.usage;
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

/** `help` with a name that is no command's says what is wrong with the name, as that name alone does. */
function withoutHelp(args: string[]): string[] {
  return args[0] === 'help' && args.length > 1 ? args.slice(1) : args;
}
