import { PlexAuthError, type PlexAuthView } from '../../src/index.ts';
import type { Life, ObservedWorld, Sent } from './observed-world.ts';

/** What was seen against a rule, in words; nothing where it holds. */
type Finding = string | undefined;

/** How far two of the world's own sums may be apart. */
const slackMs = 2;
/** A `start` counts from its call on, and is heard once the stores have been read. */
const storeMs = 15;
/** The wait when Plex throttles without saying for how long, as the chart documents it. */
export const throttleMs = 5000;
/** By how much a clock may be set without the chart's counting anew. */
const countDriftMs = 2000;
/** How long before a deadline a read goes out whatever the pace, as the chart documents it. */
const lastMs = 1000;

/** Rules on each request at the moment it goes out. */
export const sendingInvariants = {
  /** A flow has at most one getPin or getToken out. */
  oneRequestAtATime(observed: ObservedWorld, sent: Sent): Finding {
    const others = observed.sent.filter(
      (other) => other !== sent && other.life === sent.life && other.isOut && isOfFlow(other),
    );
    return isOfFlow(sent) && others.length > 0
      ? `${sent.operation} went out while ${others.map((other) => other.operation)} was`
      : undefined;
  },

  /** No getPin or getToken of a flow goes out before a Retry-After allows it, whoever asks; a new start is the user's own. */
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
    const gapMs = sent.awakeAtMs - (last.isBroken ? last.endedAwakeMs : last.awakeAtMs);
    if (gapMs >= observed.plan.intervalMs - slackMs) return undefined;
    return `a read went out ${gapMs} ms after the last one, at an interval of ${observed.plan.intervalMs} ms`;
  },

  /** No flow waits longer than the slowest pace, the longest back-off or a Retry-After says. */
  waitsNoLongerThanItSays(observed: ObservedWorld, sent: Sent): Finding {
    const { last, throttledUntilMs } = sent.flow;
    if (!last || observed.wokeMs >= last.atMs || last.isOut || !isOperationOfFlow(sent.operation))
      return undefined;
    const { maxIntervalMs, maxBackoffMs } = observed.plan;
    const longestMs = last.isBroken
      ? Math.max(maxBackoffMs * 1.25, throttledUntilMs - last.endedAwakeMs)
      : maxIntervalMs * 1.05;
    const waitedMs = sent.awakeAtMs - last.endedAwakeMs;
    if (waitedMs <= longestMs + slackMs) return undefined;
    return `${sent.operation} went out ${waitedMs} ms after the last answer, at most ${longestMs} ms were due`;
  },

  /** A disposed engine asks nothing more. */
  asksNothingAfterItsEnd(_: ObservedWorld, { life, operation }: Sent): Finding {
    return life.isDisposed ? `a disposed engine sent ${operation}` : undefined;
  },
};

/** Rules on each new view that is published. */
export const viewInvariants = {
  /** The view's fields are those of its status, and its status is the chart's state. */
  viewAgreesWithState(_: ObservedWorld, { auth, view }: Life): Finding {
    const { value } = auth.actor.getSnapshot();
    const state = typeof value === 'string' ? value : Object.keys(value)[0];
    if (state !== view.status) return `the chart is ${state} while the view is ${view.status}`;
    const fields = Object.keys(view).filter((name) => name !== 'lastError');
    const wanted = fieldsOf[view.status];
    const isRight = wanted.some((names) => names === fields.toSorted().join());
    return isRight ? undefined : `${view.status} carries ${fields}`;
  },

  /** Each status follows one from which the chart has an arrow. */
  followsTheChart(_: ObservedWorld, { published }: Life): Finding {
    const [before, after] = published.slice(-2);
    if (!before || !after || before.status === after.status) return undefined;
    const isDrawn = successors[before.status].includes(after.status);
    return isDrawn ? undefined : `${before.status} was followed by ${after.status}`;
  },

  /** A listener is called only after a change. */
  publishesOnlyChanges(_: ObservedWorld, { published }: Life): Finding {
    const [before, after] = published.slice(-2);
    const isSame = before && after && isSameView(before, after);
    return isSame ? `${after.status} was published twice` : undefined;
  },

  /** Every error has a name of the library's, and shows no token. */
  errorsAreNamed({ tokens }: ObservedWorld, { view }: Life): Finding {
    const error = errorIn(view);
    if (error === undefined) return undefined;
    if (!(error instanceof PlexAuthError)) return `${view.status} carries ${String(error)}`;
    if (error.code === 'PLEX_UNEXPECTED')
      return `${view.status} carries ${error.code}: ${JSON.stringify(error.cause)}`;
    const text = `${error.message} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`;
    return tokens.some(({ token }) => text.includes(token)) ? `${error.code} shows a token` : undefined;
  },

  /** What the user is shown is a PIN that Plex has made, with its real end. */
  showsARealCode(observed: ObservedWorld, { view }: Life): Finding {
    if (!('code' in view)) return undefined;
    const pin = observed.pins.find(({ code }) => code === view.code);
    if (!pin) return `the code shown is none of Plex's`;
    if (observed.clockChangedMs >= pin.madeMs || observed.plan.journeys.length > 0) return undefined;
    const offMs = view.expiresAtMs - pin.announcedEndMs - (observed.machineNowMs - observed.nowMs);
    return Math.abs(offMs) > 3000 ? `expiresAtMs is ${offMs} ms off` : undefined;
  },

  /** A PIN is called expired only once its life is over, or Plex no longer knows it. */
  expiresNoSoonerThanPlex(observed: ObservedWorld, { view, flow }: Life): Finding {
    if (view.status !== 'expired' || view.reason !== 'pin') return undefined;
    const { pin } = flow;
    const earlyMs = pin ? pin.endMs - observed.nowMs : 0;
    if (earlyMs <= 1000 || flow.last?.status === 404) return undefined;
    if (observed.clockChangedMs >= (pin?.madeMs ?? 0)) {
      // A clock set past the deadline looks like a sleep until Plex answers; one set by no more than a wait, like that wait.
      const waitMs = observed.plan.maxIntervalMs;
      if (flow.last?.isBroken || earlyMs <= 1000 + countDriftMs + waitMs) return undefined;
    }
    return `the PIN is called expired ${earlyMs} ms before its end`;
  },

  /** The caller's limit ends a flow when it is reached, and not before. */
  limitIsTheCallers({ plan, nowMs, clockChangedMs }: ObservedWorld, { view, flow }: Life): Finding {
    if (view.status !== 'expired' || view.reason !== 'limit' || clockChangedMs >= flow.startedMs - storeMs)
      return undefined;
    const earlyMs = flow.startedMs + (plan.giveUpAfterMs ?? Infinity) - nowMs;
    return earlyMs > storeMs ? `the limit is called reached ${earlyMs} ms before it is` : undefined;
  },

  /** Only Plex's own word ends a token. */
  onlyPlexRejectsTokens({ rejections }: ObservedWorld, { view }: Life): Finding {
    const isRejected = view.status === 'expired' && view.reason === 'token';
    return isRejected && rejections === 0 ? 'the token is called refused, which Plex never said' : undefined;
  },

  /** A flow fails only where something went wrong in it. */
  failsForAReason({ nowMs }: ObservedWorld, { view, flow }: Life): Finding {
    if (view.status !== 'failed' || flow.lastTroubleMs >= flow.startedMs) return undefined;
    return `${view.error.code} at ${nowMs - flow.startedMs} ms, though nothing went wrong`;
  },

  /** An approval in good time, after which nothing goes wrong, brings the token. */
  approvalBringsTheToken(observed: ObservedWorld, { view, flow }: Life): Finding {
    const isRenewed = view.status === 'requestingPin' && flow.last?.operation === 'getToken';
    if (!isRenewed && (view.status !== 'expired' || view.reason !== 'pin')) return undefined;
    const { pin } = flow;
    const { plan } = observed;
    if (!pin || Number.isNaN(pin.linkedMs)) return undefined;
    const shownMs = pin.linkedMs + plan.tokenLagMs + 2000 + lastMs + plan.latencyMs;
    const isCalm = flow.lastTroubleMs < flow.startedMs && observed.clockChangedMs < pin.madeMs;
    if (!isCalm || shownMs > pin.endMs) return undefined;
    return `expired, although the user had approved ${pin.endMs - pin.linkedMs} ms before the PIN's end`;
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

  /** One timer runs for each request and each store read that is out, one while the chart waits, and none besides. */
  leavesNoTimer({ sent, timers, lives, storeReads }: ObservedWorld): Finding {
    const out = sent.filter((request) => request.isOut).length;
    const waits = lives.filter(({ auth, isDisposed }) => !isDisposed && isWaiting(auth)).length;
    const strayTimers = timers - out - waits;
    if (strayTimers >= 0 && strayTimers <= storeReads) return undefined;
    return `${timers} timers for ${out} requests, ${waits} waits and ${storeReads} reads of a store`;
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
    const boundMs = 4 * (2 * plan.requestTimeoutMs + plan.maxBackoffMs * 1.25) + 65_000;
    const lateMs = nowMs - pin.announcedEndMs - boundMs;
    return lateMs > 0 ? `still waiting ${lateMs} ms after the last moment for this PIN` : undefined;
  },

  /** No request of a flow is out unless the chart is where it asks. */
  leavesNoRequest({ sent }: ObservedWorld, { auth, isDisposed, number }: Life): Finding {
    const status = auth.getSnapshot().status;
    const isAsking = !isDisposed && (status === 'requestingPin' || status === 'fetchingToken');
    const left = sent.filter((request) => request.isOut && request.life.number === number);
    const strays = left.filter((request) => isDisposed || (isOfFlow(request) && !isAsking));
    return strays.length === 0
      ? undefined
      : `${strays.map((request) => request.operation)} is out while ${status}`;
  },

  /** A token whose last byte the client has read is held, unless the caller has given it up since. */
  tokensAreHeld({ tokens }: ObservedWorld): Finding {
    for (const token of tokens) {
      if (token.isRead && !token.isHeld && !token.givenUpBy && !token.sent.life.isDisposed)
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
  writesNothingAfterItsEnd(_: ObservedWorld, { lateWrites }: Life): Finding {
    return lateWrites === 0
      ? undefined
      : `a disposed engine wrote ${lateWrites} times after dispose() had resolved`;
  },

  /** Each token that Plex has sent is held, was given up by the caller, or was lost on the way. */
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
    last.isBroken &&
    sent.awakeAtMs - last.endedAwakeMs <= slackMs
  );
}

function isOperationOfFlow(operation: Sent['operation']): boolean {
  return operation === 'getPin' || operation === 'getToken';
}

/** Whether the one timer of the chart runs. */
function isWaiting(auth: Life['auth']): boolean {
  const { value } = auth.actor.getSnapshot();
  return value === 'awaitingLink' || (typeof value === 'object' && value.requestingPin === 'backingOff');
}

/** At the deadline, or the moment before it at which a read goes out whatever the pace. */
function isAtDeadline({ machineNowMs }: ObservedWorld, { life }: Sent): boolean {
  const { expiresAtMs, giveUpAtMs } = life.auth.actor.getSnapshot().context;
  const deadlineMs = Math.min(expiresAtMs, giveUpAtMs);
  return [0, lastMs].some((leftMs) => Math.abs(deadlineMs - leftMs - machineNowMs) <= slackMs);
}

function isSameView(one: PlexAuthView, other: PlexAuthView): boolean {
  const fields = other as unknown as Record<string, unknown>;
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length && entries.every(([name, value]) => fields[name] === value)
  );
}

const code = 'authURL,code,expiresAtMs,linkURL,qrURL,status';
const fieldsOf: Record<PlexAuthView['status'], readonly string[]> = {
  idle: ['status', 'reason,status'],
  requestingPin: ['status'],
  awaitingLink: [code],
  fetchingToken: [code],
  authenticated: ['clientIdentifier,status,token'],
  expired: ['reason,status'],
  failed: ['error,status'],
  signingOut: ['status'],
};

const successors: Record<PlexAuthView['status'], readonly PlexAuthView['status'][]> = {
  idle: ['requestingPin', 'fetchingToken', 'authenticated'],
  requestingPin: ['awaitingLink', 'idle', 'authenticated', 'expired', 'failed'],
  awaitingLink: ['fetchingToken', 'idle'],
  fetchingToken: ['awaitingLink', 'authenticated', 'requestingPin', 'expired', 'failed', 'idle'],
  authenticated: ['signingOut', 'expired'],
  expired: ['requestingPin', 'authenticated'],
  failed: ['requestingPin', 'authenticated'],
  signingOut: ['idle'],
};
