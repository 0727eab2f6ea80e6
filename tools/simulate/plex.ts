import type { Operation } from './observed-world.ts';
import type { PlannedFault } from './plan.ts';

/** A request as it comes to Plex. */
export interface PlexRequest {
  readonly operation: Operation;
  readonly url: string;
  readonly init: RequestInit;
  readonly fault: PlannedFault | undefined;
  /** Undefined where the network does not notice an abort. */
  readonly signal: AbortSignal | undefined;
}

/** What Plex sends back, its body not yet on the way. */
export interface PlexAnswer {
  readonly status: number;
  readonly headers: Map<string, string>;
  /** Null where the answer has no body. */
  readonly text: string | null;
}

/** A plex.tv for the time of one world. */
export interface SimulatedPlex {
  /** Rejects where the connection breaks; never settles where no answer comes, unless the signal is aborted. */
  answer(request: PlexRequest): Promise<PlexAnswer>;
  /** The user approves. @returns The token. @throws {Error} If no waiting PIN has the code. */
  link(code: string): string;
  deny(code: string): void;
  /** Plex forgets a PIN before its time. */
  expire(pinID: number): void;
}

/** The numbers that ids, codes and tokens are made of. */
export function createDraws(): () => number {
  let draws = 0;
  return () => {
    draws = (Math.imul(draws, 1_664_525) + 1_013_904_223) >>> 0;
    return draws / 2 ** 32;
  };
}

/** How the plans limit the rate of one client. */
export const rateLimit = { requests: 2, perMs: 4000 };

/** What `Retry-After` says; undefined where there is no such header. */
export function retryAfterOf(fault: PlannedFault, plexNowMs: number): string | undefined {
  if (fault.type === 'status') return fault.retryAfterS ? `${fault.retryAfterS}` : undefined;
  if (fault.type !== 'rateLimited') return undefined;
  return {
    seconds: `${fault.seconds}`,
    date: new Date(plexNowMs + fault.seconds * 1000).toUTCString(),
    nonsense: 'soon',
    nothing: undefined,
  }[fault.as];
}

/** Waits until the signal is aborted, and for ever without one. */
export function waitForAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Whether a fault cuts the body in half. Plex knows that nobody got the token then. */
export function isCut(fault: PlannedFault | undefined): boolean {
  return fault?.type === 'truncated' || fault?.type === 'stalled';
}

/** Whether Plex itself answers well, and what goes wrong does so on the way. */
export function isOfNetwork({ type }: PlannedFault): boolean {
  return ['garbage', 'drift', 'lost', 'lostEnd', 'stalledEnd', 'lateEnd', 'lateHalf'].includes(type);
}
