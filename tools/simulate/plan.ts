/** What goes wrong with one request. Plain data, so that a plan prints, shrinks and replays. */
export type PlannedFault =
  | {
      readonly type:
        | 'reset'
        | 'hang'
        | 'truncated'
        | 'stalled'
        | 'html'
        | 'xml'
        | 'garbage'
        | 'drift'
        | 'lost';
    }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly code?: number;
      readonly retryAfterS?: number;
    }
  | {
      readonly type: 'rateLimited';
      readonly as: 'seconds' | 'date' | 'nonsense' | 'nothing';
      readonly seconds: number;
    };

/** How one request, by its number in the order of sending, travels. */
export interface Journey {
  readonly request: number;
  readonly upMs: number;
  readonly downMs: number;
  readonly fault?: PlannedFault;
}

/** Something that the user, the application or the machine does. */
export type Act =
  | {
      readonly do:
        | 'approve'
        | 'deny'
        | 'expire'
        | 'start'
        | 'check'
        | 'cancel'
        | 'signOut'
        | 'verify'
        | 'resubscribe'
        | 'dispose'
        /** Disposes of the engine, waits for it, and makes another on the same stores. */
        | 'reload'
        /** The same, without the wait. */
        | 'reloadAtOnce';
    }
  /** The time of day is set; no timer notices. */
  | { readonly do: 'jump'; readonly ms: number }
  /** The machine sleeps; its timers stand still meanwhile, or are due at the wake. */
  | { readonly do: 'sleep'; readonly ms: number; readonly timers: 'frozen' | 'due' };

/** When it happens. */
export type Moment =
  | { readonly at: 'time'; readonly ms: number }
  /** After a code was shown for the first time. */
  | { readonly at: 'code'; readonly ms: number }
  /** Before the first PIN's end. */
  | { readonly at: 'end'; readonly ms: number }
  /** After a request went out. */
  | { readonly at: 'request'; readonly request: number; readonly ms: number }
  /** So many microtasks after an answer was handed to the client. */
  | { readonly at: 'answer'; readonly request: number; readonly ticks: number }
  /** So many microtasks after the last byte of an answer with a token was handed to the client. */
  | { readonly at: 'token'; readonly ticks: number };

/** A burst of acts at one moment. */
export interface Move {
  readonly moment: Moment;
  /** Whether it comes before or after what else falls due at that very moment. */
  readonly isFirst: boolean;
  readonly acts: readonly Act[];
}

/** What a store does. */
export type StoreKind = 'none' | 'sync' | 'slow' | 'broken';

/** All that one seed decides. */
export interface Plan {
  readonly strong: boolean;
  readonly intervalMs: number;
  readonly maxIntervalMs: number;
  readonly maxBackoffMs: number;
  readonly requestTimeoutMs: number;
  readonly giveUpAfterMs: number | null;
  readonly renewals: number;
  readonly store: StoreKind;
  readonly credentials: StoreKind;
  /** Whether the identifier is an option, or is found in the store. */
  readonly isIdentified: boolean;
  readonly hasServerURL: boolean;
  readonly lifetimeMs: number;
  readonly readOnce: boolean;
  readonly tokenLagMs: number;
  readonly isRateLimited: boolean;
  /** How far Plex's time of day is ahead of the machine's. */
  readonly offsetMs: number;
  /** What the engine's `random` gives, over and over. */
  readonly random: number;
  readonly latencyMs: number;
  readonly journeys: readonly Journey[];
  readonly moves: readonly Move[];
}

/** The plan in which nothing goes wrong: what a shrunk plan falls back to. */
export const quietPlan: Plan = {
  strong: true,
  intervalMs: 1000,
  maxIntervalMs: 5000,
  maxBackoffMs: 10_000,
  requestTimeoutMs: 15_000,
  giveUpAfterMs: null,
  renewals: 0,
  store: 'none',
  credentials: 'none',
  isIdentified: true,
  hasServerURL: false,
  lifetimeMs: 6000,
  readOnce: false,
  tokenLagMs: 0,
  isRateLimited: false,
  offsetMs: 0,
  random: 0,
  latencyMs: 0,
  journeys: [],
  moves: [{ moment: { at: 'time', ms: 0 }, isFirst: true, acts: [{ do: 'start' }] }],
};
