import type { PlexAuth, PlexAuthView } from '../../src/index.ts';
import type { Plan, PlannedFault } from './plan.ts';

/** What the client asks, by the names the project uses everywhere. */
export type Operation = 'getPin' | 'getToken' | 'getUser' | 'signOut';

/** One request as the network saw it. */
export interface Sent {
  readonly number: number;
  readonly life: Life;
  readonly flow: Flow;
  readonly operation: Operation;
  /** The address up to the operation's own path. */
  readonly base: string;
  /** True time. */
  readonly atMs: number;
  /** Time awake, as timers count it. */
  readonly awakeAtMs: number;
  readonly isCheckPending: boolean;
  readonly signal: AbortSignal | undefined;
  /** Whether the client still waits for something of it, in the background too. */
  isOut: boolean;
  /** Whether every byte of its body has come. */
  isWhole: boolean;
  /** Whether the client aborted it before it was at its end. */
  isCutOff: boolean;
  /** When it ended, by time awake. */
  endedAwakeMs: number;
  status: number | undefined;
  isBroken: boolean;
  /** What went wrong with it. */
  fault: PlannedFault | undefined;
}

/** One flow of one engine: from its START or RESUME on, renewals included. */
export interface Flow {
  readonly startedMs: number;
  /** How many of the next requests a hint may have asked for. */
  hints: number;
  /** Requests in a row that followed an answer sooner than the pace of hints. */
  promptRequests: number;
  /** Until when Plex asked to wait, by time awake. */
  throttledUntilMs: number;
  /** The PIN that was shown last. */
  pin: WorldPin | undefined;
  /** The last getPin or getToken. */
  last: Sent | undefined;
  /** When something last went wrong, in true time. */
  lastTroubleMs: number;
}

/** A PIN as the world knows it, in true time. */
export interface WorldPin {
  readonly code: string;
  readonly madeMs: number;
  /** When its life ends, as Plex said when it made it. */
  readonly announcedEndMs: number;
  /** When it really ends. */
  endMs: number;
  linkedMs: number;
  token: string | undefined;
}

/** One engine, from its making to its end. */
export interface Life {
  readonly number: number;
  readonly auth: PlexAuth;
  view: PlexAuthView;
  /** Every view that its listener was called with, oldest first. */
  published: PlexAuthView[];
  flow: Flow;
  isDisposed: boolean;
  /** Whether `dispose` has resolved. */
  hasDisposed: boolean;
  /** How many calls of `dispose` have not resolved. */
  disposals: number;
  /** Writes to its stores after that, but for a token that came after all and the PIN it ends. */
  lateWrites: number;
  /** How often its `onEnd` was called. */
  ends: number;
  unsubscribe: () => void;
}

/** A token that Plex has sent. */
export interface IssuedToken {
  readonly token: string;
  readonly sent: Sent;
  /** Whether its last byte reached the client. */
  isRead: boolean;
  /** Why nobody has to hold it. */
  lostBy: 'fault' | 'abort' | undefined;
  /** `other`: it came while another token was held or revoked, which it must not replace. */
  givenUpBy: 'signOut' | 'rejected' | 'dispose' | 'other' | undefined;
  isHeld: boolean;
}

/** Everything that the invariants may read. */
export interface ObservedWorld {
  readonly plan: Plan;
  readonly nowMs: number;
  readonly awakeMs: number;
  readonly machineNowMs: number;
  readonly timers: number;
  readonly lives: readonly Life[];
  readonly sent: readonly Sent[];
  readonly pins: readonly WorldPin[];
  readonly tokens: readonly IssuedToken[];
  readonly rejections: number;
  /** When the machine's clock was last set, or the machine last woke. */
  readonly clockChangedMs: number;
  readonly wokeMs: number;
  /** How often either happened. */
  readonly clockChanges: number;
  /** What a credentials store holds, as text. */
  readonly kept: string;
  readonly unhandled: readonly unknown[];
  /** How many accesses to a store are in flight. */
  readonly accesses: number;
}

/** How a rule was broken, in words; undefined if it holds. */
export type Finding = string | undefined;
