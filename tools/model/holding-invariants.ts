import { isRequestSent } from './past.ts';
import type { Finding, Rule, Step } from './step.ts';
import { type StateName, stateOf, tokens } from './world.ts';

const running: Record<StateName, { readonly requests: readonly string[]; readonly timers: number }> = {
  idle: { requests: [], timers: 0 },
  asking: { requests: ['getPin'], timers: 0 },
  backingOff: { requests: [], timers: 1 },
  awaitingLink: { requests: [], timers: 1 },
  fetchingToken: { requests: ['getToken'], timers: 0 },
  authenticated: { requests: [], timers: 0 },
  expired: { requests: [], timers: 0 },
  failed: { requests: [], timers: 0 },
  signingOut: { requests: ['signOut'], timers: 0 },
};

const reasons: Partial<Record<StateName, readonly (string | undefined)[]>> = {
  idle: [undefined, 'cancelled', 'signedOut'],
  expired: ['pin', 'limit', 'token'],
};

/** Rules on what runs, and on what is held and stored. */
export const holdingInvariants = {
  /** Each state has exactly its one request or its one timer. Over means over: nothing runs any more. */
  runsWhatItsStateSays({ after }: Step): Finding {
    const state = stateOf(after);
    const operations = after.requests.map(({ operation }) => operation);
    const { requests, timers } = running[state];
    if (operations.join() === requests.join() && after.timers.length === timers) return undefined;
    return `${state} with requests [${operations}] and ${after.timers.length} timers`;
  },

  /** Only its answer, a cancel or a token from elsewhere ends a request. */
  abortsNoRequest({ before, move, after }: Step): Finding {
    const isEnded = move.answer !== undefined || ['CANCEL', 'RESTORE'].includes(move.event?.type ?? '');
    const isKept = before.requests.length === after.requests.length;
    const isSame = isKept && !isRequestSent(before, move, after);
    return isEnded || before.requests.length === 0 || isSame ? undefined : `${move.name} ended a request`;
  },

  /** A read asks for the PIN that the user sees. */
  asksForItsPin({ after }: Step): Finding {
    const { pin } = after.snapshot.context;
    const stray = after.requests.find(
      ({ operation, pinID }) => operation === 'getToken' && pinID !== pin?.pinID,
    );
    return stray && `getToken asks for PIN ${stray.pinID}, shown is ${pin?.pinID}`;
  },

  /** A token that Plex sent, or that came from elsewhere, is held until it is given up; nothing else counts as one. */
  holdsTheToken({ after }: Step): Finding {
    const { credentials } = after.snapshot.context;
    const state = stateOf(after);
    const { token } = after.past;
    if (token && state !== 'authenticated') return `the token (${token}) is not held: ${state}`;
    if (state === 'signingOut') return undefined;
    const isRight = credentials?.token === (token && tokens[token]);
    return isRight ? undefined : `${state} holds another token than the one that is ${token ?? 'given up'}`;
  },

  /** Credentials are stored exactly while they are held. */
  storesTheCredentials({ after }: Step): Finding {
    const isHeld = stateOf(after) === 'authenticated';
    return isHeld === after.stored.credentials
      ? undefined
      : `credentials stored: ${!isHeld}, ${stateOf(after)}`;
  },

  /** A PIN is stored exactly while the user has its code. */
  storesThePin({ after }: Step): Finding {
    const isShown = ['awaitingLink', 'fetchingToken'].includes(stateOf(after));
    return isShown === after.stored.pin ? undefined : `PIN stored: ${after.stored.pin}, ${stateOf(after)}`;
  },

  /** A failure has its error, an end its reason, and no other state has one. */
  saysWhyItIsOver({ after }: Step): Finding {
    const { error, reason } = after.snapshot.context;
    const state = stateOf(after);
    if (!(reasons[state] ?? [undefined]).includes(reason)) return `${state} with the reason ${reason}`;
    return (error !== undefined) === (state === 'failed')
      ? undefined
      : `${state} with the error ${error?.message}`;
  },
} satisfies Record<string, Rule>;
