import type { Clock, KeyValueStore } from '../ports.ts';
import { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';
import { askStore } from './ask-store.ts';
import type { Attempt } from './attempt-cookie.ts';
import type { SealedBox } from './sealed-box.ts';

/** What is asked about. */
export type AskedAttempt = Pick<Attempt, 'id' | 'pinID' | 'code' | 'expiresAtMs'>;

/** What the server knows of an attempt that Plex has answered with a token. Of one that waits it knows nothing. */
export type ClaimedAttempt =
  /** The application has not made its session yet. `untilMs`: until then another machine is about to. */
  | { status: 'claimed'; token: Secret; untilMs: number }
  | { status: 'used'; user: PlexUser; atMs: number }
  /** The account may not use the server that the application is for. */
  | { status: 'refused' }
  /** Another attempt has redeemed the PIN. */
  | { status: 'spent' };

/** Remembers the PINs that have brought their token, and which attempt got it, until they would have ended. */
export interface ClaimedAttempts {
  find(attempt: AskedAttempt): ClaimedAttempt | undefined;
  /** Looks into the store too, where another machine may have written. */
  findShared(attempt: AskedAttempt): Promise<ClaimedAttempt | undefined>;
  keep(attempt: AskedAttempt, claimed: ClaimedAttempt): Promise<void>;
}

/** What {@link createClaimedAttempts} needs. */
export interface ClaimedAttemptsOptions {
  clock: Clock;
  store: KeyValueStore | undefined;
  /** Seals what the store keeps. */
  box: SealedBox;
  onError: (error: unknown) => void;
}

/** Stores that can forget by themselves, as several of unstorage's drivers, take the time to live, in seconds. */
type SetItem = (key: string, value: string, options: { ttl: number }) => unknown;

/** How long an attempt stays remembered after its end, in milliseconds: the clocks of two machines may differ. */
const graceMs = 120_000;

const keyOf = (pinID: number) => `plex-auth-flow.claimed.${pinID}`;

/** Makes the memory of claimed attempts. In the store it is shared with other machines. */
export function createClaimedAttempts({
  clock,
  store,
  box,
  onError,
}: ClaimedAttemptsOptions): ClaimedAttempts {
  const known = new Map<number, { id: string; code: string; endMs: number; claimed: ClaimedAttempt }>();

  async function contain<T>(call: () => T): Promise<Awaited<T> | undefined> {
    try {
      return await askStore(clock, 'keep a claimed PIN', call);
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  function forgetEnded(): void {
    for (const [pinID, { endMs }] of known) {
      if (endMs > clock.now()) continue;
      known.delete(pinID);
      if (store) void contain(() => store.removeItem(keyOf(pinID)));
    }
  }

  const find = (asked: AskedAttempt): ClaimedAttempt | undefined => {
    const found = known.get(asked.pinID);
    return found && toOwn(found.claimed, found, asked);
  };

  return {
    find,
    async findShared(asked) {
      const own = find(asked);
      if (own || !store) return own;
      const stored = await contain(() => store.getItem(keyOf(asked.pinID)));
      const record = typeof stored === 'string' ? await box.open(stored) : undefined;
      if (!record) return undefined;
      const claimed = toClaimed(record);
      return claimed && toOwn(claimed, record as { id?: string; code?: string }, asked);
    },
    async keep({ id, pinID, code, expiresAtMs }, claimed) {
      forgetEnded();
      const endMs = Math.max(expiresAtMs, clock.now()) + graceMs;
      known.set(pinID, { id, code, endMs, claimed });
      if (!store) return;
      await contain(async () => {
        const sealed = await box.seal({ id, code, ...toRecord(claimed) }, endMs);
        const setItem: SetItem = store.setItem.bind(store);
        await setItem(keyOf(pinID), sealed, { ttl: Math.ceil((endMs - clock.now()) / 1000) });
      });
    },
  };
}

/** What one attempt may know: who has the code continues an unfinished sign-in; what is used up belongs to one attempt. */
function toOwn(
  claimed: ClaimedAttempt,
  { id, code }: { id?: string; code?: string },
  asked: AskedAttempt,
): ClaimedAttempt {
  const isOwn = code === asked.code && (claimed.status === 'claimed' || id === asked.id);
  return isOwn ? claimed : { status: 'spent' };
}

function toRecord(claimed: ClaimedAttempt): Record<string, unknown> {
  return claimed.status === 'claimed' ? { ...claimed, token: claimed.token.reveal() } : claimed;
}

/** What opens was sealed by a machine of this application. */
function toClaimed(record: Record<string, unknown>): ClaimedAttempt | undefined {
  const { status, token, untilMs } = record;
  if (status === 'claimed' && typeof token === 'string')
    return { status, token: new Secret(token), untilMs: Number(untilMs) || 0 };
  return status === 'used' || status === 'refused' ? (record as ClaimedAttempt) : undefined;
}
