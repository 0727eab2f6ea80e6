import { setTimeout as wait } from 'node:timers/promises';
import { createPlexEmulator, type PlexEmulator, servePlexEmulator } from '../../../src/testing/index.ts';
import { withDeviceFlow } from './device-flow.ts';

/** A PIN whose user has not approved yet. */
interface WaitingPin {
  readonly index: number;
  readonly clientIdentifier: string;
  /** @returns The token that the subject is going to read. */
  readonly approve: () => string;
}

export interface SignInServer {
  readonly origin: string;
  readonly emulator: PlexEmulator;
  /** How many requests came. */
  readonly requests: number;
  /** Closes the port and every connection, and opens it again after that time. */
  goOffline: (ms: number) => Promise<void>;
  close: () => Promise<void>;
}

export interface SignInServerOptions {
  /** What the device flow asks for. */
  intervalMs: number;
  /** What a request takes on its way there and back. */
  roundTripMs: number;
  /** How many users there are; each PIN is approved by another one, since an account has one token per client. */
  users: number;
  onPin: (pin: WaitingPin) => void;
}

/** Serves an emulated plex.tv, and the device flow in front of it, whose users approve when the benchmark says so. */
export async function startSignInServer(options: SignInServerOptions): Promise<SignInServer> {
  const { intervalMs, roundTripMs, users, onPin } = options;
  const emulator = createPlexEmulator({ people: Array.from({ length: users }, (_, n) => `user${n}`) });
  const handle = withDeviceFlow(emulator, intervalMs);
  let requests = 0;
  let pins = 0;

  function reportNewPins(): void {
    for (const { code, clientIdentifier } of emulator.pins.slice(pins)) {
      const index = pins++;
      const approve = () => emulator.approve(code, { as: `user${index % users}` });
      onPin({ index, clientIdentifier, approve });
    }
  }

  const served: PlexEmulator = {
    ...emulator,
    async handle(request) {
      requests += 1;
      if (roundTripMs > 0) await wait(roundTripMs / 2);
      const response = await handle(request);
      if (roundTripMs > 0) await wait(roundTripMs / 2);
      reportNewPins();
      return response;
    },
  };
  let server = await servePlexEmulator({ emulator: served });
  const origin = server.url;

  return {
    origin,
    emulator,
    get requests() {
      return requests;
    },
    async goOffline(ms) {
      await server.close();
      await wait(ms);
      server = await servePlexEmulator({ emulator: served, port: Number(new URL(origin).port) });
    },
    close: () => server.close(),
  };
}
