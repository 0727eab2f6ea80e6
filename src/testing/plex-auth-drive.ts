import type { Fault, Operation, PlexEmulator } from '../emulator/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthView } from '../view.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What the app can do: the engine's methods, and `reload`, which disposes of the engine and makes a new one on the same stores. */
export type AppMove = Exclude<keyof PlexAuth, 'getSnapshot' | 'subscribe' | 'actor'> | 'reload';

/**
 * One thing that somebody does, and when: `{ atMs: 30_000, user: 'approve' }`.
 *
 * The field beside the times says who acts: the `user`, the `app`, `plex` itself, the `network`, the `device`, or the
 * `test`. All times are in milliseconds of virtual time from the start of the drive, from 0 to 2^31-1.
 */
export type DriveMove =
  /** The user decides about the PIN that the app shows. */
  | { readonly atMs: number; readonly user: 'approve' | 'deny' }
  /** Plex expires the PIN before its time: at once, or `inMs` later, to which its answers count down. */
  | { readonly atMs: number; readonly plex: 'expirePin'; readonly inMs?: number }
  /** The app calls its engine, or is closed and opened again. */
  | { readonly atMs: number; readonly app: AppMove }
  /**
   * The network is `down` (each request breaks without an answer), or has one of the emulator's faults.
   *
   * It applies to the requests that begin from `atMs` up to, not including, `untilMs` (default: the end of the drive):
   * those of `operation` (default: all), and at most `times` of them (default: all).
   */
  | {
      readonly atMs: number;
      readonly untilMs?: number;
      readonly network: 'down' | Fault;
      readonly operation?: Operation;
      readonly times?: number;
    }
  /** The app's device sleeps: timers that fall due and answers that arrive meanwhile come when it wakes. */
  | { readonly atMs: number; readonly untilMs: number; readonly device: 'asleep' }
  /** The clock of the app's device is moved by `clockByMs`, back if negative; Plex's is not. */
  | { readonly atMs: number; readonly device: { readonly clockByMs: number } }
  /**
   * The test itself looks at something or does something, such as a click. An error that it throws ends the drive. While a
   * promise that it returns needs real time, the drive stands still, for a tenth of a second: it may need the time to go on.
   * At the end the drive waits for it once more, for three seconds.
   */
  | { readonly atMs: number; readonly test: (drive: PlexAuthDrive) => unknown };

/** One request to Plex, and its outcome. */
export interface TimelineRequest {
  readonly atMs: number;
  readonly type: 'request';
  readonly operation: Operation;
  /** Absent where no answer came, or none has come yet. */
  readonly status?: number;
  /** From the request to its answer or its failure. Absent until then, and where the engine is the test's own. */
  readonly durationMs?: number;
}

/** A view that the app showed. The token in it is a `Secret` and shows as `[redacted]`. */
export interface TimelineView {
  readonly atMs: number;
  readonly type: 'view';
  readonly view: PlexAuthView;
}

/** A move of the script. */
export interface TimelineMove {
  readonly atMs: number;
  readonly type: 'move';
  readonly move: DriveMove;
  /** Whether this is the end of a move that lasted. */
  readonly isEnd?: true;
}

/** One thing that happened. `atMs` is in whole milliseconds since the start. */
export type TimelineEntry = TimelineView | TimelineRequest | TimelineMove;

/** A sign-in that was driven, as data. A move of the `test` gets it while the drive still goes on. */
export interface PlexAuthDrive {
  /** Everything that happened, in order: views, requests and moves. */
  readonly timeline: readonly TimelineEntry[];
  /** The requests of the timeline. */
  readonly requests: readonly TimelineRequest[];
  /** The last view. */
  readonly view: PlexAuthView;
  /** The engine, or the last one if the app was reloaded. Disposed of at the end, unless it is the test's own. */
  readonly auth: PlexAuth;
  readonly emulator: PlexEmulator;
  readonly time: VirtualTime;
  /** When each request of an operation began, in milliseconds since the start. */
  askedAtMs: (operation: Operation) => number[];
  /** When the sign-in first had `status`, in milliseconds since the start; `undefined` if it never had. */
  reachedAtMs: (status: PlexAuthView['status']) => number | undefined;
  /** The timeline for people and snapshot tests: no token, no code, and repeated polls counted. */
  toString: () => string;
}
