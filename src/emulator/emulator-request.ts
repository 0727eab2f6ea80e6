import type { Context } from 'hono';
import type { Operation } from './faults.ts';

/** One request as the emulator saw it. It never holds a token. */
export interface EmulatorRequest {
  /** When it came in, by the emulator's clock, in milliseconds since the epoch. */
  readonly atMs: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Absent for pages, preflights and unknown paths. */
  readonly operation?: Operation;
  readonly clientIdentifier?: string;
  readonly product?: string;
  readonly origin?: string;
  /** Absent while the request is out, and where it never got an answer. */
  readonly status?: number;
}

/** Adds to the record of a request what is known by now, leaving out what is not. */
export function note(
  call: EmulatorRequest,
  known: { [name in keyof EmulatorRequest]?: EmulatorRequest[name] | undefined },
): void {
  for (const [name, value] of Object.entries(known)) if (value) Object.assign(call, { [name]: value });
}

/** What the routes know of a request besides the request. */
export interface PlexEnv {
  Bindings: { call: EmulatorRequest; signal: AbortSignal | undefined };
  Variables: { parameters: ReadonlyMap<string, string>; asXML: boolean; answerIsLost: boolean };
}

export type PlexContext = Context<PlexEnv>;
