import { toAbortError } from '../abort.ts';

/** Makes the error of a start whose flow was cancelled before it had a code. */
export function toCancelledError(): Error {
  return toAbortError('The flow was cancelled');
}

/** Makes the error of a call that a fleet's end has cut short. */
export function toDisposedError(): Error {
  return toAbortError('The fleet was disposed of');
}
