import { causeOf, PlexAuthError, readText } from '../errors.ts';

/** Redis refuses with these for a while: it is full, starts, changes its role, or cannot write its file. */
const passingRefusals = [
  'OOM',
  'MISCONF',
  'READONLY',
  'LOADING',
  'BUSY',
  'MASTERDOWN',
  'NOREPLICAS',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'UNBLOCKED',
];

/**
 * Makes the error that leaves the library. Those of ioredis hold the command that failed, with all that was sent: a token,
 * or the password of Redis.
 *
 * @param isConnecting Whether the connection is made again if it is broken.
 */
export function toRedisError(error: unknown, isConnecting: boolean, atMs: number): PlexAuthError {
  const message = readText(error, 'message');
  const refusal = /^([A-Z]{2,20}) /.exec(message)?.[1];
  const retryable = refusal ? passingRefusals.includes(refusal) : isConnecting;
  // Redis repeats in it what it was sent if it does not know the command.
  const [shown] = message.split(', with args');
  const cause = { ...causeOf(error), ...(refusal && { code: refusal, message: shown }) };
  return new PlexAuthError('PLEX_STORE', refusal ? `Redis refused: ${refusal}` : 'Redis cannot be reached', {
    atMs,
    retryable,
    cause,
  });
}
