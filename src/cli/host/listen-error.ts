/**
 * Makes of an error of `listen()` one that a user can act on: it names the port, the system's code and what to do.
 *
 * @param port 0 means any free one.
 */
export function toListenError(error: unknown, port: number): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (!code) return error as Error;
  if (port === 0)
    return new Error(`no port of 127.0.0.1 can be used (${code}): check the loopback interface`);
  const problem = { EADDRINUSE: 'is taken', EACCES: 'needs more rights' }[code] ?? 'cannot be used';
  return new Error(
    `port ${port} ${problem} (${code}); choose another one with --port, or 0 for any free one`,
  );
}
