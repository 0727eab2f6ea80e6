import { PlexAuthError, type PlexAuthView } from '../../src/index.ts';
import { errorIn } from './invariants.ts';
import type { Finding, Life, ObservedWorld } from './observed-world.ts';
import { lastMs, longestStoreMs } from './sent-requests.ts';

/** By how much a clock may be set without a new count by the chart. */
const countDriftMs = 2000;

/** How long a request may have taken by a clock that was set meanwhile, as the chart documents it. */
const longestRequestMs = 60_000;

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
  errorsAreNamed({ plan, tokens }: ObservedWorld, { view }: Life): Finding {
    const error = errorIn(view);
    if (error === undefined) return undefined;
    if (!(error instanceof PlexAuthError)) return `${view.status} carries ${String(error)}`;
    if (error.code === 'PLEX_UNEXPECTED' && !plan.throwingPort)
      return `${view.status} carries ${error.code}: ${JSON.stringify(error.cause)}`;
    const text = `${error.message} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`;
    return tokens.some(({ token }) => text.includes(token)) ? `${error.code} shows a token` : undefined;
  },

  /** What the user is shown is a PIN that Plex has made, with its real end. */
  showsARealCode(observed: ObservedWorld, { view }: Life): Finding {
    if (!view.code) return undefined;
    const pin = observed.pins.find(({ code }) => code === view.code);
    if (!pin) return `the code shown is none of Plex's`;
    const { counts, journeys, tokenFault } = observed.plan;
    if (observed.clockChangedMs >= pin.madeMs || journeys.length > 0 || tokenFault || counts !== 'true')
      return undefined;
    const offMs = view.expiresAtMs - pin.announcedEndMs - (observed.machineNowMs - observed.nowMs);
    return Math.abs(offMs) > 3000 ? `expiresAtMs is ${offMs} ms off` : undefined;
  },

  /** A PIN is called expired only once its life is over, or Plex no longer knows it. */
  expiresNoSoonerThanPlex(observed: ObservedWorld, { view, flow }: Life): Finding {
    const isLied = observed.plan.counts !== 'true';
    if (view.status !== 'expired' || view.reason !== 'pin' || isLied) return undefined;
    const { pin } = flow;
    const earlyMs = pin ? pin.endMs - observed.nowMs : 0;
    if (earlyMs <= 1000 || flow.last?.status === 404) return undefined;
    if (observed.clockChangedMs >= (pin?.madeMs ?? 0)) {
      // A clock set past the deadline looks like a sleep until Plex answers; one set by no more than a wait, like that wait.
      const waitMs = Math.max(observed.plan.maxIntervalMs, observed.plan.intervalMs);
      // A clock that is set during a request is believed as far as a request may take.
      const requestMs = observed.clockChanges * longestRequestMs;
      if (flow.last?.isBroken || earlyMs <= 1000 + countDriftMs + waitMs + requestMs) return undefined;
    }
    return `the PIN is called expired ${earlyMs} ms before its end`;
  },

  /** The caller's limit ends a flow when it is reached, and not before. */
  limitIsTheCallers({ plan, nowMs, clockChangedMs }: ObservedWorld, { view, flow }: Life): Finding {
    // A `start` counts from its call on, and takes effect once the stores have been read.
    const storeMs = longestStoreMs(plan);
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
  failsForAReason({ plan, nowMs }: ObservedWorld, { view, flow }: Life): Finding {
    if (view.status !== 'failed' || flow.lastTroubleMs >= flow.startedMs) return undefined;
    // Without a client identifier there is no sign-in.
    if (view.error.code === 'PLEX_STORE' && isTooSlow(plan) && !plan.isIdentified) return undefined;
    return `${view.error.code} at ${nowMs - flow.startedMs} ms, though nothing went wrong`;
  },

  /** Where another engine has stored this PIN's token, nobody fails or expires for want of it. */
  takesTheSharedToken({ plan, kept }: ObservedWorld, { view, flow, published }: Life): Finding {
    // Later, another engine may store it.
    if (published.at(-2)?.status === view.status) return undefined;
    const isOver = view.status === 'failed' || (view.status === 'expired' && view.reason === 'pin');
    const token = flow.pin?.token;
    if (
      !isOver ||
      !token ||
      flow.last?.status !== 404 ||
      flow.last.isOut ||
      flow.last.fault ||
      // The root of a server, asked where its API gave no answer of Plex, does not speak for Plex either.
      !flow.last.base.endsWith('/api/v2') ||
      !['sync', 'slow'].includes(plan.credentials)
    )
      return undefined;
    return kept.includes(token) ? `${view.status}, although the token of this PIN is stored` : undefined;
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

function isTooSlow({ store, storeDelaysMs, requestTimeoutMs }: ObservedWorld['plan']): boolean {
  return store === 'varied' && storeDelaysMs.some((delayMs) => (delayMs ?? Infinity) >= requestTimeoutMs);
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
  awaitingLink: ['fetchingToken', 'idle', 'authenticated'],
  fetchingToken: ['awaitingLink', 'authenticated', 'requestingPin', 'expired', 'failed', 'idle'],
  authenticated: ['signingOut', 'expired'],
  expired: ['requestingPin', 'authenticated'],
  failed: ['requestingPin', 'authenticated'],
  signingOut: ['idle'],
};

function isSameView(one: PlexAuthView, other: PlexAuthView): boolean {
  const fields = other as unknown as Record<string, unknown>;
  const entries = Object.entries(one);
  return (
    entries.length === Object.keys(other).length && entries.every(([name, value]) => fields[name] === value)
  );
}
