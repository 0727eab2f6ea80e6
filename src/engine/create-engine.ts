import { type EngineInternals, registerInternals } from './engine-internals.ts';
import type { PlexAuth } from './plex-auth.ts';
import {
  type PlexAuthOptions,
  type PlexAuthSettings,
  readPlexAuthOptions,
  toLimit,
} from './plex-auth-options.ts';
import { restoreFlow } from './restore-flow.ts';
import { type Flow, startFlow } from './start-flow.ts';

/** An engine for its users, and for its host. */
export interface Engine {
  readonly auth: PlexAuth;
  readonly internals: EngineInternals;
}

/**
 * Makes an engine: the chart with its effects, what publishes its views, and the doors to both.
 *
 * @param isOwnWire Whether the option `wire` is one of this package, which checks its answers, and limits the time of each
 * request, itself.
 * @throws {TypeError} For a bad option, naming it.
 */
export function createEngine(options: PlexAuthOptions, isOwnWire = false): Engine {
  const settings = readPlexAuthOptions(options, isOwnWire);
  const flow = startFlow(settings);
  const { actor, send, store } = flow;
  const restoring = restoreFlow(settings, flow);
  /** Events that arrive while the stores are being read are sent after what the stores bring. */
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
      return flow.verify();
    },
    dispose() {
      actor.stop();
      return store.flushed();
    },
  };
  const internals = createInternals(settings, flow);
  return { auth: registerInternals(auth, internals), internals };
}

function createInternals(
  settings: PlexAuthSettings,
  { actor, send, store, life, reportStoreError }: Flow,
): EngineInternals {
  return {
    clock: settings.clock,
    wire: settings.wire,
    giveUpAfterMs: settings.giveUpAfterMs,
    store,
    pendingPin: () => actor.getSnapshot().context.pin,
    resume(pin) {
      const isOurs = settings.wire.isPin?.(pin) ?? true;
      if (!isOurs || life.isOver || !actor.getSnapshot().can({ type: 'RESUME', pin })) return false;
      void store.keepPin(pin);
      send({ type: 'RESUME', pin, ...toLimit(settings) });
      return true;
    },
    adoptCredentials: (credentials) => send({ type: 'RESTORE', credentials }),
    reject: () => send({ type: 'REJECTED' }),
    reportStoreError,
  };
}
