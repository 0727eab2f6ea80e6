import type { Operation } from './operation.ts';

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
  /** Absent until the request is answered, and where it never is. */
  readonly status?: number;
}

/** Adds details to a logged request; empty ones are left out. */
export function addDetails(
  logged: EmulatorRequest,
  details: { [name in keyof EmulatorRequest]?: EmulatorRequest[name] | undefined },
): void {
  for (const [name, value] of Object.entries(details)) if (value) Object.assign(logged, { [name]: value });
}
