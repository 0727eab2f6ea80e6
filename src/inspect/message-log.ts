import type { InspectionMessage } from './message.ts';

/** The messages so far, for pages that open later. Each is kept and handed over as JSON, so that nobody changes another's. */
export interface MessageLog {
  add(message: InspectionMessage): void;
  /**
   * Hands over what is kept, and from then on each message. A receiver that throws is not called again.
   *
   * @returns Ends it.
   */
  connect(receive: (json: string) => void): () => void;
  /** Ends every connection, and takes nothing more in. */
  close(): void;
}

const mostMessages = 3000;
/** In characters of JSON. */
const mostText = 4_000_000;
const mostMachines = 100;

interface Entry {
  readonly number: number;
  readonly json: string;
}

/**
 * Keeps the last 3000 messages, or 4 million characters of them.
 *
 * Of each of the last 100 machines it keeps also how it is made and where it last stood, however long ago that was.
 *
 * @param redact Applied to what is kept before it is handed over: a secret may have become known since.
 */
export function createMessageLog(redact: (message: unknown) => unknown): MessageLog {
  const recent: Entry[] = [];
  const machines = new Map<string, { made: Entry; last?: Entry }>();
  const receivers = new Set<(json: string) => void>();
  let number = 0;
  let length = 0;
  let isClosed = false;

  function keep(message: InspectionMessage, entry: Entry): void {
    recent.push(entry);
    length += entry.json.length;
    while (recent.length > mostMessages || (length > mostText && recent.length > 1))
      length -= recent.shift()?.json.length ?? 0;
    const { sessionId } = message;
    const machine = machines.get(sessionId);
    if (machine && message.type === '@xstate.snapshot') machine.last = entry;
    if (message.type !== '@xstate.actor' || !message.definition?.includes('"states"')) return;
    machines.set(sessionId, { made: entry });
    const [oldest = ''] = machines.keys();
    if (machines.size > mostMachines) machines.delete(oldest);
  }

  function kept(): string[] {
    const entries = [...machines.values()].flatMap(({ made, last }) => (last ? [made, last] : [made]));
    const all = [...new Set([...entries, ...recent])].sort((one, other) => one.number - other.number);
    return all.map(({ json }) => JSON.stringify(redact(JSON.parse(json))));
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
      keep(message, { number: ++number, json });
      for (const receive of [...receivers]) if (receivers.has(receive)) deliver(json, receive);
    },
    connect(receive) {
      if (isClosed) return () => {};
      receivers.add(receive);
      for (const json of kept()) if (receivers.has(receive)) deliver(json, receive);
      return () => receivers.delete(receive);
    },
    close() {
      isClosed = true;
      receivers.clear();
    },
  };
}
