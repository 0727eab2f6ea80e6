import { createRequire } from 'node:module';
import { stripVTControlCharacters } from 'node:util';
import { renderUsage, runCommand } from 'citty';
import { checkArguments, nearest } from './check-arguments.ts';
import type { CommandHost } from './command-host.ts';
import {
  type Command,
  type CommandName,
  type Commands,
  createCommands,
  isCommandName,
} from './commands/create-commands.ts';
import { toErrorText } from './error-text.ts';
import { exitCode } from './exit-code.ts';
import { Interruption, listenForInterruption } from './interruption.ts';
import { createPalette, hasColor } from './palette.ts';
import { UsageError } from './usage-error.ts';

const { version } = createRequire(import.meta.url)('plex-auth-flow/package.json') as { version: string };

/**
 * Runs the program `plex-auth` in this process.
 *
 * What it started is over when it returns. It ends the process itself only for an exception that nobody caught.
 *
 * @param rawArgs The command line without the program.
 * @returns The exit code: 0 done, 2 usage, 3 expired or not signed in, 4 failed, 128 and more interrupted.
 */
export async function runProgram(rawArgs: string[]): Promise<number> {
  const { signal, stop } = listenForInterruption();
  const { stdout, stderr, env } = process;
  const host: CommandHost = {
    stdout,
    stderr,
    env,
    signal,
    palette: createPalette(hasColor(stdout, env)),
    warn: (message) => stderr.write(`plex-auth: ${message}\n`),
  };
  process.once('uncaughtException', (error) => process.exit(report(error, host)));
  try {
    return await dispatch(rawArgs, host);
  } catch (error) {
    return report(error, host);
  } finally {
    stop();
  }
}

/** Finds the command that is asked for, and runs it or shows its help. */
async function dispatch([first, ...rest]: string[], host: CommandHost): Promise<number> {
  const commands = createCommands(host, version);
  if (first === undefined) {
    host.stderr.write(await toUsage(commands.main, host));
    return exitCode.usage;
  }
  if (first.startsWith('-')) {
    const { help } = checkArguments([first, ...rest], commands.main.args);
    host.stdout.write(help ? await toUsage(commands.main, host) : `${version}\n`);
    return exitCode.done;
  }
  if (!isCommandName(first)) {
    const guess = nearest(first, Object.keys(commands.subCommands));
    throw new UsageError(`unknown command ${first}${guess ? ` (did you mean ${guess}?)` : ''}`);
  }
  return runNamed(first, rest, commands, host);
}

async function runNamed(
  name: CommandName,
  rawArgs: string[],
  { main, subCommands }: Commands,
  host: CommandHost,
): Promise<number> {
  const command = subCommands[name];
  const asked = checkArguments(rawArgs, command.args);
  if (asked.help) host.stdout.write(await toUsage(command, host, main));
  else if (asked.version) host.stdout.write(`${version}\n`);
  else return (await runCommand(command, { rawArgs })).result as number;
  return exitCode.done;
}

const epilogue = `
Exit codes: 0 done, 2 usage, 3 expired or not signed in, 4 failed, 130 interrupted.
Environment: PLEX_AUTH_CONFIG_DIR (the folder to keep the sign-in in), NO_COLOR, FORCE_COLOR.
`;

/** Citty colours by its own rules; ours are the same for everything that is written. */
async function toUsage(command: Command, { palette }: CommandHost, parent?: Command): Promise<string> {
  const usage = (await renderUsage(command, parent)).trimEnd();
  const text = palette.hasColor ? usage : stripVTControlCharacters(usage);
  return `${text}\n${parent ? '' : epilogue}`.replace(/ +$/gm, '');
}

/** Says in one line what went wrong, and gives the exit code for it. */
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
