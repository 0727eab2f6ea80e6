import type { Operation, PlexEmulator } from '../emulator/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { copyOptions, requireMs, requireOneOf, requireOption } from '../require-option.ts';
import { type PlexAuthView, statuses } from '../view.ts';
import { advanceWhileBusy } from './advance-while-busy.ts';
import { describeView, formatTimeline } from './format-timeline.ts';
import type { PlexAuthDrive, TimelineEntry, TimelineRequest } from './plex-auth-drive.ts';
import { createTimelineRecorder } from './timeline-recorder.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How soon a sign-in must reach a status. */
export interface ReachOptions {
  /**
   * The longest it may take, in milliseconds, from the start of a drive or from now. Default: as long as the drive lasted,
   * or an hour from now.
   */
  withinMs?: number;
}

/** How soon an engine must reach a status, and in which time. */
export interface ReachInTimeOptions extends ReachOptions {
  /** The time whose clock the engine was given. It moves on, no further than needed. */
  time: VirtualTime;
  /** The emulator that the engine asks, so that a failure shows the requests. */
  emulator?: PlexEmulator;
}

/** The result of a matcher, in the shape of vitest and jest. */
export interface MatcherOutcome {
  pass: boolean;
  message(): string;
}

/**
 * Checks whether a drive reached a status, or moves an engine's time on until the engine reaches it.
 *
 * @param matcher The name of the function that the test called, for the error about a wrong subject.
 * @throws {TypeError} For a subject, status or option that is wrong.
 */
export function checkReach(
  matcher: string,
  subject: unknown,
  status: PlexAuthView['status'],
  options: Partial<ReachInTimeOptions> = {},
): MatcherOutcome | Promise<MatcherOutcome> {
  const { withinMs, time } = copyOptions(options);
  requireOneOf('status', status, statuses);
  requireMs('withinMs', withinMs, 0);
  if (isDrive(subject)) return toOutcome(subject.timeline, status, withinMs, subject);
  const subjectRule = `what drivePlexAuth or createPlexAuth gave${hintFor(subject)}`;
  requireOption(isEngine(subject), `the subject of ${matcher}`, subjectRule);
  requireOption(time !== undefined, 'time', 'given with an engine: the virtual time whose clock it has');
  return watchUntil(subject, status, copyOptions({ ...options, time })).then((timeline) =>
    toOutcome(timeline, status, withinMs),
  );
}

/** Moves the time on until the engine reaches `status`, or nothing can happen any more. */
async function watchUntil(
  auth: PlexAuth,
  status: PlexAuthView['status'],
  { time, emulator, withinMs }: ReachInTimeOptions,
): Promise<readonly TimelineEntry[]> {
  const recorder = createTimelineRecorder(time.clock, emulator);
  let isReached = false;
  const unwatch = recorder.watch(auth, (view) => {
    isReached ||= view.status === status;
  });
  try {
    await advanceWhileBusy(time, withinMs, () => isReached);
  } finally {
    unwatch();
  }
  return recorder.entries();
}

function toOutcome(
  timeline: readonly TimelineEntry[],
  status: PlexAuthView['status'],
  withinMs: number | undefined,
  /** Says more than its timeline: what kept it from its end. */
  drive?: PlexAuthDrive,
): MatcherOutcome {
  const atMs = timeline.find((entry) => entry.type === 'view' && entry.view.status === status)?.atMs;
  const pass = atMs !== undefined && atMs <= (withinMs ?? atMs);
  const limit = withinMs === undefined ? '' : ` within ${withinMs} ms`;
  const expectation = `expected the sign-in ${pass ? 'not ' : ''}to reach ${status}${limit}`;
  const fact = atMs === undefined ? 'it never did' : `it did so at ${atMs} ms`;
  const tell = () => (drive ? String(drive) : formatTimeline(timeline));
  return { pass, message: () => `${expectation}; ${fact}\n\n${explain(timeline)}\n\n${tell()}` };
}

/** Lists the statuses that were reached, the last error, and the requests. */
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
  ].join('\n');
}

function countRequests(requests: readonly TimelineRequest[]): string {
  const counts = new Map<Operation, number>();
  for (const { operation } of requests) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return (
    Array.from(counts, ([operation, times]) => `${operation} ${toTimesText(times)}`).join(', ') || 'nothing'
  );
}

export function toTimesText(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}

export function isDrive(subject: unknown): subject is PlexAuthDrive {
  return typeof (subject as Partial<PlexAuthDrive> | undefined)?.reachedAtMs === 'function';
}

function isEngine(subject: unknown): subject is PlexAuth {
  return typeof (subject as Partial<PlexAuth> | undefined)?.getSnapshot === 'function';
}

/** Names the most common mistake. */
export function hintFor(subject: unknown): string {
  return subject instanceof Promise ? ', not its promise: await it' : '';
}
