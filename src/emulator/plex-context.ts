import type { Context } from 'hono';
import type { EmulatorRequest } from './emulator-request.ts';

/** What a route knows of a request besides the request itself. */
export interface PlexEnv {
  Bindings: {
    /** What the emulator's log says of the request. */
    logged: EmulatorRequest;
    signal: AbortSignal | undefined;
  };
  Variables: {
    parameters: ReadonlyMap<string, string>;
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
