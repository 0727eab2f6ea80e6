/** Flaws to plant in the chart, which a search must find. */
import { chartMutants } from '../mutate/chart-mutants.ts';

/** A flaw, as a change to the text of the chart. */
export interface Flaw {
  readonly flaw: string;
  /** Text of the chart that occurs once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  /** The scenario that finds it soonest. Default: all are tried. */
  readonly scenario?: string | undefined;
}

/** Where the mutants of the chart are found. */
const scenariosOfMutants: Readonly<Record<string, string>> = {
  'polls overlap: a hint starts a second read and drops the first': 'checks',
  'a hint that comes during a request is lost': 'checks',
  'the deadline aborts a request in flight': 'a store that fails',
  'the deadline ends the flow without a last read': 'a Plex that is unreachable',
  'every 404 is called expired, however early it comes': 'a limit',
  'Retry-After is ignored': 'no PIN',
  'a hint cuts a Retry-After short': 'a limit',
  'one network blip ends the sign-in': 'no PIN',
  'errors in a row are not counted: no back-off, and no end while there is no PIN': 'no PIN',
  'an answer does not clear the count of errors': 'errors',
  'an expired PIN is replaced forever': 'a renewal',
  "the caller's limit is ignored": 'a limit and clocks',
  'a PIN that was used stays in the store': 'late answers',
  'a server that never counts down keeps the flow waiting forever': 'a Plex that counts up',
  'hints have no pace: each one is a read': 'checks',
  "the caller's limit counts by the clock, which can be set": 'a limit and clocks',
  'a stored PIN that is used up fails the sign-in': 'a stored PIN',
  'a late token is dropped while another sign-in runs': 'late answers',
};

const furtherFlaws: readonly Flaw[] = [
  {
    flaw: 'a token from elsewhere is ignored while a read is out',
    scenario: 'late answers',
    find: "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n        RESTORE: { target: 'authenticated', actions: ['takeCredentials', 'forgetPin'] },\n      },\n      invoke: {",
    replace:
      "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n      },\n      invoke: {",
  },
  {
    flaw: 'a failed sign-in cannot be started again',
    scenario: 'late answers',
    find: "    failed: {\n      description: 'Over: an error that a retry does not fix.',\n      on: {\n        START: { target: 'requestingPin', actions: 'begin' },",
    replace: "    failed: {\n      description: 'Over: an error that a retry does not fix.',\n      on: {",
  },
  {
    flaw: 'an expired PIN stays in the store',
    scenario: 'a Plex that counts up',
    find: "actions: ['notePending', 'noteExpiry', 'forgetPin'],",
    replace: "actions: ['notePending', 'noteExpiry'],",
  },
  {
    flaw: 'a refused token stays in the store',
    scenario: 'cancels, restarts and other tabs',
    find: `{ type: 'forgetCredentials', params: ({ context }) => heldCredentials(context) },
            'noteRejection',`,
    replace: "'noteRejection',",
  },
  {
    flaw: 'the last error is shown after an answer',
    scenario: 'errors',
    find: 'failures: 0, lastError: undefined, isResumed,',
    replace: 'failures: 0, isResumed,',
  },
  {
    flaw: 'no read goes out just before the deadline',
    scenario: 'errors',
    find: 'endMs >= 2 * LAST_READ_MS ? endMs - LAST_READ_MS : endMs',
    replace: 'endMs',
  },
  {
    flaw: 'the back-off after a 429 skips the last read',
    scenario: 'errors',
    find: 'pin && lastReadMs <= 0 ? Infinity : Math.max(0, lastReadMs, retryAfterMs)',
    replace: 'retryAfterMs > 0 || (pin && lastReadMs <= 0) ? Infinity : Math.max(0, lastReadMs)',
  },
  {
    flaw: 'a clock that is set back makes a PIN live on',
    scenario: 'a Plex that counts up',
    find: 'Math.min(leftMs, Math.max(0, context.pin ? ownLeftMs(context) : 0))',
    replace: 'leftMs',
  },
  {
    flaw: 'a START during a stored PIN is forgotten',
    scenario: 'a stored PIN',
    find: "reason === 'pin' && (renewalsLeft > 0 || isStartPending)",
    replace: "reason === 'pin' && renewalsLeft > 0",
  },
  {
    flaw: 'a sign-in past its deadline asks on while Plex cannot be reached',
    scenario: 'a Plex that is unreachable',
    find: 'leftMs(afterTime(context, errorIn(event).atMs)) <= 0 && context.failures + 1 >= MOST_LATE_FAILURES',
    replace: 'false',
  },
  {
    flaw: 'an error without an end is tried for ever',
    scenario: 'no PIN',
    find: 'context.failures + 1 >= MOST_PIN_REQUESTS',
    replace: 'context.failures + 1 >= Infinity',
  },
  {
    flaw: 'the wait before a read is no wait',
    scenario: 'a Plex that crawls',
    find: 'const waitMs = Math.min(delayMs, mostMs, LONGEST_DELAY_MS);',
    replace: 'const waitMs = 0;',
  },
];

export const flaws: readonly Flaw[] = [
  ...chartMutants.map((mutant) => ({ ...mutant, scenario: scenariosOfMutants[mutant.flaw] })),
  ...furtherFlaws,
];
