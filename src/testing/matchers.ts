import { type Operation, operations } from '../emulator/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { requireInteger, requireOneOf, requireOption } from '../require-option.ts';
import type { PlexAuthView } from '../view.ts';
import {
  checkReach,
  hintFor,
  isDrive,
  type MatcherOutcome,
  type ReachInTimeOptions,
  type ReachOptions,
  toTimesText,
} from './check-reach.ts';

/**
 * What {@link plexMatchers} adds to `expect`.
 *
 * `import 'plex-auth-flow/testing/vitest'` and `import 'plex-auth-flow/testing/jest'` add it, types included. Where `expect` comes
 * from elsewhere, declare it to TypeScript, as for `@types/jest`:
 * ```ts
 * declare global {
 *   namespace jest {
 *     interface Matchers<R, T> extends PlexMatchers<T, R> {}
 *   }
 * }
 * ```
 *
 * @typeParam T What `expect` gets.
 * @typeParam R What a matcher returns that needs no `await`.
 */
export interface PlexMatchers<T = unknown, R = void> {
  /**
   * Expects a sign-in to reach `status`, as `assertReaches` does: at once for a drive; with `await`, and with
   * `{ time }`, for an engine.
   */
  toReach(
    status: PlexAuthView['status'],
    ...options: T extends PlexAuth ? [options: ReachInTimeOptions] : [options?: ReachOptions]
  ): T extends PlexAuth ? Promise<void> : R;
  /**
   * Expects a drive to have asked Plex for something.
   *
   * @param times How often, an integer from 0. Default: at least once.
   */
  toHaveAsked(operation: Operation, times?: number): R;
}

/**
 * The matchers of sign-ins, for `expect.extend(plexMatchers)` in vitest and jest alike.
 *
 * See {@link PlexMatchers} for what they do and how to declare them to TypeScript; `assertReaches` is for tests without
 * `expect`.
 */
export const plexMatchers = {
  toReach(
    subject: unknown,
    status: PlexAuthView['status'],
    options?: ReachOptions | ReachInTimeOptions,
  ): MatcherOutcome | Promise<MatcherOutcome> {
    return checkReach('toReach', subject, status, options);
  },

  toHaveAsked(subject: unknown, operation: Operation, times?: number): MatcherOutcome {
    requireOption(
      isDrive(subject),
      'the subject of toHaveAsked',
      `what drivePlexAuth gave${hintFor(subject)}`,
    );
    requireOneOf('operation', operation, operations);
    if (times !== undefined) requireInteger('times', times, 0);
    const asked = subject.askedAtMs(operation).length;
    const pass = times === undefined ? asked > 0 : asked === times;
    const expectation = `expected the sign-in ${pass ? 'not ' : ''}to have asked ${operation}`;
    const limit = times === undefined ? '' : ` ${toTimesText(times)}`;
    return { pass, message: () => `${expectation}${limit}; it did so ${toTimesText(asked)}\n\n${subject}` };
  },
};
