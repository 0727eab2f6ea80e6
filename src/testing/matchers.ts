import { type Operation, operations } from '../emulator/faults.ts';
import type { PlexEmulator } from '../emulator/plex-emulator.ts';
import type { PlexAuth } from '../engine/create-plex-auth.ts';
import type { PlexAuthView } from '../view.ts';
import type { PlexAuthDrive } from './drive-plex-auth.ts';
import { isMs } from './drive-script.ts';
import { advanceWhileBusy } from './drive-stage.ts';
import {
  createTimelineRecorder,
  describeView,
  formatTimeline,
  type TimelineEntry,
  type TimelineRequest,
} from './timeline.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How soon a sign-in is to be somewhere. */
export interface ReachOptions {
  /**
   * The longest it may take, in milliseconds, from the start of a drive or from now. Default: as long as the drive lasted,
   * or an hour from now.
   */
  withinMs?: number;
}

/** How soon an engine is to be somewhere, and in which time. */
export interface ReachInTimeOptions extends ReachOptions {
  /** The time whose clock the engine was given. It is moved on, no further than needed. */
  time: VirtualTime;
  /** The emulator that the engine asks, so that a failure tells what was asked. */
  emulator?: PlexEmulator;
}

/** What a matcher says, in the shape of vitest and jest. */
export interface MatcherOutcome {
  pass: boolean;
  message(): string;
}

/**
 * What {@link plexMatchers} adds to `expect`, for the declaration that makes it known.
 *
 * With vitest:
 * ```ts
 * declare module 'vitest' {
 *   interface Matchers<T> extends PlexMatchers<T> {}
 * }
 * ```
 * With jest, where `expect` comes from `@jest/globals`:
 * ```ts
 * declare module 'expect' {
 *   interface Matchers<R extends void | Promise<void>, T> extends PlexMatchers<T, R> {}
 * }
 * ```
 *
 * @typeParam T What `expect` was given.
 * @typeParam R What a matcher gives that need not be waited for.
 */
export interface PlexMatchers<T = unknown, R = void> {
  /**
   * Expects a sign-in to come to `status`, as {@link assertReaches} does: at once for a drive; with `await`, and with
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
 * See {@link PlexMatchers} for what they do and how TypeScript learns of them; `assertReaches` is for tests without
 * `expect`.
 */
export const plexMatchers = {
  toReach(
    subject: unknown,
    status: PlexAuthView['status'],
    options?: ReachOptions | ReachInTimeOptions,
  ): MatcherOutcome | Promise<MatcherOutcome> {
    return judgeReach('toReach', subject, status, options);
  },

  toHaveAsked(subject: unknown, operation: Operation, times?: number): MatcherOutcome {
    if (!isDrive(subject))
      throw new TypeError(`toHaveAsked: the subject must be what drivePlexAuth gave${hintFor(subject)}`);
    if (!operations.includes(operation))
      throw new TypeError(`toHaveAsked: the operation must be one of ${operations.join(', ')}`);
    if (times !== undefined && !(Number.isInteger(times) && times >= 0)) {
      throw new TypeError(`toHaveAsked: times must be an integer from 0, not ${times}`);
    }
    const asked = subject.askedAtMs(operation).length;
    const pass = times === undefined ? asked > 0 : asked === times;
    const wish = `expected the sign-in ${pass ? 'not ' : ''}to have asked ${operation}`;
    const limit = times === undefined ? '' : ` ${count(times)}`;
    return { pass, message: () => `${wish}${limit}; it did so ${count(asked)}\n\n${subject}` };
  },
};

/**
 * Asserts that a drive came to `status`; for node:test, and wherever there is no `expect`.
 *
 * @throws {Error} An `AssertionError` that tells how far the sign-in came, its last error, what was asked and the timeline.
 * @throws {TypeError} For a subject, status or time that is none.
 */
export function assertReaches(
  drive: PlexAuthDrive,
  status: PlexAuthView['status'],
  options?: ReachOptions,
): void;
/**
 * Asserts that an engine comes to `status`: moves the virtual time on until it does, or until it no longer can.
 *
 * @returns At the moment at which the status is reached; it rejects as the other form throws.
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
  const outcome = judgeReach('assertReaches', subject, status, options);
  return outcome instanceof Promise ? outcome.then(assertPassed) : assertPassed(outcome);
}

/** The mistake that is made most: the drive is awaited for. */
function hintFor(subject: unknown): string {
  return subject instanceof Promise ? ', not its promise: await it' : '';
}

function assertPassed({ pass, message }: MatcherOutcome): void {
  if (!pass) throw Object.assign(new Error(message()), { name: 'AssertionError', code: 'ERR_ASSERTION' });
}

const statuses: Record<PlexAuthView['status'], true> = {
  idle: true,
  requestingPin: true,
  awaitingLink: true,
  fetchingToken: true,
  authenticated: true,
  expired: true,
  failed: true,
  signingOut: true,
};

const hourMs = 3_600_000;

function judgeReach(
  name: string,
  subject: unknown,
  status: PlexAuthView['status'],
  options: Partial<ReachInTimeOptions> = {},
): MatcherOutcome | Promise<MatcherOutcome> {
  const { withinMs, time } = options;
  if (!Object.hasOwn(statuses, status)) {
    throw new TypeError(`${name}: status must be one of ${Object.keys(statuses).join(', ')}, not ${status}`);
  }
  if (withinMs !== undefined && !isMs(withinMs)) {
    throw new TypeError(`${name}: withinMs must be from 0 to 2147483647 ms, not ${withinMs}`);
  }
  if (isDrive(subject)) return toOutcome(subject.timeline, status, withinMs);
  if (!isEngine(subject)) {
    throw new TypeError(
      `${name}: the subject must be what drivePlexAuth or createPlexAuth gave${hintFor(subject)}`,
    );
  }
  if (!time) throw new TypeError(`${name}: an engine needs { time }, whose clock it was given`);
  return watchUntil(subject, status, { ...options, time }).then((timeline) =>
    toOutcome(timeline, status, withinMs),
  );
}

/** Moves the time on until the engine stands at `status`, or nothing can happen any more. */
async function watchUntil(
  auth: PlexAuth,
  status: PlexAuthView['status'],
  { time, emulator, withinMs = hourMs }: ReachInTimeOptions,
): Promise<readonly TimelineEntry[]> {
  const recorder = createTimelineRecorder(time.clock, emulator);
  const arrival = new Error(`the sign-in is ${status}`);
  let timer: unknown;
  const unwatch = recorder.watch(auth, (view) => {
    if (view.status !== status) return;
    // What a timer throws ends the advance at that moment.
    timer ??= time.clock.setTimeout(() => {
      throw arrival;
    }, 0);
  });
  try {
    await advanceWhileBusy(time, withinMs);
  } catch (error) {
    if (error !== arrival) throw error;
  } finally {
    unwatch();
    time.clock.clearTimeout(timer);
  }
  return recorder.entries();
}

function toOutcome(
  timeline: readonly TimelineEntry[],
  status: PlexAuthView['status'],
  withinMs: number | undefined,
): MatcherOutcome {
  const atMs = timeline.find((entry) => entry.type === 'view' && entry.view.status === status)?.atMs;
  const pass = atMs !== undefined && atMs <= (withinMs ?? atMs);
  const limit = withinMs === undefined ? '' : ` within ${withinMs} ms`;
  const wish = `expected the sign-in ${pass ? 'not ' : ''}to reach ${status}${limit}`;
  const fact = atMs === undefined ? 'it never did' : `it did so at ${atMs} ms`;
  return { pass, message: () => `${wish}; ${fact}\n\n${explain(timeline)}` };
}

/** Tells how far a sign-in came, what went wrong last, what was asked, and then everything. */
function explain(timeline: readonly TimelineEntry[]): string {
  const views = timeline.filter((entry) => entry.type === 'view');
  const reached = new Set(views.map(({ view }) => view.status));
  const last = views.at(-1);
  const errors = views.flatMap(({ view }) => ('error' in view ? view.error : (view.lastError ?? [])));
  const error = errors.at(-1);
  return [
    `reached: ${[...reached].join(', ')}`,
    `stands at: ${last && `${describeView(last.view)}, since ${last.atMs} ms`}`,
    `last error: ${error ? `${error.code}: ${error.message}` : 'none'}`,
    `asked: ${countRequests(timeline.filter((entry) => entry.type === 'request'))}`,
    '',
    formatTimeline(timeline),
  ].join('\n');
}

function countRequests(requests: readonly TimelineRequest[]): string {
  const counts = new Map<Operation, number>();
  for (const { operation } of requests) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return Array.from(counts, ([operation, times]) => `${operation} ${count(times)}`).join(', ') || 'nothing';
}

function count(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

function isDrive(subject: unknown): subject is PlexAuthDrive {
  return typeof (subject as Partial<PlexAuthDrive> | undefined)?.reachedAtMs === 'function';
}

function isEngine(subject: unknown): subject is PlexAuth {
  return typeof (subject as Partial<PlexAuth> | undefined)?.getSnapshot === 'function';
}
