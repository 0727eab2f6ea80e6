import type { PlexAuthView } from '../../src/index.ts';
import type { Life, ObservedWorld, Sent } from './observed-world.ts';

/** How a rule was broken, in words; undefined if it holds. */
export type Finding = string | undefined;

/** How far two of the world's own sums may be apart. */
const slackMs = 2;
/** The wait when Plex throttles without saying for how long, as the chart documents it. */
export const throttleMs = 5000;
/** How long before a deadline a read goes out whatever the pace, as the chart documents it. */
export const lastMs = 1000;

/** How many hints in a row are answered at once, and how soon any further one is, as the chart documents it. */
const mostPromptChecks = 3;
const checkPaceMs = 500;

/** How many reads go on in the background, as the transport documents it. */
const mostLateReads = 2;
/** For how long they do. */
const longestLateMs = 300_000;

/** Rules on each request at the moment it goes out. */
export const sendingInvariants = {
  /** A flow has at most one getPin or getToken in flight. */
  oneRequestAtATime(observed: ObservedWorld, sent: Sent): Finding {
    const others = observed.sent.filter(
      (other) =>
        other !== sent &&
        other.life === sent.life &&
        other.isOut &&
        isOfFlow(other) &&
        !isInBackground(observed, other),
    );
    return isOfFlow(sent) && others.length > 0
      ? `${sent.operation} went out while ${others.map((other) => other.operation)} was`
      : undefined;
  },

  /** No getPin or getToken of a flow goes out before a Retry-After allows it, whatever caused it; a new start is the user's own. */
  obeysRetryAfter(observed: ObservedWorld, { operation, flow }: Sent): Finding {
    const earlyMs = flow.throttledUntilMs - observed.awakeMs;
    if (!isOperationOfFlow(operation) || earlyMs <= slackMs) return undefined;
    return `${operation} went out ${earlyMs} ms before Retry-After allows it`;
  },

  /** No read goes out sooner than an interval after the one before, unless a hint or a deadline asked for it. */
  keepsItsPace(observed: ObservedWorld, sent: Sent): Finding {
    const { last } = sent.flow;
    if (sent.operation !== 'getToken' || last?.operation !== 'getToken' || isFallback(sent, last))
      return undefined;
    if (sent.isCheckPending || observed.clockChangedMs >= last.atMs || isAtDeadline(observed, sent))
      return undefined;
    const gapMs = sent.awakeAtMs - (isFailed(last) ? answeredAwakeMs(observed, last) : last.awakeAtMs);
    if (gapMs >= observed.plan.intervalMs - slackMs) return undefined;
    return `a read went out ${gapMs} ms after the last one, at an interval of ${observed.plan.intervalMs} ms`;
  },

  /** Three hints in a row are answered at once, and then two a second. */
  hintsHaveAPace(observed: ObservedWorld, { flow, operation, awakeAtMs }: Sent): Finding {
    if (!isOperationOfFlow(operation) || flow.promptRequests <= mostPromptChecks) return undefined;
    if (observed.clockChangedMs >= flow.startedMs) return undefined;
    return `request ${flow.promptRequests} in a row that followed a hint at once, at ${awakeAtMs} ms`;
  },

  /** No flow waits longer than the slowest pace, the longest back-off or a Retry-After says. */
  waitsNoLongerThanItSays(observed: ObservedWorld, sent: Sent): Finding {
    const { last, throttledUntilMs } = sent.flow;
    if (!last || observed.wokeMs >= last.atMs || !isOperationOfFlow(sent.operation)) return undefined;
    const endedMs = answeredAwakeMs(observed, last);
    const maxIntervalMs = Math.max(observed.plan.maxIntervalMs, observed.plan.intervalMs);
    const maxBackoffMs = longestBackoffMs(observed.plan);
    const longestMs = isFailed(last)
      ? Math.max(maxBackoffMs * 1.25, throttledUntilMs - endedMs)
      : maxIntervalMs * 1.05;
    const waitedMs = sent.awakeAtMs - endedMs;
    if (waitedMs <= longestMs + longestStoreMs(observed.plan)) return undefined;
    return `${sent.operation} went out ${waitedMs} ms after the last answer, at most ${longestMs} ms were due`;
  },

  /** A disposed engine sends no request. */
  asksNothingAfterItsEnd(_: ObservedWorld, { life, operation }: Sent): Finding {
    return life.isDisposed ? `a disposed engine sent ${operation}` : undefined;
  },
};

/** Rules on the world once everything that was due has run. */
export const stepInvariants = {
  /** The snapshot is the view that was published last, and a new object only if something changed. */
  snapshotIsTheLastPublished(_: ObservedWorld, { auth, published, view }: Life): Finding {
    const now = auth.getSnapshot();
    if (now !== (published.at(-1) ?? view)) return `the snapshot (${now.status}) is not what was published`;
    return undefined;
  },

  /**
   * One timer runs for each request in flight, in the background too, one while the chart waits or a token of another
   * process is looked for, one for each access to a store, and none besides.
   */
  leavesNoTimer({ plan, sent, timers, lives, accesses }: ObservedWorld): Finding {
    const out = sent.filter((request) => request.isOut);
    const alive = lives.filter(({ isDisposed }) => !isDisposed);
    const waits = alive.filter(({ auth }) => isWaiting(auth)).length;
    const searches = plan.credentials === 'none' ? 0 : alive.filter(({ auth }) => isSearching(auth)).length;
    const disposals = lives.reduce((sum, life) => sum + life.disposals, 0);
    const strayTimers = timers - out.length - waits;
    if (strayTimers >= 0 && strayTimers <= accesses + searches + disposals) return undefined;
    return `${timers} timers for ${out.length} requests, ${waits} waits and ${accesses} accesses to a store`;
  },

  /**
   * A flow waits no longer for a PIN than three reads that time out at either host, the waits between them, and a minute
   * of Plex's throttling take after the PIN's end. A clock that was set may move the end.
   */
  endsSoonAfterItsPin(
    { plan, nowMs, clockChangedMs }: ObservedWorld,
    { auth, isDisposed, flow: { pin } }: Life,
  ): Finding {
    const isOut = !isDisposed && ['awaitingLink', 'fetchingToken'].includes(auth.getSnapshot().status);
    if (!isOut || !pin || clockChangedMs >= pin.madeMs) return undefined;
    const boundMs = 4 * (2 * plan.requestTimeoutMs + longestBackoffMs(plan) * 1.25) + 65_000;
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
    const overdue = late.filter(
      (request) => observed.awakeMs - request.awakeAtMs > observed.plan.requestTimeoutMs,
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
      const isRight =
        (isDisplaced(observed, request) && isLate) ||
        ((isCalledOff || request.flow !== flow) && (!isLate || hasSlept));
      if (!isRight)
        return `read #${request.number} was aborted after ${observed.awakeMs - request.awakeAtMs} ms, and ${status}`;
    }
    return undefined;
  },

  /** A token whose last byte the client has read is kept, unless the caller has given it up since. */
  tokensAreHeld({ tokens }: ObservedWorld): Finding {
    for (const token of tokens) {
      // Until its body ends, or the client has waited long enough, more might come.
      if (
        token.isRead &&
        !token.sent.isOut &&
        !token.isHeld &&
        !token.givenUpBy &&
        !token.sent.life.isDisposed
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
  writesNothingAfterItsEnd({ plan }: ObservedWorld, { lateWrites }: Life): Finding {
    // Nobody waits for a store that takes longer than the time limit; what waits for it is written after all.
    const isTooSlow = longestStoreMs(plan) >= plan.requestTimeoutMs;
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

/** Whether a request is part of a flow, and not of what follows it. */
export function isOfFlow({ operation }: Sent): boolean {
  return isOperationOfFlow(operation);
}

/** The error in a view, passing or not. */
export function errorIn(view: PlexAuthView): unknown {
  return view.status === 'failed' ? view.error : view.lastError;
}

/** The same request once more, at Plex's other host or the server's other root. */
export function isFallback(sent: Sent, last: Sent): boolean {
  return (
    sent.operation === last.operation &&
    sent.base !== last.base &&
    isFailed(last) &&
    sent.awakeAtMs - last.endedAwakeMs <= slackMs
  );
}

/** Where the interval is longer than the plan's back-off, the engine chooses one itself. */
function longestBackoffMs({ maxBackoffMs, intervalMs }: ObservedWorld['plan']): number {
  return maxBackoffMs >= intervalMs ? maxBackoffMs : Math.max(2 * intervalMs, 10_000);
}

/** Whether a read has reached its time limit: the chart has moved on, and the client reads on. */
export function isInBackground(
  { plan, awakeMs }: Pick<ObservedWorld, 'plan' | 'awakeMs'>,
  sent: Sent,
): boolean {
  return sent.operation === 'getToken' && awakeMs - sent.awakeAtMs >= plan.requestTimeoutMs;
}

function isLateForTooLong({ plan, awakeMs, wokeMs }: ObservedWorld, { awakeAtMs, atMs }: Sent): boolean {
  return wokeMs < atMs && awakeMs - awakeAtMs > plan.requestTimeoutMs + longestLateMs + slackMs;
}

/** Whether newer reads in the background, or the longest wait, have ended this one. */
function isDisplaced({ plan, awakeMs, sent }: ObservedWorld, request: Sent): boolean {
  if (awakeMs - request.awakeAtMs >= plan.requestTimeoutMs + longestLateMs) return true;
  const newer = sent.filter(
    (other) =>
      other.number > request.number &&
      other.life === request.life &&
      isInBackground({ plan, awakeMs }, other),
  );
  return newer.length >= mostLateReads;
}

/** Whether the chart takes a request for failed: it broke, or reached its time limit. */
function isFailed({ isBroken, isOut }: Sent): boolean {
  return isBroken || isOut;
}

/** When the chart learned how a request ended: at the time limit at the latest. */
function answeredAwakeMs({ plan }: ObservedWorld, { awakeAtMs, endedAwakeMs, isOut }: Sent): number {
  const limitMs = awakeAtMs + plan.requestTimeoutMs;
  return isOut ? limitMs : Math.min(endedAwakeMs, limitMs);
}

function isSearching(auth: Life['auth']): boolean {
  return auth.actor.getSnapshot().value === 'fetchingToken';
}

function isOperationOfFlow(operation: Sent['operation']): boolean {
  return operation === 'getPin' || operation === 'getToken';
}

/** Whether the one timer of the chart runs. */
function isWaiting(auth: Life['auth']): boolean {
  const { value } = auth.actor.getSnapshot();
  return value === 'awaitingLink' || (typeof value === 'object' && value.requestingPin === 'backingOff');
}

/** How long a few accesses to a store take, if it works: a `varied` one may take the time limit at each. */
export function longestStoreMs({
  store,
  credentials,
  requestTimeoutMs,
  storeDelaysMs,
}: ObservedWorld['plan']): number {
  if (store !== 'varied' && credentials !== 'varied') return 15;
  return (
    15 + 4 * Math.max(...storeDelaysMs.map((delayMs) => Math.min(delayMs ?? Infinity, requestTimeoutMs)))
  );
}

/** Counts the requests in a row that a hint brought on sooner than the pace of hints. */
export function countPrompt(observed: ObservedWorld, sent: Sent): number {
  const { last, promptRequests } = sent.flow;
  if (!last || last.operation !== sent.operation || isAtDeadline(observed, sent)) return 0;
  if (isFallback(sent, last)) return promptRequests;
  const gapMs = sent.awakeAtMs - answeredAwakeMs(observed, last);
  // A wait of its full length makes room for three more.
  if (!sent.isCheckPending || gapMs >= observed.plan.intervalMs / 2) return 0;
  return gapMs < checkPaceMs - slackMs ? promptRequests + 1 : promptRequests;
}

/** At the deadline, or the moment before it at which a read goes out whatever the pace. */
function isAtDeadline({ machineNowMs, awakeMs }: ObservedWorld, { life, flow }: Sent): boolean {
  const { expiresAtMs, giveUpAfterMs = Infinity, spentMs, atMs } = life.auth.actor.getSnapshot().context;
  const deadlineMs = Math.min(expiresAtMs, atMs + giveUpAfterMs - spentMs);
  // Past the moment of the last read, one waits as long as Plex asked, and no longer.
  if (deadlineMs - lastMs <= machineNowMs && Math.abs(awakeMs - flow.throttledUntilMs) <= slackMs)
    return true;
  return [0, lastMs].some((leftMs) => Math.abs(deadlineMs - leftMs - machineNowMs) <= slackMs);
}
