/** The program's exit codes. An interruption adds 128 to the signal's number. */
export const exitCode = {
  done: 0,
  /** Standard output could not be written, whatever else was done. */
  outputLost: 1,
  usage: 2,
  /** Nobody approved in time, or there is no valid token. */
  expired: 3,
  failed: 4,
} as const;
