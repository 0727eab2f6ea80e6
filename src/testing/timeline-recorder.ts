import type { EmulatorRequest, PlexEmulator } from '../emulator/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import type { Clock } from '../ports.ts';
import type { PlexAuthView } from '../view.ts';
import type { DriveMove, TimelineEntry, TimelineRequest } from './plex-auth-drive.ts';

/** Records what happens, in order. */
export interface TimelineRecorder {
  /**
   * Records the engine's view, now and at each change.
   *
   * @param onView Called after each view, the first included.
   * @returns A function that stops it.
   */
  watch(auth: PlexAuth, onView?: (view: PlexAuthView) => void): () => void;
  recordMove(move: DriveMove, isEnd: boolean): void;
  /** Records that a request was answered, or failed, now. */
  recordAnswer(request: EmulatorRequest): void;
  /** Everything up to now. */
  entries(): TimelineEntry[];
}

/**
 * Makes a recorder that starts now.
 *
 * @param clock The clock of the entries.
 * @param emulator Where the requests are read from. Default: no requests are recorded.
 */
export function createTimelineRecorder(clock: Clock, emulator?: PlexEmulator): TimelineRecorder {
  const startMs = clock.now();
  const recorded: (TimelineEntry | EmulatorRequest)[] = [];
  const answeredAtMs = new Map<EmulatorRequest, number>();
  let requestCount = emulator?.requests.length ?? 0;
  const sinceStart = (atMs: number) => Math.round(atMs - startMs);

  /** Adds the requests that came before the next entry, except the last `laterCount`. */
  function addRequests(laterCount = 0): void {
    if (!emulator) return;
    const end = Math.max(requestCount, emulator.requests.length - laterCount);
    recorded.push(...emulator.requests.slice(requestCount, end));
    requestCount = end;
  }

  function recordView(view: PlexAuthView): void {
    // The engine sends a request before it publishes the view; requests still pending belong to this view.
    addRequests(emulator?.pending);
    recorded.push({ atMs: sinceStart(clock.now()), type: 'view', view });
    addRequests();
  }

  return {
    watch(auth, onView) {
      const onChange = (view: PlexAuthView) => {
        recordView(view);
        onView?.(view);
      };
      onChange(auth.getSnapshot());
      return auth.subscribe(onChange);
    },
    recordMove(move, isEnd) {
      addRequests();
      recorded.push({ atMs: sinceStart(clock.now()), type: 'move', move, ...(isEnd && { isEnd }) });
    },
    recordAnswer: (request) => void answeredAtMs.set(request, clock.now()),
    entries() {
      addRequests();
      return recorded.flatMap((item) =>
        'type' in item ? item : toRequestEntries(item, sinceStart(item.atMs), answeredAtMs.get(item)),
      );
    },
  };
}

/** @returns No entry for a request that is no operation, such as one for a page. */
function toRequestEntries(
  { operation, status, atMs }: EmulatorRequest,
  sinceStartMs: number,
  endMs: number | undefined,
): TimelineRequest[] {
  if (!operation) return [];
  const outcome = {
    ...(status !== undefined && { status }),
    ...(endMs !== undefined && { durationMs: Math.round(endMs - atMs) }),
  };
  return [{ atMs: sinceStartMs, type: 'request', operation, ...outcome }];
}
