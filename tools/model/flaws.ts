/** Flaws to plant in the chart, which a search must find. */
import { chartMutants } from '../mutate/chart-mutants.ts';

/** A flaw, as a change to the text of the chart. */
export interface Flaw {
  readonly flaw: string;
  /** Text of the chart that occurs once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
}

const furtherFlaws: readonly Flaw[] = [
  {
    flaw: 'a token from elsewhere is ignored while a read is out',
    find: "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n        RESTORE: { target: 'authenticated', actions: ['takeCredentials', 'forgetPin'] },\n      },\n      invoke: {",
    replace:
      "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n      },\n      invoke: {",
  },
  {
    flaw: 'a failed sign-in cannot be started again',
    find: "    failed: {\n      description: 'Over: an error that a retry does not fix.',\n      on: {\n        START: { target: 'requestingPin', actions: 'begin' },",
    replace: "    failed: {\n      description: 'Over: an error that a retry does not fix.',\n      on: {",
  },
  {
    flaw: 'an expired PIN stays in the store',
    find: "actions: ['notePending', 'noteExpiry', 'forgetPin'],",
    replace: "actions: ['notePending', 'noteExpiry'],",
  },
  {
    flaw: 'a refused token stays in the store',
    find: "actions: ['forgetCredentials', 'noteRejection']",
    replace: "actions: ['noteRejection']",
  },
  {
    flaw: 'the last error is shown after an answer',
    find: 'failures: 0, lastError: undefined, isResumed: false',
    replace: 'failures: 0, isResumed: false',
  },
  {
    flaw: 'no read goes out just before the deadline',
    find: 'endMs >= 2 * LAST_READ_MS ? endMs - LAST_READ_MS : endMs',
    replace: 'endMs',
  },
  {
    flaw: 'the back-off after a 429 skips the last read',
    find: 'pin && lastReadMs <= 0 ? Infinity : Math.max(0, lastReadMs, retryAfterMs)',
    replace: 'retryAfterMs > 0 || (pin && lastReadMs <= 0) ? Infinity : Math.max(0, lastReadMs)',
  },
  {
    flaw: 'a clock that is set back makes a PIN live on',
    find: 'Math.min(leftMs, Math.max(0, lifeMs - (spentMs - pinAtSpentMs)))',
    replace: 'leftMs',
  },
  {
    flaw: 'a START during a stored PIN is forgotten',
    find: "reason === 'pin' && (renewalsLeft > 0 || isStartPending)",
    replace: "reason === 'pin' && renewalsLeft > 0",
  },
  {
    flaw: 'a sign-in past its deadline asks on while Plex cannot be reached',
    find: 'leftMs(afterTime(context, errorIn(event).atMs)) <= 0 && context.failures + 1 >= MOST_LATE_FAILURES',
    replace: 'false',
  },
  {
    flaw: 'an error without an end is tried for ever',
    find: 'context.failures + 1 >= MOST_PIN_REQUESTS',
    replace: 'context.failures + 1 >= Infinity',
  },
  {
    flaw: 'the wait before a read is no wait',
    find: 'const waitMs = Math.min(delayMs, mostMs, LONGEST_DELAY_MS);',
    replace: 'const waitMs = 0;',
  },
];

export const flaws: readonly Flaw[] = [...chartMutants, ...furtherFlaws];
