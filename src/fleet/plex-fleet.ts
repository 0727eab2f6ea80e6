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
   * if the limit ran out before, `PLEX_STORE` if the flow could not be stored; then nothing runs.
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
   * An event counts as handled when the next one is asked for. One whose handling broke off (`break`, an error, a crash of
   * the process, if there is a `store`) comes again. While nobody reads, nothing piles up: a flow has one event, its newest.
   */
  readonly events: AsyncIterable<PlexFleetEvent>;
  /** How the fleet keeps up. */
  load: () => FleetLoad;
  /**
   * Stops asking, and ends `events`. Reads in flight are waited for, since a token may be in one; what they bring is
   * stored. Flows that wait continue in the next fleet with the same `store`.
   */
  dispose: () => Promise<void>;
}
