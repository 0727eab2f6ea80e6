import type { InspectionMessage } from './message.ts';

export interface KeptMessage {
  /** Counts all messages, from 1. */
  readonly number: number;
  readonly sessionID: string;
  readonly json: string;
}

const mostMessages = 3000;
/** In characters of JSON. */
const mostText = 4_000_000;
const mostMachines = 100;
const mostActors = 1000;
/** In characters of JSON. A longer actor is kept only as one of the recent messages. */
const longestActor = 10_000;

/**
 * Keeps the last 3000 messages, or 4 million characters of them.
 *
 * Of the last 100 machines it also keeps the definition and the last snapshot, however old they are; and of each other actor
 * that a kept message is about, that it was created.
 */
export class KeptMessages {
  readonly #recent: KeptMessage[] = [];
  readonly #machines = new Map<string, { created: KeptMessage; last?: KeptMessage }>();
  readonly #actors = new Map<string, KeptMessage>();
  #count = 0;
  #length = 0;

  /** How many messages came, dropped ones included. */
  get count(): number {
    return this.#count;
  }

  add(message: InspectionMessage, json: string): void {
    const { sessionId } = message;
    const kept = { number: ++this.#count, sessionID: sessionId, json };
    this.#addRecent(kept);
    const machine = this.#machines.get(sessionId);
    if (machine && message.type === '@xstate.snapshot') machine.last = kept;
    if (message.type !== '@xstate.actor') return;
    if (message.definition?.includes('"states"'))
      putLast(this.#machines, sessionId, { created: kept }, mostMachines);
    else if (json.length <= longestActor) putLast(this.#actors, sessionId, kept, mostActors);
  }

  /** In the order in which they came. */
  inOrder(): KeptMessage[] {
    const known = new Set(this.#recent.map(({ sessionID }) => sessionID));
    const machines = [...this.#machines.values()].flatMap(({ created, last }) =>
      last ? [created, last] : [created],
    );
    const actors = [...this.#actors.values()].filter(({ sessionID }) => known.has(sessionID));
    const all = new Set([...machines, ...actors, ...this.#recent]);
    return [...all].sort((one, other) => one.number - other.number);
  }

  #addRecent(kept: KeptMessage): void {
    const recent = this.#recent;
    recent.push(kept);
    this.#length += kept.json.length;
    while (recent.length > mostMessages || (this.#length > mostText && recent.length > 1))
      this.#length -= recent.shift()?.json.length ?? 0;
  }
}

/** Puts a value at the end of a map, and drops the first one if there are too many. */
function putLast<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest = ''] = map.keys();
  if (map.size > most) map.delete(oldest);
}
