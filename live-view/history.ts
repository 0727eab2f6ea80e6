import { plexSessionID } from '../src/inspect/message.ts';
import { createActorRegistry } from './actor-registry.ts';
import { createEntryList } from './entry-list.ts';
import { createEventRecorder } from './event-recorder.ts';
import type { Entry, EventEntry, SignIn } from './history-entry.ts';
import { objectIn, textIn } from './message-reader.ts';
import { createRequestRecorder } from './request-recorder.ts';
import { createTextPool } from './text-pool.ts';

/** Everything that is known of the sign-ins, in as little memory as possible. Knows no document. */
export interface History {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many older entries were dropped, because there were too many. */
  readonly dropped: number;
  /** How many messages were dropped before the first one came here. */
  readonly lost: number;
  readonly signIns: readonly SignIn[];
  /** Takes one message. Returns `false` if it brought nothing new. */
  receive(message: unknown): boolean;
  noteLost(count: number): void;
}

/**
 * Makes an empty history.
 *
 * @param capacity How many entries are kept. The oldest are dropped first, a tenth at a time.
 */
export function createHistory(capacity = 20_000): History {
  const intern = createTextPool();
  const list = createEntryList(capacity);
  const actors = createActorRegistry(intern);
  const recordRequest = createRequestRecorder({ list, actors, intern });
  const { recordEvent, recordSnapshot } = createEventRecorder({ list, actors, intern });
  let lost = 0;

  function receiveTyped(message: object, sessionID: string, atMs: number): boolean {
    switch (textIn(message, 'type')) {
      case '@xstate.actor':
        if (actors.find(sessionID)?.createdAt === textIn(message, 'createdAt')) return false;
        actors.add(sessionID, message);
        return true;
      case '@xstate.event':
        return sessionID === plexSessionID
          ? recordRequest(objectIn(message, 'event'), atMs, textIn(message, 'sourceId'))
          : recordEvent(message, sessionID, atMs);
      case '@xstate.snapshot':
        return recordSnapshot(message, sessionID, atMs);
      default:
        return false;
    }
  }

  return {
    get entries() {
      return list.entries;
    },
    get dropped() {
      return list.dropped;
    },
    get lost() {
      return lost;
    },
    signIns: actors.signIns,
    noteLost(count) {
      lost += count;
    },
    receive(message) {
      if (typeof message !== 'object' || message === null) return false;
      const sessionID = textIn(message, 'sessionId');
      const atMs = Number(textIn(message, 'createdAt'));
      return sessionID !== undefined && Number.isFinite(atMs) && receiveTyped(message, sessionID, atMs);
    },
  };
}

/** The latest entry, up to an index, that says what state a sign-in is in. */
export function latestStateEntry(history: History, signIn: SignIn, index: number): EventEntry | undefined {
  const { entries, dropped } = history;
  for (let place = Math.min(index - dropped, entries.length - 1); place >= 0; place--) {
    const entry = entries[place];
    if (entry?.kind === 'event' && entry.signIn === signIn && entry.state) return entry;
  }
  return undefined;
}
