import { KeptMessages } from './kept-messages.ts';
import type { InspectionMessage } from './message.ts';

/** The messages so far, for pages that open later. They are handed out as JSON, so that no page can change another's. */
export interface MessageLog {
  add(message: InspectionMessage): void;
  /** Adds to the number of messages that were dropped before the first one came here. */
  noteLost(count: number): void;
  /**
   * Sends the kept messages, and from then on each new one. A receiver that throws is not called again.
   *
   * @param begin Called first, with how many earlier messages were dropped. The protocol's pages do not use it.
   * @returns Disconnects.
   */
  connect(receive: (json: string) => void, begin?: (lost: number) => void): () => void;
  /** Disconnects everybody, and ignores further messages. */
  close(): void;
}

/** @param redact Applied to the kept messages before they are sent: a secret may have become known since. */
export function createMessageLog(redact: (message: unknown) => unknown): MessageLog {
  const messages = new KeptMessages();
  const receivers = new Set<(json: string) => void>();
  let lostBefore = 0;
  let isClosed = false;

  function send(json: string, receive: (json: string) => void): void {
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
      messages.add(message, json);
      for (const receive of [...receivers]) if (receivers.has(receive)) send(json, receive);
    },
    noteLost(count) {
      lostBefore += count;
    },
    connect(receive, begin) {
      if (isClosed) return () => {};
      const kept = messages.inOrder();
      begin?.(lostBefore + messages.count - kept.length);
      receivers.add(receive);
      for (const { json } of kept) {
        if (receivers.has(receive)) send(JSON.stringify(redact(JSON.parse(json))), receive);
      }
      return () => receivers.delete(receive);
    },
    close() {
      isClosed = true;
      receivers.clear();
    },
  };
}
