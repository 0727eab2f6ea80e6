import { createActor } from 'xstate';
import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials, Pin } from '../pin.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createWaitPolicy } from '../polling.ts';
import { createEffects, effectfulMachine } from './effects.ts';
import { type EngineInternals, registerInternals } from './engine-internals.ts';
import { createFlowStore } from './flow-store.ts';
import type { PlexAuth } from './plex-auth.ts';
import { type PlexAuthOptions, type PlexAuthSettings, readPlexAuthOptions } from './plex-auth-options.ts';
import { createLinkCache, toView } from './to-view.ts';
import { createVerification } from './verification.ts';
import { createViewPublisher } from './view-publisher.ts';

/** An engine for its users, and for its host. */
export interface Engine {
  readonly auth: PlexAuth;
  readonly internals: EngineInternals;
}

/**
 * Makes an engine: the chart with its effects, what publishes its views, and the doors to both.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createEngine(options: PlexAuthOptions): Engine {
  const settings = readPlexAuthOptions(options);
  const life = new AbortController();
  const flow = startFlow(settings, life);
  const { actor, send, store } = flow;

  const verify = createVerification({
    wire: settings.wire,
    signal: life.signal,
    held: () => actor.getSnapshot().context.credentials,
    reject: () => send({ type: 'REJECTED' }),
  });
  const restoring = restore(settings, flow, verify);
  /** What is asked for while the stores are being read comes after what they bring. */
  const sendOnceRestored: typeof send = (event) => {
    if (restoring.isOver) send(event);
    else void restoring.ended.then(() => send(event));
  };

  const auth: PlexAuth = {
    actor,
    getSnapshot: flow.views.getSnapshot,
    subscribe: flow.views.subscribe,
    start: () => sendOnceRestored({ type: 'START', ...toLimit(settings) }),
    check: () => sendOnceRestored({ type: 'CHECK' }),
    cancel: () => sendOnceRestored({ type: 'CANCEL' }),
    signOut: () => sendOnceRestored({ type: 'SIGN_OUT' }),
    async verify() {
      await restoring.ended;
      return verify();
    },
    dispose() {
      actor.stop();
      return store.flushed();
    },
  };
  const internals: EngineInternals = {
    clock: settings.clock,
    wire: settings.wire,
    store,
    pendingPin: () => actor.getSnapshot().context.pin,
    resume(pin) {
      if (life.signal.aborted || !actor.getSnapshot().can({ type: 'RESUME', pin })) return false;
      void store.keepPin(pin);
      send({ type: 'RESUME', pin, ...toLimit(settings) });
      return true;
    },
    adoptCredentials: (credentials) => send({ type: 'RESTORE', credentials }),
    reject: () => send({ type: 'REJECTED' }),
    reportStoreError: flow.reportStoreError,
  };
  return { auth: registerInternals(auth, internals), internals };
}

/** The running chart of one engine. */
type Flow = ReturnType<typeof startFlow>;

/** Starts the chart, and publishes a view after each change, until whoever has the actor stops it. */
function startFlow(settings: PlexAuthSettings, life: AbortController) {
  const { clock, wire, inspect, renewals } = settings;
  const reportStoreError = (error: PlexAuthError) => send({ type: 'STORE_FAILED', error });
  const adopt = (credentials: Credentials) => send({ type: 'RESTORE', credentials });
  const mayAdopt = (credentials: Credentials): boolean =>
    life.signal.aborted || actor.getSnapshot().can({ type: 'RESTORE', credentials });
  const store = createFlowStore({
    ...settings,
    timeoutMs: settings.requestTimeoutMs ?? defaultRequestTimeoutMs,
    signal: life.signal,
    onError: reportStoreError,
  });
  const actor: PlexAuth['actor'] = createActor(effectfulMachine, {
    clock,
    ...(inspect && { inspect }),
    input: {
      host: createEffects({ wire, store, clock, mayAdopt, adopt }),
      renewals,
      nextDelayMs: createWaitPolicy(settings.polling, settings.random),
    },
  });
  /** XState writes an event that comes after the end to the console, payload and all. */
  const send: typeof actor.send = (event) => {
    if (!life.signal.aborted) actor.send(event);
  };
  const linksOf = createLinkCache(wire);
  const views = createViewPublisher(toView(actor.getSnapshot(), linksOf));
  const end = () => {
    life.abort();
    views.end();
  };

  actor.subscribe({
    next: (snapshot) => views.publish(toView(snapshot, linksOf)),
    error(error) {
      const failure = toPlexAuthError('PLEX_UNEXPECTED', 'The chart failed', error, clock.now());
      views.publish({ status: 'failed', error: failure });
      end();
    },
    complete: end,
  });
  actor.start();
  return { actor, send, store, views, reportStoreError, signal: life.signal };
}

/**
 * Restores stored credentials and verifies them once, or resumes a stored PIN. A PIN that is over, or was made with
 * another client identifier, is forgotten.
 */
function restore(settings: PlexAuthSettings, flow: Flow, verify: () => unknown): Restoring {
  const { clock, clientIdentifier } = settings;
  const { send, store, signal } = flow;

  async function readStores(): Promise<void> {
    const credentials = await store.findCredentials();
    if (credentials) {
      send({ type: 'RESTORE', credentials });
      verify();
      return;
    }
    const pin = await store.findPin();
    if (pin && isUsable(pin)) send({ type: 'RESUME', pin, ...toLimit(settings) });
    else if (pin && !signal.aborted) void store.forgetPin();
  }

  function isUsable(pin: Pin): boolean {
    const isOurs = (clientIdentifier ?? pin.clientIdentifier) === pin.clientIdentifier;
    return isOurs && pin.atMs + pin.expiresInMs > clock.now();
  }

  if (!(settings.credentials ?? settings.store)) return { isOver: true, ended: Promise.resolve() };
  const restoring = {
    isOver: false,
    ended: readStores()
      .catch(flow.reportStoreError)
      .finally(() => {
        restoring.isOver = true;
      }),
  };
  return restoring;
}

/** The reading of the stores that every engine begins with. */
interface Restoring {
  readonly isOver: boolean;
  readonly ended: Promise<void>;
}

function toLimit({ giveUpAfterMs, clock }: PlexAuthSettings): { giveUpAtMs: number | undefined } {
  return { giveUpAtMs: giveUpAfterMs === undefined ? undefined : clock.now() + giveUpAfterMs };
}
