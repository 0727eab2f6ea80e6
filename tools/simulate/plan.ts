/** What goes wrong with the end of a body, all of whose bytes come. */
export interface BodyFault {
  /**
   * `lostEnd`: the connection breaks after the last byte. `stalledEnd`: nobody ever says that it was the last.
   * `lateEnd`: somebody does, late. `lateHalf`: the second half comes late.
   */
  readonly type: 'lostEnd' | 'stalledEnd' | 'lateEnd' | 'lateHalf';
  readonly ms: number;
}

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
  | BodyFault
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
        /** Opens a second engine on the same stores, which the next acts concern. */
        | 'open'
        /** The next acts concern another engine that is open. */
        | 'switch'
        /** Disposes of the engine, waits for it, and makes another on the same stores. */
        | 'reload'
        /** The same, without the wait. */
        | 'reloadAtOnce';
    }
  /** The application hints again and again, every 10 ms. */
  | { readonly do: 'checks'; readonly count: number }
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
export type StoreKind = 'none' | 'sync' | 'slow' | 'broken' | 'varied';

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
  /** How long the accesses to a `varied` store take, one after another, over and over. Null for one that never ends. */
  readonly storeDelaysMs: readonly (number | null)[];
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
  /** What the network's responses are: light objects, the platform's own (from the whole emulator), or text only. */
  readonly responses: 'light' | 'web' | 'text';
  /** What happens to the first `tokenFaults` answers that carry a token, and that nothing else happens to. */
  readonly tokenFault: BodyFault | null;
  readonly tokenFaults: number;
  /** What the answers say is left of the PIN's life. */
  readonly counts: 'true' | 'rising' | 'crawling' | 'standing' | 'jumping';
  /** Whether the network brings answers that nobody waits for any more. */
  readonly ignoresAborts: boolean;
  /** The function of the application that throws, and at which call. */
  readonly throwingPort: {
    readonly port: 'random' | 'adjustDelayMs' | 'inspect';
    readonly call: number;
  } | null;
  readonly journeys: readonly Journey[];
  readonly moves: readonly Move[];
}

/** Whether a token that is written to the credentials store ends up there, whoever is alive. */
export function keepsTokens({ credentials, storeDelaysMs }: Plan): boolean {
  if (credentials === 'varied') return !storeDelaysMs.includes(null);
  return credentials === 'sync' || credentials === 'slow';
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
  storeDelaysMs: [0],
  isIdentified: true,
  hasServerURL: false,
  lifetimeMs: 6000,
  readOnce: false,
  tokenLagMs: 0,
  isRateLimited: false,
  offsetMs: 0,
  random: 0,
  latencyMs: 0,
  responses: 'light',
  tokenFault: null,
  tokenFaults: 0,
  counts: 'true',
  ignoresAborts: false,
  throwingPort: null,
  journeys: [],
  moves: [{ moment: { at: 'time', ms: 0 }, isFirst: true, acts: [{ do: 'start' }] }],
};
