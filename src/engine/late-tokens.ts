import type { Credentials, Pin } from '../pin.ts';
import type { Wire } from '../ports.ts';
import type { UserAnswer } from '../user.ts';
import type { FlowStore } from './flow-store.ts';

/** What a late token does at the chart. */
export interface ChartAccess {
  /** Whether a token is held. */
  isSignedIn(): boolean;
  /** The PIN that the user is approving now. */
  pendingPin(): Pin | undefined;
  /** Asks whether the token that is held is still valid; one that is not is given up. */
  verify(): Promise<UserAnswer | { status: 'unknown' }>;
  /** Gives credentials to the chart, and asks whether they are still valid. Does nothing once the engine has ended. */
  adopt(credentials: Credentials): void;
}

/** What {@link createLateTokenKeeper} needs. */
export interface LateTokenOptions {
  readonly wire: Wire;
  readonly store: FlowStore;
  /** Aborted once the engine has ended. */
  readonly life: AbortSignal;
  readonly chart: ChartAccess;
  /** Ends the reads in the background: a token is here. */
  readonly endReads: () => void;
}

/** Keeps a token that the chart did not see in time. `isOfAnother`: another sign-in has begun since, or ended. */
export type KeepLate = (credentials: Credentials, isOfAnother: boolean) => void;

/**
 * Makes what keeps the late tokens. Another sign-in may have begun or ended since, and Plex keeps one token per client: so
 * it is asked which one lives before one takes the other's place.
 */
export function createLateTokenKeeper({ wire, store, life, chart, endReads }: LateTokenOptions): KeepLate {
  function keep(credentials: Credentials): void {
    endReads();
    // Where another token is stored, only an engine that runs can ask which one lives.
    if (life.aborted) void store.keepUnlessNewer(credentials);
    else void store.keepCredentials(credentials, chart.verify);
    void store.forgetPin();
    // Does nothing once the engine has ended.
    chart.adopt(credentials);
  }

  async function keepIfValid(credentials: Credentials): Promise<void> {
    const answer = await wire.getUser({ ...credentials, signal: life }).catch(() => undefined);
    if (answer?.status !== 'rejected' && !chart.isSignedIn()) keep(credentials);
  }

  return (credentials, isOfAnother) => {
    if (life.aborted) keep(credentials);
    else if (chart.isSignedIn()) void chart.verify().then(() => chart.isSignedIn() || keep(credentials));
    else if (isOfAnother) void keepIfValid(credentials);
    else keep(credentials);
  };
}
