import type { FleetStartOptions, Lateness, PlexFleetEvent, StartedFlow } from '../fleet/index.ts';
import type { PlexAuthView } from '../view.ts';

/** How much a fleet on many machines has to do, and how well this process keeps up with its part. */
export interface SharedFleetLoad {
  /** Flows of all machines that run, or whose end nobody has handled yet. */
  readonly flows: number;
  /** Processes that ask Plex. */
  readonly machines: number;
  /** The shards that this process asks for, by their numbers. */
  readonly shards: readonly number[];
  /** Requests of this process that are due and wait for their turn. */
  readonly due: number;
  /** Requests of this process in flight. */
  readonly inFlight: number;
  /** How late this process sent its requests, over the last 10 to 20 seconds. */
  readonly lateness: Lateness;
  /** Writes of this process that Redis refused, because the shard had moved to another process. */
  readonly refusedWrites: number;
}

/**
 * Many sign-ins that wait on many machines, kept in one Redis. Where Redis refuses something, a method rejects with a
 * `PlexAuthError`, `PLEX_STORE`. Its cause has Redis' code and message, and nothing that was sent.
 */
export interface SharedPlexFleet {
  /**
   * Resolves once Redis has answered, and the fleet there fits these options. A Redis that refuses for a while, because it
   * is full, starts, or is a replica that is to become the primary, is asked again.
   *
   * @throws {PlexAuthError} `PLEX_STORE` if Redis refuses for good: a wrong password, or no right to the keys or channels.
   * Also, `retryable`, if Redis could not be reached for `leaseMs` since the call: a wrong address, or one that is not there
   * yet. So do the other methods, until the fleet was ready once; `events` waits.
   * @throws {TypeError} If the fleet was made with another number of `shards`. Every other method rejects with it too, and
   * `events` ends with it; so they do, and this process asks no more, if Redis lost its data and has another number then.
   */
  ready: () => Promise<void>;
  /**
   * Starts a sign-in. Some process that asks Plex carries it out; if none runs, it waits for one.
   *
   * @returns Once there is a code to show: its pages, and the flow's `id`.
   * @throws {PlexAuthError} If Plex gives no PIN: as `start` of `createPlexFleet`.
   * @throws {TypeError} For a bad option, and for an `id` that is in use on any machine, or has half a surrogate pair.
   */
  start: (options?: FleetStartOptions) => Promise<StartedFlow>;
  /** Says that now is a good moment to ask for this flow. @returns False if there is no such flow, or it is over. */
  check: (id: string) => Promise<boolean>;
  /**
   * Ends a flow. If Plex hands out the token all the same, because a read was on its way, an event with it follows. It
   * follows also if the `id` was started again meanwhile, and changes nothing for that flow.
   *
   * @returns False if there is no such flow, or it is over.
   */
  cancel: (id: string) => Promise<boolean>;
  /** Where a flow is; undefined if there is none of this name, or its end was handled. */
  getView: (id: string) => Promise<PlexAuthView | undefined>;
  /**
   * What happens in all flows. All readers on all machines share them: each event is taken by one.
   *
   * An event counts as handled when the next one is asked for. One whose handling broke off comes again, to any reader; so
   * does one whose process died, after 30 seconds. While nobody reads, nothing piles up: a flow has one event, its newest.
   */
  readonly events: AsyncIterable<PlexFleetEvent>;
  /** How the fleet keeps up. */
  load: () => Promise<SharedFleetLoad>;
  /**
   * Stops asking, hands the shards of this process to the others, and ends `events`. Reads in flight are waited for, since a
   * token may be in one. The flows continue on the other machines, or in the next process.
   *
   * If Redis is away, it still ends: after the reads, it waits for `leaseMs`, and for a token that is not in Redis yet up to
   * six times as long. A second call gives the same promise.
   */
  dispose: () => Promise<void>;
}
