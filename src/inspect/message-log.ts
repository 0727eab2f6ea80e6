import type { InspectionMessage } from './message.ts';

/** The messages so far, for pages that open later. Each is kept and handed over as JSON, so that nobody changes another's. */
export interface MessageLog {
  add(message: InspectionMessage): void;
  /** Notes that so many messages were gone before the first one came here. */
  noteLost(count: number): void;
  /**
   * Hands over what is kept, and from then on each message. A receiver that throws is not called again.
   *
   * @param begin Called first, with how many earlier messages are gone. No page of the protocol is told that.
   * @returns Ends it.
   */
  connect(receive: (json: string) => void, begin?: (lost: number) => void): () => void;
  /** Ends every connection, and takes nothing more in. */
  close(): void;
}

const mostMessages = 3000;
/** In characters of JSON. */
const mostText = 4_000_000;
const mostMachines = 100;
const mostActors = 1000;
/** In characters of JSON: an actor that is longer is no more than a message among others. */
const longestActor = 10_000;

interface Entry {
  readonly number: number;
  readonly sessionID: string;
  readonly json: string;
}

/**
 * Keeps the last 3000 messages, or 4 million characters of them.
 *
 * Of each of the last 100 machines it keeps also how it is made and where it last stood, however long ago that was; and of
 * each other actor that a kept message is about, that it was made.
 *
 * @param redact Applied to what is kept before it is handed over: a secret may have become known since.
 */
export function createMessageLog(redact: (message: unknown) => unknown): MessageLog {
  const recent: Entry[] = [];
  const machines = new Map<string, { made: Entry; last?: Entry }>();
  const actors = new Map<string, Entry>();
  const receivers = new Set<(json: string) => void>();
  let number = 0;
  let length = 0;
  let lostBefore = 0;
  let isClosed = false;

  function keep(message: InspectionMessage, entry: Entry): void {
    recent.push(entry);
    length += entry.json.length;
    while (recent.length > mostMessages || (length > mostText && recent.length > 1))
      length -= recent.shift()?.json.length ?? 0;
    const { sessionId } = message;
    const machine = machines.get(sessionId);
    if (machine && message.type === '@xstate.snapshot') machine.last = entry;
    if (message.type !== '@xstate.actor') return;
    if (message.definition?.includes('"states"')) putLast(machines, sessionId, { made: entry }, mostMachines);
    else if (entry.json.length <= longestActor) putLast(actors, sessionId, entry, mostActors);
  }

  function kept(): Entry[] {
    const known = new Set(recent.map(({ sessionID }) => sessionID));
    const entries = [...machines.values()].flatMap(({ made, last }) => (last ? [made, last] : [made]));
    const others = [...actors.values()].filter(({ sessionID }) => known.has(sessionID));
    return [...new Set([...entries, ...others, ...recent])].sort((one, other) => one.number - other.number);
  }

  function deliver(json: string, receive: (json: string) => void): void {
    try {
      receive(json);
    } catch {
      receivers.delete(receive);
    }
  }

  return {
    add(message) {
      if (isClosed) return;
      const json = JSON.stringify(message);
      keep(message, { number: ++number, sessionID: message.sessionId, json });
      for (const receive of [...receivers]) if (receivers.has(receive)) deliver(json, receive);
    },
    noteLost(count) {
      lostBefore += count;
    },
    connect(receive, begin) {
      if (isClosed) return () => {};
      const entries = kept();
      begin?.(lostBefore + number - entries.length);
      receivers.add(receive);
      for (const { json } of entries) {
        if (receivers.has(receive)) deliver(JSON.stringify(redact(JSON.parse(json))), receive);
      }
      return () => receivers.delete(receive);
    },
    close() {
      isClosed = true;
      receivers.clear();
    },
  };
}

/** Puts a value at the end of a map that keeps so many. */
function putLast<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest = ''] = map.keys();
  if (map.size > most) map.delete(oldest);
}
