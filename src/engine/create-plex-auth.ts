import { type Actor, type ActorOptions, createActor, fromPromise } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import { createPlexClient, type PlexUser } from '../plex/client.ts';
import {
  checkClientOptions,
  defaultRequestTimeoutMs,
  type PlexClientOptions,
} from '../plex/client-options.ts';
import { createAuthURL, createLinkURL, createQRURL } from '../plex/links.ts';
import { nextRequestDelayMs, type PollingOptions } from '../polling.ts';
import { type KeyValueStore, systemClock } from '../ports.ts';
import {
  readPageURL,
  requireMethods,
  requireMs,
  requireOption,
  requireType,
  requireURL,
  storeMethods,
} from '../require-option.ts';
import type { PlexAuthView } from '../view.ts';
import { createFlowStore } from './flow-store.ts';
import { isSameView, type LinksOf, toView } from './to-view.ts';

/** How a sign-in is to go. Only `product` is needed. */
export interface PlexAuthOptions extends PlexClientOptions {
  /** The application's name, as the user reads it on the consent page. */
  product: string;
  /**
   * Names this installation; printable ASCII. Default: made once and kept in `store`. Without a store it is new with
   * each engine, and each sign-in lists a new device in the user's account.
   */
  clientIdentifier?: string | undefined;
  /** True, the default: a long code for the consent page, 30 minutes. False: four characters to type, 15 minutes. */
  strong?: boolean | undefined;
  /** The consent page. Default `https://app.plex.tv/auth`. */
  authAppURL?: string | undefined;
  /** The page for typing a code. Default `https://plex.tv/link`. */
  linkURL?: string | undefined;
  /** Keeps the client identifier and the pending PIN, so that a new process or page goes on with it. Default: nothing is kept. */
  store?: KeyValueStore | undefined;
  /** Keeps the token. Give it only where tokens may lie. Default: the token is kept nowhere. */
  credentials?: KeyValueStore | undefined;
  /** A number from 0 up to 1, for spreading requests. Default `Math.random`. */
  random?: (() => number) | undefined;
  /** Sees each event and snapshot of the chart: XState's `inspect`. Tokens are `Secret` there. */
  inspect?: ActorOptions<typeof pinAuthMachine>['inspect'];
  /** How often to ask. */
  polling?: PollingOptions | undefined;
  /** How long a flow may take in all, renewals included, in milliseconds from `start`. Default: as long as its PINs live. */
  giveUpAfterMs?: number | undefined;
  /** How many times an expired PIN is replaced by itself: an integer from 0, or `Infinity`. Default 0. */
  renewals?: number | undefined;
}

/** What Plex says of the token that is held. `unknown`: nothing, or no token is held; then nothing changes. */
export type PlexAuthVerification =
  | { status: 'valid'; user: PlexUser }
  | { status: 'rejected' }
  | { status: 'unknown'; error?: PlexAuthError };

/** One user's sign-in. The application owns it; a component subscribes to it and never stops it. */
export interface PlexAuth {
  /** Where it stands: the same object until something changes. */
  getSnapshot(): PlexAuthView;
  /**
   * Calls `listener` after each change, with the new view.
   *
   * @param onEnd Called once, when the engine is disposed of.
   * @returns Ends the subscription.
   */
  subscribe(listener: (view: PlexAuthView) => void, onEnd?: () => void): () => void;
  /** Begins; does nothing while a flow runs or a token is held. */
  start(): void;
  /** Hints that now is a good moment to ask: the window has focus again, the network is back. */
  check(): void;
  /** Ends a running flow and aborts what is out. */
  cancel(): void;
  /** Forgets the token here and asks Plex to revoke it. */
  signOut(): void;
  /** Asks Plex whose token it is. Never rejects: a refused token leads to `expired`, an outage changes nothing. */
  verify(): Promise<PlexAuthVerification>;
  /**
   * Ends everything at once: no timer, no request and no listener stays. What is kept in stores stays kept.
   *
   * @returns Once what was being written to the stores is written. A token whose answer was coming in at that moment is
   * written as soon as it is there.
   */
  dispose(): Promise<void>;
  /** The XState actor, for those who embed or compose the chart. */
  readonly actor: Actor<typeof pinAuthMachine>;
}

/** What the chart's actors and actions do for one engine. Functions only, so that no inspector finds anything in it. */
interface Host {
  getPin(signal: AbortSignal): Promise<Pin>;
  getToken(pin: Pin, signal: AbortSignal): Promise<PinReading>;
  signOut(credentials: Credentials, signal: AbortSignal): Promise<unknown>;
  keepPin(pin: Pin): void;
  forgetPin(): void;
  keepCredentials(credentials: Credentials): void;
  forgetCredentials(): void;
}

/** The chart with its real effects. Made once; what differs per engine comes as the `host` of its input. */
const machine = pinAuthMachine.provide({
  actors: {
    getPin: fromPromise(({ input, signal }) => hostOf(input).getPin(signal)),
    getToken: fromPromise(({ input, signal }) => hostOf(input).getToken(input.pin as Pin, signal)),
    signOut: fromPromise(({ input, signal }) =>
      hostOf(input).signOut(input.credentials as Credentials, signal),
    ),
  },
  actions: {
    keepPin: ({ context }) => hostOf(context).keepPin(context.pin as Pin),
    forgetPin: ({ context }) => hostOf(context).forgetPin(),
    keepCredentials: ({ context }) => hostOf(context).keepCredentials(context.credentials as Credentials),
    forgetCredentials: ({ context }) => hostOf(context).forgetCredentials(),
  },
});

function hostOf({ host }: { host: object | undefined }): Host {
  return host as Host;
}

/**
 * Makes an engine that signs one user in.
 *
 * Waits for `start`, but for what an earlier life left in the stores: kept credentials are restored and verified once,
 * a kept PIN is gone on with. It opens no page: the view says which one to show.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexAuth(options: PlexAuthOptions): PlexAuth {
  checkOptions(options);
  const { clock = systemClock, random = Math.random, giveUpAfterMs, inspect } = options;
  const defaults = { intervalMs: 1000, maxIntervalMs: 5000, maxBackoffMs: 10_000 };
  const { adjustDelayMs, ...polling } = { ...defaults, ...options.polling };
  const client = createPlexClient(options);
  const life = new AbortController();
  const listeners = new Set<{ next: (view: PlexAuthView) => void; end?: (() => void) | undefined }>();

  const flowStore = createFlowStore({
    store: options.store,
    credentials: options.credentials,
    clientIdentifier: options.clientIdentifier,
    serverURL: options.serverURL,
    clock,
    timeoutMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
    signal: life.signal,
    onError: (error) => send({ type: 'STORE_FAILED', error }),
  });

  const host: Host = {
    ...flowStore,
    getPin: (signal) =>
      named(async () => {
        const clientIdentifier = await flowStore.clientIdentifier();
        return client.getPin({ strong: options.strong ?? true, clientIdentifier, signal });
      }),
    getToken: (pin, signal) =>
      named(async () => {
        const { pinID, clientIdentifier } = pin;
        const reading = await client.getToken({ pinID, clientIdentifier, signal });
        if (reading.status === 'claimed') rescue({ token: reading.token, clientIdentifier }, signal);
        return reading;
      }),
    signOut: (credentials, signal) => named(() => client.signOut({ ...credentials, signal })),
  };

  /** Everything that goes wrong in an actor has a name. */
  async function named<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PlexAuthError) throw error;
      throw toPlexAuthError('PLEX_UNEXPECTED', 'Something that was put in failed', error, clock.now());
    }
  }

  /** A token is not dropped where a cancel or the end of the engine meets its answer, however close on either side. */
  function rescue(credentials: Credentials, signal: AbortSignal): void {
    const keep = () => {
      flowStore.keepCredentials(credentials);
      flowStore.forgetPin();
      send({ type: 'RESTORE', credentials });
    };
    if (!signal.aborted) signal.addEventListener('abort', keep);
    // What comes later still may have been overtaken by another token.
    else if (life.signal.aborted || actor.getSnapshot().can({ type: 'RESTORE', credentials })) keep();
  }

  const actor = createActor(machine, {
    clock,
    ...(inspect && { inspect }),
    input: {
      host,
      renewals: options.renewals,
      nextDelayMs(wait) {
        const delayMs = nextRequestDelayMs(wait, polling, random());
        return adjustDelayMs?.(delayMs) ?? delayMs;
      },
    },
  });

  /** XState writes an event that comes after the end to the console, payload and all. */
  const send: typeof actor.send = (event) => {
    if (!life.signal.aborted) actor.send(event);
  };

  let linkedPin: Pin | undefined;
  let links: ReturnType<LinksOf>;
  const linksOf: LinksOf = (pin) => {
    if (pin !== linkedPin) {
      linkedPin = pin;
      links = {
        authURL: createAuthURL({ ...options, ...pin }),
        linkURL: createLinkURL(pin.code, options.linkURL),
        qrURL: readPageURL(pin.qrURL)?.href ?? createQRURL(pin.code),
      };
    }
    return links;
  };

  let view = toView(actor.getSnapshot(), linksOf);
  function show(next: PlexAuthView): void {
    if (isSameView(view, next)) return;
    view = next;
    for (const listener of [...listeners]) if (listeners.has(listener)) contained(() => listener.next(next));
  }

  /** Whoever stopped the actor: nothing comes after this. */
  function end(): void {
    life.abort();
    for (const listener of listeners) if (listener.end) contained(listener.end);
    listeners.clear();
  }

  actor.subscribe({
    next: (snapshot) => show(toView(snapshot, linksOf)),
    error: (error) => {
      show({
        status: 'failed',
        error: toPlexAuthError('PLEX_UNEXPECTED', 'The chart failed', error, clock.now()),
      });
      end();
    },
    complete: end,
  });
  actor.start();

  const begin = () => ({ giveUpAtMs: giveUpAfterMs === undefined ? undefined : clock.now() + giveUpAfterMs });

  /** Goes on where an earlier life stopped. */
  async function restore(): Promise<void> {
    const credentials = await flowStore.findCredentials();
    if (credentials) {
      send({ type: 'RESTORE', credentials });
      void verify();
      return;
    }
    const pin = await flowStore.findPin();
    const isOurs = pin && (options.clientIdentifier ?? pin.clientIdentifier) === pin.clientIdentifier;
    if (isOurs && pin.atMs + pin.expiresInMs > clock.now()) send({ type: 'RESUME', pin, ...begin() });
    else if (pin && !life.signal.aborted) flowStore.forgetPin();
  }

  let asked: { credentials?: Credentials; answer: Promise<PlexAuthVerification> } | undefined;
  /** Who asks while the question is out shares its answer. */
  function verify(): Promise<PlexAuthVerification> {
    const { credentials } = actor.getSnapshot().context;
    if (!credentials) return Promise.resolve({ status: 'unknown' });
    if (asked?.credentials === credentials) return asked.answer;
    const question = { credentials, answer: askWhose(credentials) };
    asked = question;
    void question.answer.finally(() => {
      if (asked === question) asked = undefined;
    });
    return question.answer;
  }

  async function askWhose(credentials: Credentials): Promise<PlexAuthVerification> {
    try {
      const answer = await client.getUser({ ...credentials, signal: life.signal });
      if (answer.status === 'rejected' && actor.getSnapshot().context.credentials === credentials) {
        send({ type: 'REJECTED' });
      }
      return answer;
    } catch (error) {
      return error instanceof PlexAuthError ? { status: 'unknown', error } : { status: 'unknown' };
    }
  }

  let restoring: Promise<void> | undefined =
    (options.credentials ?? options.store) &&
    restore()
      .catch((error: PlexAuthError) => send({ type: 'STORE_FAILED', error }))
      .finally(() => {
        restoring = undefined;
      });

  /** What is asked for while the stores are read comes after what they bring. */
  function tell(event: Parameters<typeof send>[0]): void {
    if (restoring) void restoring.then(() => send(event));
    else send(event);
  }

  return {
    actor,
    getSnapshot: () => view,
    subscribe(next, onEnd) {
      const listener = { next, end: onEnd };
      if (!life.signal.aborted) listeners.add(listener);
      else if (onEnd) contained(onEnd);
      return () => listeners.delete(listener);
    },
    start: () => tell({ type: 'START', ...begin() }),
    check: () => tell({ type: 'CHECK' }),
    cancel: () => tell({ type: 'CANCEL' }),
    signOut: () => tell({ type: 'SIGN_OUT' }),
    async verify() {
      await restoring;
      return verify();
    },
    dispose() {
      actor.stop();
      return flowStore.flushed();
    },
  };
}

/** A listener that throws stops neither the flow nor the other listeners; its error is reported as an event's is. */
function contained(call: () => void): void {
  try {
    call();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

function checkOptions(options: PlexAuthOptions): void {
  checkClientOptions(options);
  const {
    product,
    strong,
    store,
    credentials,
    random,
    inspect,
    polling = {},
    giveUpAfterMs,
    renewals = 0,
  } = options;
  requireOption(product !== undefined, 'product', 'given');
  requireType('strong', strong, 'boolean');
  requireURL('authAppURL', options.authAppURL);
  requireURL('linkURL', options.linkURL);
  requireMethods('store', store, storeMethods);
  requireMethods('credentials', credentials, storeMethods);
  requireType('random', random, 'function');
  requireOption(inspect === undefined || inspect instanceof Object, 'inspect', 'a function or an observer');
  requireOption(polling instanceof Object, 'polling', 'an object');
  const { intervalMs = 1000 } = polling;
  requireMs('polling.intervalMs', polling.intervalMs, 250);
  requireMs('polling.maxIntervalMs', polling.maxIntervalMs, intervalMs);
  requireMs('polling.maxBackoffMs', polling.maxBackoffMs, intervalMs);
  requireType('polling.adjustDelayMs', polling.adjustDelayMs, 'function');
  requireMs('giveUpAfterMs', giveUpAfterMs, 1);
  requireOption(
    (Number.isInteger(renewals) || renewals === Infinity) && renewals >= 0,
    'renewals',
    'an integer from 0, or Infinity',
  );
}
