import { createActor } from 'xstate';
import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createWaitPolicy } from '../polling.ts';
import { createEffects, toEffectfulMachine } from './effects.ts';
import { createFlowStore, type FlowStore } from './flow-store.ts';
import type { PlexAuth } from './plex-auth.ts';
import type { PlexAuthSettings } from './plex-auth-options.ts';
import { createLinkCache, toView } from './to-view.ts';
import { createViewPublisher, type ViewPublisher } from './view-publisher.ts';

/** The running chart of one engine, with its store and its views. */
export interface Flow {
  readonly actor: PlexAuth['actor'];
  /** Sends an event to the chart. After the end of the engine it does nothing. */
  readonly send: PlexAuth['actor']['send'];
  readonly store: FlowStore;
  readonly views: ViewPublisher;
  /** Aborted once the engine has ended. */
  readonly signal: AbortSignal;
  readonly reportStoreError: (error: PlexAuthError) => void;
}

/** Starts the chart, and publishes a view after each change, until somebody stops the actor. */
export function startFlow(settings: PlexAuthSettings): Flow {
  const { clock, wire, inspect, renewals } = settings;
  const life = new AbortController();
  const reportStoreError = (error: PlexAuthError) => send({ type: 'STORE_FAILED', error });
  const adopt = (credentials: Credentials) => send({ type: 'RESTORE', credentials });
  const mayAdopt = (credentials: Credentials): boolean =>
    life.signal.aborted || actor.getSnapshot().can({ type: 'RESTORE', credentials });
  const store = createFlowStore({
    ...settings,
    serverURL: wire.issuer || undefined,
    timeoutMs: settings.requestTimeoutMs ?? defaultRequestTimeoutMs,
    signal: life.signal,
    onError: reportStoreError,
  });
  const actor: Flow['actor'] = createActor(toEffectfulMachine(), {
    clock,
    ...(inspect && { inspect }),
    input: {
      host: createEffects({ wire, store, clock, mayAdopt, adopt }),
      renewals,
      nextDelayMs: createWaitPolicy(settings.polling, settings.random),
    },
  });
  // XState writes an event that comes after the end to the console, payload and all.
  const send: Flow['send'] = (event) => {
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
