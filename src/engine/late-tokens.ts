import type { Credentials, Pin } from '../pin.ts';
import type { Wire } from '../ports.ts';
import type { UserAnswer } from '../user.ts';
import type { FlowStore } from './flow-store.ts';
import type { Life } from './life.ts';

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

/** What {@link keepLateToken} needs. */
export interface LateTokenOptions {
  readonly wire: Wire;
  readonly store: FlowStore;
  readonly life: Life;
  readonly chart: ChartAccess;
}

/**
 * Keeps a token that the chart did not see in time. Another sign-in may have begun or ended since, and Plex keeps one token
 * per client: so it is asked which one lives before one takes the other's place.
 *
 * @param isOfAnother Another sign-in has begun since, or ended.
 * @param endReads Ends the reads in the background: a token is here.
 */
export function keepLateToken(
  { wire, store, life, chart }: LateTokenOptions,
  credentials: Credentials,
  isOfAnother: boolean,
  endReads: () => void,
): void {
  function keep(): void {
    endReads();
    // Where another token is stored, only an engine that runs can ask which one lives.
    if (life.isOver) void store.keepUnlessNewer(credentials);
    else void store.keepCredentials(credentials, chart.verify);
    void store.forgetPin();
    // Does nothing once the engine has ended.
    chart.adopt(credentials);
  }

  async function keepIfValid(): Promise<void> {
    const answer = await wire.getUser({ ...credentials, signal: life.signal }).catch(() => undefined);
    if (answer?.status !== 'rejected' && !chart.isSignedIn()) keep();
  }

  if (life.isOver) keep();
  else if (chart.isSignedIn()) void chart.verify().then(() => chart.isSignedIn() || keep());
  else if (isOfAnother) void keepIfValid();
  else keep();
}
