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
  /** The application has not made its session yet. `untilMs`: until then the try that is named `by` is about to let it. */
  | { status: 'claimed'; token: Secret; untilMs: number; by?: string | undefined }
  | { status: 'used'; user: PlexUser; atMs: number }
  /** The account may not use the server that the application is for. */
  | { status: 'refused' }
  /** It brings nothing any more: another attempt has redeemed the PIN, or, with `isCancelled`, its browser has ended it. */
  | { status: 'spent'; isCancelled?: boolean | undefined };

/** Remembers the PINs that have brought their token, and which attempt got it, until they would have ended. */
export interface ClaimedAttempts {
  /** What this machine knows. */
  find(attempt: AskedAttempt): ClaimedAttempt | undefined;
  /** Looks into the store too, where another machine may have written. @throws {PlexAuthError} `PLEX_STORE`. */
  findShared(attempt: AskedAttempt): Promise<ClaimedAttempt | undefined>;
  /** The same for whoever has the token anyway: a store that is down stops nobody. Never rejects. */
  findLatest(attempt: AskedAttempt): Promise<ClaimedAttempt | undefined>;
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

/**
 * How long somebody may take to find out who has signed in and to let the application make its session, in milliseconds: two
 * requests to Plex, one callback, and a minute by which the clocks of two machines may differ.
 */
export const longestUseMs = 120_000;
/** So many attempts with a wrong code end a token that waits: else a short code could be found by trying. */
const mostWrongCodes = 10;
/** Nobody finds a longer code by trying. So strangers, who know the PIN's id at most, end no sign-in that has one. */
const longestShortCode = 8;
/** How long an attempt stays remembered after its end, in milliseconds: the clocks of two machines may differ. */
const graceMs = 120_000;

const keyOf = (pinID: number) => `plex-auth-flow.claimed.${pinID}`;

/** What is known of one PIN. */
interface KnownPin {
  readonly id: string;
  readonly code: string;
  readonly endMs: number;
  claimed: ClaimedAttempt;
  /** The attempts that have asked with another code. */
  readonly strangers: Set<string>;
}

/** Makes the memory of claimed attempts. In the store it is shared with other machines. */
export function createClaimedAttempts({
  clock,
  store,
  box,
  onError,
}: ClaimedAttemptsOptions): ClaimedAttempts {
  const known = new Map<number, KnownPin>();

  async function contain<T>(call: () => T): Promise<void> {
    try {
      await askStore(clock, 'keep a claimed PIN', call);
    } catch (error) {
      onError(error);
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
    const isGuess = found && found.code !== asked.code && found.code.length <= longestShortCode;
    if (isGuess && found.claimed.status === 'claimed') {
      found.strangers.add(asked.id);
      if (found.strangers.size >= mostWrongCodes) found.claimed = { status: 'spent' };
    }
    return found && toOwn(found.claimed, found, asked);
  };

  async function findShared(asked: AskedAttempt): Promise<ClaimedAttempt | undefined> {
    const own = find(asked);
    if (!store || (own && own.status !== 'claimed')) return own;
    const stored = await askStore(clock, 'find a claimed PIN', () => store.getItem(keyOf(asked.pinID)));
    const record = typeof stored === 'string' ? await box.open(stored) : undefined;
    const claimed = record && toClaimed(record);
    return claimed ? toOwn(claimed, record as { id?: string; code?: string }, asked) : own;
  }

  return {
    find,
    findShared,
    async findLatest(asked) {
      try {
        return await findShared(asked);
      } catch (error) {
        onError(error);
        return find(asked);
      }
    },
    async keep({ id, pinID, code, expiresAtMs }, claimed) {
      forgetEnded();
      const endMs = Math.max(expiresAtMs, clock.now()) + graceMs;
      const strangers = known.get(pinID)?.strangers ?? new Set();
      known.set(pinID, { id, code, endMs, claimed, strangers });
      if (!store) return;
      await contain(async () => {
        const sealed = await box.seal({ id, code, ...toRecord(claimed) }, endMs);
        const setItem: SetItem = store.setItem.bind(store);
        await setItem(keyOf(pinID), sealed, { ttl: Math.ceil((endMs - clock.now()) / 1000) });
      });
    },
  };
}

/** Whether somebody is just about to let the application make the session. */
export function isBeingUsed(claimed: ClaimedAttempt, clock: Clock): boolean {
  const leftMs = claimed.status === 'claimed' ? claimed.untilMs - clock.now() : 0;
  // A clock that was set back must not hold anybody up.
  return leftMs > 0 && leftMs <= 2 * longestUseMs;
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
  const { status, token, untilMs, by } = record;
  if (status === 'claimed' && typeof token === 'string')
    return { status, token: new Secret(token), untilMs: Number(untilMs) || 0, by: String(by) };
  const isEnded = status === 'used' || status === 'refused' || status === 'spent';
  return isEnded ? (record as ClaimedAttempt) : undefined;
}
