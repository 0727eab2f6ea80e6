/**
 * What an inspector tells its page: Stately's inspection protocol (`@statelyai/inspect` 0.7) as plain data.
 *
 * `sessionId` names the actor that it is about, `createdAt` is in milliseconds since the epoch, as text.
 */
export type InspectionMessage = ActorMessage | EventMessage | SnapshotMessage;

interface MessageBase {
  readonly sessionId: string;
  readonly createdAt: string;
  readonly rootId?: string | undefined;
}

/** An actor has been made. */
interface ActorMessage extends MessageBase {
  readonly type: '@xstate.actor';
  readonly name: string;
  readonly parentId?: string | undefined;
  /** The machine's own config, as JSON; of another actor only its `id`. */
  readonly definition?: string | undefined;
  readonly snapshot: InspectedSnapshot;
}

/** An actor has been sent an event. */
interface EventMessage extends MessageBase {
  readonly type: '@xstate.event';
  readonly sourceId?: string | undefined;
  readonly event: InspectedEvent;
}

/** An actor has a new snapshot, because of an event. */
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
 * The actor that stands for plex.tv: it is sent an {@link InspectedRequest} when a request goes out, and another with the
 * same `number` when it is over.
 */
export const plexSessionID = 'plex.tv';

/** A request as the page is told of it: `type` is `GET /api/v2/pins/{pinID}`, and with its answer `200 GET /api/v2/…`. */
export interface InspectedRequest extends InspectedEvent {
  /** Counts the requests of one inspector, from 1. */
  readonly number: number;
  readonly method: string;
  /** Without host and query, and with `{pinID}` in place of a PIN's id. */
  readonly path: string;
  /** Absent while it is out, and where no answer came. */
  readonly status?: number;
  /** Why no answer came: an error's name, such as `AbortError`. Absent while it is out. */
  readonly fault?: string;
  /** Until the answer's headers, or the fault. Absent while it is out. */
  readonly durationMs?: number;
}
