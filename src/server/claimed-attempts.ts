import type { Clock, KeyValueStore } from '../ports.ts';
import { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';
import type { Attempt } from './attempt-cookie.ts';
import type { SealedBox } from './sealed-box.ts';

/** What is asked about. */
export type AskedAttempt = Pick<Attempt, 'id' | 'pinID' | 'expiresAtMs'>;

/** What the server knows of an attempt that Plex has answered with a token. Of one that waits it knows nothing. */
export type ClaimedAttempt =
  /** The application has not made its session yet. */
  | { status: 'claimed'; token: Secret }
  | { status: 'used'; user: PlexUser; atMs: number }
  /** The account may not use the server that the application is for. */
  | { status: 'refused' };

/** Remembers the attempts that have their token, until their PIN would have ended. */
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

const keyOf = (id: string) => `plex-auth-flow.attempt.${id}`;

/** Makes the memory of claimed attempts. In the store it is shared with other machines. */
export function createClaimedAttempts({
  clock,
  store,
  box,
  onError,
}: ClaimedAttemptsOptions): ClaimedAttempts {
  const known = new Map<string, { endMs: number; claimed: ClaimedAttempt }>();

  async function contain<T>(call: () => T): Promise<Awaited<T> | undefined> {
    try {
      return await call();
    } catch (error) {
      onError(error);
      return undefined;
    }
  }

  function forgetEnded(): void {
    for (const [id, { endMs }] of known) {
      if (endMs > clock.now()) continue;
      known.delete(id);
      if (store) void contain(() => store.removeItem(keyOf(id)));
    }
  }

  return {
    find: ({ id }) => known.get(id)?.claimed,
    async findShared({ id }) {
      const own = known.get(id)?.claimed;
      if (own || !store) return own;
      const stored = await contain(() => store.getItem(keyOf(id)));
      const record = typeof stored === 'string' ? await box.open(stored) : undefined;
      return record && toClaimed(record);
    },
    async keep({ id, expiresAtMs }, claimed) {
      forgetEnded();
      const endMs = Math.max(expiresAtMs, clock.now()) + graceMs;
      known.set(id, { endMs, claimed });
      if (!store) return;
      await contain(async () => {
        const sealed = await box.seal(toRecord(claimed), endMs);
        const setItem: SetItem = store.setItem.bind(store);
        await setItem(keyOf(id), sealed, { ttl: Math.ceil((endMs - clock.now()) / 1000) });
      });
    },
  };
}

function toRecord(claimed: ClaimedAttempt): Record<string, unknown> {
  return claimed.status === 'claimed' ? { ...claimed, token: claimed.token.reveal() } : claimed;
}

/** What opens was sealed by a machine of this application. */
function toClaimed(record: Record<string, unknown>): ClaimedAttempt | undefined {
  const { status, token } = record;
  if (status === 'claimed')
    return typeof token === 'string' ? { status, token: new Secret(token) } : undefined;
  return status === 'used' || status === 'refused' ? (record as ClaimedAttempt) : undefined;
}
