import type { PlexAuthView } from '../../src/index.ts';
import type { Finding, Life, ObservedWorld } from './observed-world.ts';
import {
  isDisplaced,
  isInBackground,
  isLateForTooLong,
  isOfFlow,
  longestBackoffMs,
  longestSearchMs,
  longestStoreMs,
  mostLateReads,
} from './sent-requests.ts';

/** Rules on the world once everything that was due has run. */
export const stepInvariants = {
  /** The snapshot is the view that was published last, and a new object only if something changed. */
  snapshotIsTheLastPublished(_: ObservedWorld, { auth, published, view }: Life): Finding {
    const now = auth.getSnapshot();
    if (now !== (published.at(-1) ?? view)) return `the snapshot (${now.status}) is not what was published`;
    return undefined;
  },

  /**
   * One timer runs for each request in flight, in the background too, one while the chart waits or a token is looked
   * for that another process or a read in the background may bring, one for each access to a store, one while a token waits
   * for Plex's answer to take the place of another one, and none besides.
   */
  leavesNoTimer({ plan, sent, timers, lives, accesses, kept }: ObservedWorld): Finding {
    const out = sent.filter((request) => request.isOut);
    const alive = lives.filter(({ isDisposed }) => !isDisposed);
    const waits = alive.filter(({ auth }) => isWaiting(auth)).length;
    const searches = alive.filter(({ auth }) => isSearching(auth)).length;
    const disposals = lives.reduce((sum, life) => sum + life.disposals, 0);
    const undecided =
      plan.credentials === 'none' ? 0 : alive.filter(({ auth }) => isNotStored(auth, kept)).length;
    const strayTimers = timers - out.length - waits;
    if (strayTimers >= 0 && strayTimers <= accesses + searches + undecided + disposals) return undefined;
    return `${timers} timers for ${out.length} requests, ${waits} waits and ${accesses} accesses to a store`;
  },

  /**
   * A flow waits no longer for a PIN than three reads that time out at either host, the waits between them, a minute of
   * Plex's throttling, and the search for a token of a PIN that is gone take after the PIN's end. A clock that was set may move the end.
   */
  endsSoonAfterItsPin(
    { plan, nowMs, clockChangedMs }: ObservedWorld,
    { auth, isDisposed, flow: { pin } }: Life,
  ): Finding {
    const isOut = !isDisposed && ['awaitingLink', 'fetchingToken'].includes(auth.getSnapshot().status);
    if (!isOut || !pin || clockChangedMs >= pin.madeMs) return undefined;
    const boundMs =
      4 * (2 * plan.requestTimeoutMs + longestBackoffMs(plan) * 1.25) + 65_000 + longestSearchMs;
    const lateMs = nowMs - pin.announcedEndMs - boundMs;
    return lateMs > 0 ? `still waiting ${lateMs} ms after the last moment for this PIN` : undefined;
  },

  /**
   * No request of a flow is in flight unless the chart's state sends it. Reads that took too long go on in the background,
   * two at the most and for five minutes, until a token is held.
   */
  leavesNoRequest(observed: ObservedWorld, { auth, isDisposed, number }: Life): Finding {
    const { status } = auth.getSnapshot();
    const isAsking = !isDisposed && (status === 'requestingPin' || status === 'fetchingToken');
    const left = observed.sent.filter((request) => request.isOut && request.life.number === number);
    const late = left.filter((request) => isInBackground(observed, request));
    // At a wake everything is due at once, and the time limit may come after this.
    const overdue = late.filter(
      ({ awakeAtMs, atMs }) =>
        observed.awakeMs - awakeAtMs > observed.plan.requestTimeoutMs &&
        (observed.nowMs > observed.wokeMs || observed.wokeMs < atMs),
    );
    const mostLate = isDisposed || status === 'authenticated' ? 0 : mostLateReads;
    const strays = left.filter((request) =>
      late.includes(request)
        ? isLateForTooLong(observed, request)
        : isDisposed || (isOfFlow(request) && !isAsking),
    );
    if (overdue.length > mostLate) strays.push(...overdue);
    return strays.length === 0
      ? undefined
      : `${strays.map((request) => request.operation)} is out while ${status}${isDisposed ? ', disposed' : ''}`;
  },

  /** A read is cut off by the caller, or in the background by a token, a third late read or the longest wait. */
  cutsNoReadOff(observed: ObservedWorld, { auth, isDisposed, number, flow, published }: Life): Finding {
    const { status } = auth.getSnapshot();
    // Signed in and out in one moment counts too.
    const wasSignedIn = published.slice(-5).some((view) => view.status === 'authenticated');
    if (isDisposed || wasSignedIn) return undefined;
    const cut = observed.sent.filter(
      (request) =>
        request.isCutOff &&
        !request.isWhole &&
        request.operation === 'getToken' &&
        request.life.number === number &&
        request.endedAwakeMs === observed.awakeMs,
    );
    const isCalledOff = ['idle', 'requestingPin', 'signingOut'].includes(status);
    for (const request of cut) {
      // The one that was out as the machine fell asleep is old at the wake, and may not be in the background yet.
      const hasSlept = observed.wokeMs >= request.atMs;
      const isLate = isInBackground(observed, request);
      const isAtLimit = observed.awakeMs - request.awakeAtMs === observed.plan.requestTimeoutMs;
      const isRight =
        (isDisplaced(observed, request) && isLate) ||
        ((isCalledOff || request.flow !== flow) && (!isLate || hasSlept || isAtLimit));
      if (!isRight)
        return `read #${request.number} was aborted after ${observed.awakeMs - request.awakeAtMs} ms, and ${status}`;
    }
    return undefined;
  },

  /**
   * A token whose last byte the client has read is kept, unless the caller has given it up since. A late one waits for
   * Plex's word on whether it still lives.
   */
  tokensAreHeld({ tokens, sent }: ObservedWorld): Finding {
    for (const token of tokens) {
      // Until its body ends, or the client has waited long enough, more might come.
      if (
        token.isRead &&
        !token.sent.isOut &&
        !token.isHeld &&
        !token.givenUpBy &&
        !token.sent.life.isDisposed &&
        !sent.some(
          ({ isOut, operation, life }) => isOut && operation === 'getUser' && life === token.sent.life,
        )
      )
        return `the token that request ${token.sent.number} brought is held by nobody`;
    }
    return undefined;
  },

  /** Nothing is thrown that nobody catches. */
  throwsNothingUnhandled({ unhandled }: ObservedWorld): Finding {
    return unhandled.length === 0 ? undefined : `unhandled: ${String(unhandled[0])}`;
  },

  /** A disposed engine has called `onEnd` once. */
  announcesItsEndOnce(_: ObservedWorld, { isDisposed, ends }: Life): Finding {
    return ends === (isDisposed ? 1 : 0) ? undefined : `onEnd was called ${ends} times`;
  },
};

/** Rules on the world once nothing more can happen. */
export const finalInvariants = {
  /** Every flow reaches an end. */
  everyFlowEnds(_: ObservedWorld, { auth, isDisposed }: Life): Finding {
    const { status } = auth.getSnapshot();
    const isOver = isDisposed || ['idle', 'authenticated', 'expired', 'failed'].includes(status);
    return isOver ? undefined : `still ${status}, and nothing more will happen`;
  },

  /** Once `dispose` has resolved, its engine writes to no store, but for a token whose answer was coming in. */
  writesNothingAfterItsEnd({ plan, wokeMs }: ObservedWorld, { lateWrites }: Life): Finding {
    // Nobody waits for a store that takes longer than the time limit; what waits for it is written after all.
    // So is one that took as long because the machine slept.
    const isTooSlow = longestStoreMs(plan) >= plan.requestTimeoutMs || wokeMs >= 0;
    return lateWrites === 0 || isTooSlow
      ? undefined
      : `a disposed engine wrote ${lateWrites} times after dispose() had resolved`;
  },

  /** Each token that Plex has sent is kept, was given up by the caller, or was lost on the way. */
  everyTokenIsAccountedFor({ tokens }: ObservedWorld): Finding {
    for (const { isHeld, givenUpBy, lostBy, isRead, sent } of tokens) {
      if (!isHeld && !givenUpBy && (isRead || !lostBy))
        return `the token that request ${sent.number} brought is held by nobody in the end`;
    }
    return undefined;
  },
};

/** The error in a view, passing or not. */
export function errorIn(view: PlexAuthView): unknown {
  return view.status === 'failed' ? view.error : view.lastError;
}

function isSearching(auth: Life['auth']): boolean {
  return auth.actor.getSnapshot().value === 'fetchingToken';
}

/** Whether an engine holds a token that is not stored: another one was, when its turn came. */
function isNotStored(auth: Life['auth'], kept: string): boolean {
  const view = auth.getSnapshot();
  return view.status === 'authenticated' && !kept.includes(view.token.reveal());
}

/** Whether the one timer of the chart runs. */
function isWaiting(auth: Life['auth']): boolean {
  const { value } = auth.actor.getSnapshot();
  return value === 'awaitingLink' || (typeof value === 'object' && value.requestingPin === 'backingOff');
}
