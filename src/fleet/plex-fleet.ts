import type { PlexAuthCode, PlexAuthView } from '../view.ts';
import type { Lateness } from './lateness.ts';

/** What a flow may have of its own. */
export interface FleetStartOptions {
  /**
   * Names the flow in events, `check` and `cancel`: your own key, such as a chat's or a television's. Default: a random one.
   * While a flow of this name runs, and until its end was handled, another one cannot start.
   */
  id?: string | undefined;
  /** The installation that signs in. Default: that of the fleet. Plex throttles by it; see {@link PlexFleetOptions}. */
  clientIdentifier?: string | undefined;
  /** How long the sign-in may take in all, in milliseconds, 1 or more. Default: that of the fleet. */
  giveUpAfterMs?: number | undefined;
}

/** A flow that waits for its user. */
export interface StartedFlow extends PlexAuthCode {
  readonly id: string;
}

/** What can change in a view. */
export type FleetChange = 'status' | 'code' | 'lastError';

/** Something happened in a flow. */
export interface PlexFleetEvent {
  readonly id: string;
  /**
   * Where the flow is now. While it waits its status is `awaitingLink`: that a read is in flight (`fetchingToken`) is no event.
   */
  readonly view: PlexAuthView;
  /** What differs from the view that was given before. */
  readonly changed: readonly FleetChange[];
}

/** How much a fleet has to do, and how well it keeps up. */
export interface FleetLoad {
  /** Flows that run, or whose end nobody has handled yet. */
  readonly flows: number;
  /** Requests that are due and wait for their turn. */
  readonly due: number;
  /** Requests in flight. */
  readonly inFlight: number;
  /** How late requests were sent, over the last 10 to 20 seconds. All 0 while the fleet keeps up. */
  readonly lateness: Lateness;
}

/** Many sign-ins that wait at once. */
export interface PlexFleet {
  /**
   * Starts a sign-in.
   *
   * @returns Once there is a code to show: its pages, and the flow's `id`.
   * @throws {PlexAuthError} If Plex gives no PIN: as `getPin` of the client, after the chart's own retries. `PLEX_EXPIRED`
   * if the limit ran out before, also while the request waited for its turn, `PLEX_STORE` if the store cannot be read; then
   * nothing runs, and the next call reads it again. A flow that could not be stored runs: its `lastError` says so, and the
   * store is tried again.
   * @throws {Error} An `AbortError` if the flow is cancelled, or the fleet disposed of, before there is a code.
   * @throws {TypeError} For a bad option, and for an `id` that is in use.
   */
  start: (options?: FleetStartOptions) => Promise<StartedFlow>;
  /** Says that now is a good moment to ask for this flow. @returns False if there is no such flow, or it is over. */
  check: (id: string) => boolean;
  /**
   * Ends a flow. If Plex hands out the token all the same, because a read was on its way, an event with it follows.
   *
   * @returns False if there is no such flow, or it is over.
   */
  cancel: (id: string) => boolean;
  /** Where a flow is; undefined if there is none of this name, or its end was handled. */
  getView: (id: string) => PlexAuthView | undefined;
  /**
   * What happens in all flows, for one reader: each iterator takes what no other has taken.
   *
   * An event counts as handled when the next one is asked for. One whose handling broke off (`break`, an error) comes
   * again. After a crash, with a `store`, that of a token does; an end without a token is not stored. While nobody reads, nothing piles up: a flow has one event, its newest.
   */
  readonly events: AsyncIterable<PlexFleetEvent>;
  /** How the fleet keeps up. */
  load: () => FleetLoad;
  /**
   * Stops asking, and ends `events`. Reads in flight are waited for, since a token may be in one: until they reach their
   * time limit, and then for `requestTimeoutMs` more. What they bring is stored, and an event for whoever still reads.
   * The store is waited for twice that limit at the most. A `start` whose request is on its way resolves with its code if
   * there is a `store`; all others that have none reject with an `AbortError`, and nothing of them is stored. Flows that wait
   * continue in the next fleet with the same `store`. A second call gives the same promise.
   */
  dispose: () => Promise<void>;
}
