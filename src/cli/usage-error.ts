/** The command line asks for what the program does not take. The message names it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
