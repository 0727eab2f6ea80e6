import { createInspector } from '@statelyai/inspect';
import type { InspectionEvent } from 'xstate';
import type { InspectedRequest, InspectionMessage } from './message.ts';
import { plexSessionID } from './message.ts';
import type { Redactor } from './redact.ts';

/** Turns what happens into messages, at once. */
export interface StatelyConverter {
  /** What XState's `inspect` is called with; of its events the three that the protocol has. */
  see(event: InspectionEvent): void;
  /** A request to plex.tv. */
  seeRequest(request: InspectedRequest): void;
}

interface Named {
  readonly id?: string;
  readonly logic?: { readonly config?: unknown };
}

/**
 * Makes a converter by `@statelyai/inspect`, and sees to it that nothing secret leaves it.
 *
 * Its own `inspect` converts when the page is idle, which in a hidden one is late and in virtual time too late, and what
 * fails there nobody catches. So its parts are called one by one here.
 *
 * @param now The time of a message, in milliseconds since the epoch.
 */
export function createStatelyConverter(
  { redact, redactConfig }: Redactor,
  now: () => number,
  send: (message: InspectionMessage) => void,
): StatelyConverter {
  /** What that package does not know, or states as of its own conversion. */
  let known: { rootId: string; name?: string; definition?: object } = { rootId: plexSessionID };
  let isPlexKnown = false;

  const inspector = createInspector(
    { send: (message) => send(message as InspectionMessage) },
    {
      serialize(message) {
        const { definition, ...more } = known;
        const shown = redact({ ...message, ...more, definition: undefined, createdAt: `${now()}` });
        const config = definition && { definition: JSON.stringify(redactConfig(definition)) };
        return { ...(shown as typeof message), ...config };
      },
    },
  );

  return {
    see(event) {
      const { actorRef, rootId } = event;
      known = { rootId };
      if (event.type === '@xstate.event') {
        inspector.event(actorRef, event.event, event.sourceRef && { source: event.sourceRef });
      } else if (event.type === '@xstate.snapshot') {
        inspector.snapshot(actorRef, event.snapshot, { event: event.event });
      } else if (event.type === '@xstate.actor') {
        known = { rootId, ...identityOf(actorRef) };
        // It has no snapshot yet, and XState throws where one is asked for.
        inspector.actor(actorRef);
      }
    },
    seeRequest(request) {
      known = { rootId: plexSessionID };
      if (!isPlexKnown) inspector.actor(plexSessionID);
      isPlexKnown = true;
      inspector.event(plexSessionID, request);
    },
  };
}

/** An actor's name, and how it is made: of one that is no machine only its name. */
function identityOf(actorRef: { sessionId: string } & Named): { name: string; definition: object } {
  const { id = actorRef.sessionId, sessionId, logic } = actorRef;
  const config = Object(logic?.config) === logic?.config ? (logic?.config as { id?: unknown }) : undefined;
  if (typeof config !== 'object') return { name: id, definition: { id } };
  return { name: id === sessionId ? String(config.id ?? id) : id, definition: config };
}
