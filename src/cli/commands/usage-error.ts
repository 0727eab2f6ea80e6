import type { CommanderError } from 'commander';

/** A command line that the program does not accept. The message names what is wrong, and never repeats a value. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command may be called. Tokens and codes are longer or hold other characters, and are not repeated. */
const commandWord = /^[a-z]{1,12}$/;

/**
 * Turns the parser's error into one line without any value: a value may be a token that was pasted by mistake.
 *
 * @param options The long options of the command, such as `--short`.
 */
export function toUsageError({ code, message }: CommanderError, options: readonly string[]): UsageError {
  // What was typed stands in quotes: a long option with its value, a short one with what is glued to it, or a word.
  const [, typed = ''] = /'(--[^'=]*|-.|[^-][^']*)/.exec(message) ?? [];
  const [, guess] = /\(Did you mean (.+)\?\)/.exec(message) ?? [];
  const hint = guess ? ` (did you mean ${guess}?)` : '';
  switch (code) {
    case 'commander.unknownCommand':
      if (guess) return new UsageError(`unknown command ${typed}${hint}`);
      return new UsageError(`unknown command${commandWord.test(typed) ? ` ${typed}` : ''}; see --help`);
    case 'commander.unknownOption':
      if (options.includes(typed)) return new UsageError(`${typed} takes no value`);
      return new UsageError(`unknown option ${typed}${hint}`);
    default:
      return new UsageError('this command takes only options; see --help');
  }
}
