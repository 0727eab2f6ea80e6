import type { Finding, ObservedWorld } from './observed-world.ts';
import type { StoreChange } from './stores.ts';

/** Rules on each change of the credentials store, which several engines may share. */
export const storeInvariants = {
  /**
   * The token that Plex issued last is the one that lives: none of an earlier sign-in takes its place, and nobody removes
   * it who did not give up this very token. Between the reading and the writing of a slow store another may write.
   */
  newestTokenStays(observed: ObservedWorld, { before = '', after = '' }: StoreChange): Finding {
    if (observed.plan.credentials !== 'sync') return undefined;
    const newest = newestToken(observed);
    if (!newest || !before.includes(newest) || after.includes(newest)) return undefined;
    if (wasGivenUp(observed, newest)) return undefined;
    return `the token that Plex issued last was ${after ? 'overwritten by another' : 'removed'}`;
  },
};

/** Rules on the credentials store once nothing more can happen. */
export const storedInvariants = {
  /** The token that Plex issued last is stored, if any engine has read it, whichever of them did. */
  newestTokenIsStored(observed: ObservedWorld): Finding {
    const newest = newestToken(observed);
    if (observed.plan.credentials !== 'sync' || isAnyCheckBroken(observed)) return undefined;
    if (!newest || wasGivenUp(observed, newest)) return undefined;
    // One that has ended could not ask which token lives.
    const wasRead = observed.tokens.some(
      ({ token, isRead, sent }) => isRead && token === newest && !sent.life.isDisposed,
    );
    return wasRead && !observed.kept.includes(newest)
      ? 'the token that Plex issued last was read, and is not stored'
      : undefined;
  },
};

/** The token of the PIN that the user approved last. */
function newestToken({ pins }: ObservedWorld): string | undefined {
  let newest: ObservedWorld['pins'][number] | undefined;
  for (const pin of pins) if (pin.token && pin.linkedMs >= (newest?.linkedMs ?? 0)) newest = pin;
  return newest?.token;
}

/** Whether the user signed out, or Plex refused it. */
function wasGivenUp({ tokens }: ObservedWorld, token: string): boolean {
  return tokens.some(
    (issued) => issued.token === token && (issued.givenUpBy === 'signOut' || issued.givenUpBy === 'rejected'),
  );
}

/** Whether Plex was asked whose token it is, and gave no answer. */
function isAnyCheckBroken({ sent }: ObservedWorld): boolean {
  return sent.some(({ operation, isBroken, isCutOff, status }) => {
    const isAnswered = !isCutOff && (status === 401 || (status === 200 && !isBroken));
    return operation === 'getUser' && !isAnswered;
  });
}
