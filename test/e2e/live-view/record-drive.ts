import type { InspectionEvent } from 'xstate';
import { type InspectionMessage, plexSessionID } from '../../../src/inspect/message.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type DrivePlexAuthOptions,
  drivePlexAuth,
  type PlexAuthDrive,
} from '../../../src/testing/index.ts';

/** A drive, and what an inspector would have told of it. */
export interface RecordedDrive {
  readonly drive: PlexAuthDrive;
  readonly messages: readonly InspectionMessage[];
}

/** Drives a sign-in and takes down the inspector's messages, with the times of the drive. */
export async function recordDrive({
  emulatorOptions,
  ...options
}: DrivePlexAuthOptions): Promise<RecordedDrive> {
  const messages: InspectionMessage[] = [];
  const time = createVirtualTime();
  const now = () => time.clock.now();
  const emulator = createPlexEmulator({ random: () => 0, ...emulatorOptions, clock: time.clock });
  let number = 0;

  function tell(sessionId: string, event: object): void {
    messages.push(
      plain({ type: '@xstate.event', sessionId, createdAt: String(now()), event }) as InspectionMessage,
    );
  }

  const fetch: typeof emulator.fetch = async (input, init) => {
    const path = new URL(String(input)).pathname.replace(/(?<=\/pins\/)\d+/, '{pinID}');
    const request = { type: 'request', number: ++number, method: init?.method ?? 'GET', path };
    const startMs = now();
    tell(plexSessionID, request);
    const end = (what: object) => tell(plexSessionID, { ...request, ...what, durationMs: now() - startMs });
    try {
      const response = await emulator.fetch(input, init);
      end({ status: response.status });
      return response;
    } catch (error) {
      end({ fault: (error as Error).name });
      throw error;
    }
  };

  const drive = await drivePlexAuth({
    ...options,
    time,
    emulator: Object.assign(Object.create(emulator) as typeof emulator, { fetch }),
    options: { ...options.options, inspect: (event) => note(event) },
  });

  function note(event: InspectionEvent): void {
    const message = toMessage(event, String(now()));
    if (message) messages.push(plain(message) as InspectionMessage);
  }
  return { drive, messages };
}

function toMessage(inspected: InspectionEvent, createdAt: string): object | undefined {
  const { type, rootId, actorRef } = inspected;
  const about = { type, rootId, createdAt, sessionId: (actorRef as { sessionId: string }).sessionId };
  switch (type) {
    case '@xstate.actor': {
      const { id, _parent, logic } = actorRef as unknown as {
        id: string;
        _parent?: { sessionId: string };
        logic?: { config?: object };
      };
      const config = typeof logic?.config === 'object' ? logic.config : { id };
      const name = id === about.sessionId ? (config as { id: string }).id : id;
      const definition = JSON.stringify(config, (_, value) =>
        typeof value === 'function' ? undefined : value,
      );
      return { ...about, name, parentId: _parent?.sessionId, definition, snapshot: { status: 'active' } };
    }
    case '@xstate.event':
      return { ...about, event: inspected.event, sourceId: inspected.sourceRef?.sessionId };
    case '@xstate.snapshot': {
      const { status, value, context } = inspected.snapshot as {
        status: string;
        value?: unknown;
        context?: object;
      };
      return { ...about, event: inspected.event, snapshot: { status, value, context } };
    }
    default:
      return undefined;
  }
}

/** As it comes over a wire. Codes are left out, as the inspector does. */
function plain(message: object): unknown {
  return JSON.parse(
    JSON.stringify(message, (name, value) =>
      name === 'code' && !/^PLEX_/.test(value) ? '[redacted]' : value,
    ),
  );
}
