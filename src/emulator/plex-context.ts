import type { Context } from 'hono';
import type { EmulatorRequest } from './emulator-request.ts';
import type { Person } from './people/person.ts';
import type { TokenClient } from './token-registry.ts';

/** What a route knows of a request besides the request itself. */
export interface PlexEnv {
  Bindings: {
    /** What the emulator's log says of the request. */
    logged: EmulatorRequest;
    /** The address, parsed once for all who read it. */
    url: URL;
    signal: AbortSignal | undefined;
    /** Whether the emulator knows no such path. Set while it answers. */
    isUnknown: boolean;
  };
  Variables: {
    parameters: ReadonlyMap<string, string>;
    /** Whose token the request carries. Only where a valid token is required. */
    person: Person;
    /** Whether a fault makes the answer XML. */
    forceXML: boolean;
    /** Whether a fault destroys the answer on its way. */
    isAnswerLost: boolean;
  };
}

export type PlexContext = Context<PlexEnv>;

/** The client identifier that the request names, or an empty text. */
export function clientOf(c: PlexContext): string {
  return c.var.parameters.get('x-plex-client-identifier') ?? '';
}

/** The token that the request carries, or an empty text. */
export function tokenOf(c: PlexContext): string {
  return c.var.parameters.get('x-plex-token') ?? '';
}

/** What the request says of the client that sends it. */
export function toTokenClient(c: PlexContext): TokenClient {
  const { parameters } = c.var;
  return {
    clientIdentifier: clientOf(c),
    product: parameters.get('x-plex-product') || '0',
    device: parameters.get('x-plex-device-name') || parameters.get('x-plex-device') || '',
  };
}
