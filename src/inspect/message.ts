/**
 * What an inspector sends to its page: Stately's inspection protocol (`@statelyai/inspect` 0.7) as plain data.
 *
 * `sessionId` names the actor, `createdAt` is in milliseconds since the epoch, as text.
 */
export type InspectionMessage = ActorMessage | EventMessage | SnapshotMessage;

interface MessageBase {
  readonly sessionId: string;
  readonly createdAt: string;
  readonly rootId?: string | undefined;
}

/** An actor was created. */
interface ActorMessage extends MessageBase {
  readonly type: '@xstate.actor';
  readonly name: string;
  readonly parentId?: string | undefined;
  /** The machine's config as JSON. For an actor that is not a machine, only its `id`. */
  readonly definition?: string | undefined;
  readonly snapshot: InspectedSnapshot;
}

/** An actor received an event. */
interface EventMessage extends MessageBase {
  readonly type: '@xstate.event';
  readonly sourceId?: string | undefined;
  readonly event: InspectedEvent;
}

/** An actor has a new snapshot after an event. */
interface SnapshotMessage extends MessageBase {
  readonly type: '@xstate.snapshot';
  readonly event: InspectedEvent;
  readonly snapshot: InspectedSnapshot;
}

export interface InspectedEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface InspectedSnapshot {
  readonly status?: string;
  /** `'idle'`, or `{ requestingPin: 'asking' }`. */
  readonly value?: unknown;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly output?: unknown;
  readonly error?: unknown;
}

/**
 * The actor that stands for plex.tv. It receives an {@link InspectedRequest} when a request goes out, and another with the
 * same `number` when the request is over.
 */
export const plexSessionID = 'plex.tv';

/** A request as the page sees it: `type` is `GET /api/v2/pins/{pinID}`, and with its answer `200 GET /api/v2/…`. */
export interface InspectedRequest extends InspectedEvent {
  /** Counts the requests of one inspector, from 1. */
  readonly number: number;
  readonly method: string;
  /** Without host and query, and with `{pinID}` in place of a PIN's id. */
  readonly path: string;
  /** Absent during the request, and if no answer came. */
  readonly status?: number;
  /** Why no answer came: an error's name, such as `AbortError`. Absent during the request. */
  readonly fault?: string;
  /** Until the headers of the answer, or the error. Absent during the request. */
  readonly durationMs?: number;
}
