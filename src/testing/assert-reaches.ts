import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthView } from '../view.ts';
import {
  checkReach,
  type MatcherOutcome,
  type ReachInTimeOptions,
  type ReachOptions,
} from './check-reach.ts';
import type { PlexAuthDrive } from './plex-auth-drive.ts';

/**
 * Asserts that a drive reached `status`; for node:test, and wherever there is no `expect`.
 *
 * @throws {Error} An `AssertionError` with the statuses that were reached, the last error, the requests and the timeline.
 * @throws {TypeError} For a subject, status or option that is wrong.
 */
export function assertReaches(
  drive: PlexAuthDrive,
  status: PlexAuthView['status'],
  options?: ReachOptions,
): void;
/**
 * Asserts that an engine reaches `status`: moves the virtual time on until it does, or until it no longer can.
 *
 * @returns A promise that resolves at the moment at which the status is reached, and rejects as the other form throws.
 */
export function assertReaches(
  auth: PlexAuth,
  status: PlexAuthView['status'],
  options: ReachInTimeOptions,
): Promise<void>;
export function assertReaches(
  subject: PlexAuthDrive | PlexAuth,
  status: PlexAuthView['status'],
  options?: ReachOptions | ReachInTimeOptions,
): void | Promise<void> {
  const outcome = checkReach('assertReaches', subject, status, options);
  return outcome instanceof Promise ? outcome.then(assertPassed) : assertPassed(outcome);
}

function assertPassed({ pass, message }: MatcherOutcome): void {
  if (!pass) throw Object.assign(new Error(message()), { name: 'AssertionError', code: 'ERR_ASSERTION' });
}
