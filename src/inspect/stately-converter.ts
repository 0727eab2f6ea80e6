import { createInspector } from '@statelyai/inspect';
import type { InspectionEvent } from 'xstate';
import type { InspectedRequest, InspectionMessage } from './message.ts';
import { plexSessionID } from './message.ts';
import type { Redactor } from './redact.ts';

/** Converts what happens into messages, synchronously. */
export interface StatelyConverter {
  /** Converts what XState's `inspect` is called with. The protocol has three of its events. */
  convert(event: InspectionEvent): void;
  /** A request to plex.tv. */
  convertRequest(request: InspectedRequest): void;
}

interface Named {
  readonly id?: string;
  readonly logic?: { readonly config?: unknown };
}

/**
 * Makes a converter with `@statelyai/inspect`. Every message is redacted before it leaves.
 *
 * The package's own `inspect` converts when the page is idle: late in a hidden page, too late in virtual time, and with
 * nobody to catch what it throws. So this calls its functions directly.
 *
 * @param now The time of a message, in milliseconds since the epoch.
 */
export function createStatelyConverter(
  { redact, redactConfig }: Redactor,
  now: () => number,
  send: (message: InspectionMessage) => void,
): StatelyConverter {
  /** What the package does not know, or takes from the time of its own conversion. */
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
    convert(event) {
      const { actorRef, rootId } = event;
      known = { rootId };
      if (event.type === '@xstate.event') {
        inspector.event(actorRef, event.event, event.sourceRef && { source: event.sourceRef });
      } else if (event.type === '@xstate.snapshot') {
        inspector.snapshot(actorRef, event.snapshot, { event: event.event });
      } else if (event.type === '@xstate.actor') {
        known = { rootId, ...identityOf(actorRef) };
        // Without a snapshot: the actor has none yet, and XState throws if it is asked for one.
        inspector.actor(actorRef);
      }
    },
    convertRequest(request) {
      known = { rootId: plexSessionID };
      if (!isPlexKnown) inspector.actor(plexSessionID);
      isPlexKnown = true;
      inspector.event(plexSessionID, request);
    },
  };
}

/** An actor's name and definition: a machine's config, or else only the name. */
function identityOf(actorRef: { sessionId: string } & Named): { name: string; definition: object } {
  const { id = actorRef.sessionId, sessionId, logic } = actorRef;
  const config = Object(logic?.config) === logic?.config ? (logic?.config as { id?: unknown }) : undefined;
  if (typeof config !== 'object') return { name: id, definition: { id } };
  return { name: id === sessionId ? String(config.id ?? id) : id, definition: config };
}
