import { createActor, type InspectionEvent } from 'xstate';
import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createWaitPolicy } from '../polling.ts';
import { copyOptions } from '../require-option.ts';
import type { PlexAuthView } from '../view.ts';
import { createEffects, toEffectfulMachine } from './effects.ts';
import { createFlowStore, type FlowStore } from './flow-store.ts';
import type { ChartAccess } from './late-tokens.ts';
import { createLife, type Life } from './life.ts';
import type { PlexAuth } from './plex-auth.ts';
import type { PlexAuthSettings } from './plex-auth-options.ts';
import { createLinkCache, toView } from './to-view.ts';
import { createVerification } from './verification.ts';
import { createViewPublisher, type ViewPublisher } from './view-publisher.ts';

/** The running chart of one engine, with its store and its views. */
export interface Flow {
  readonly actor: PlexAuth['actor'];
  /** Sends an event to the chart. After the end of the engine it does nothing. */
  readonly send: PlexAuth['actor']['send'];
  readonly store: FlowStore;
  readonly views: ViewPublisher<PlexAuthView>;
  /** Asks whose token is held. */
  readonly verify: PlexAuth['verify'];
  readonly life: Life;
  readonly reportStoreError: (error: PlexAuthError) => void;
}

/** Starts the chart, and publishes a view after each change, until somebody stops the actor. */
export function startFlow(settings: PlexAuthSettings): Flow {
  const { clock, wire, inspect, renewals, polling, random } = settings;
  const life = createLife();
  const reportStoreError = (error: PlexAuthError) => send({ type: 'STORE_FAILED', error });
  const reportPortError = (port: string, error: unknown) =>
    reportStoreError(toPlexAuthError('PLEX_UNEXPECTED', `The option ${port} failed`, error, clock.now()));
  const store = createFlowStore(
    copyOptions({
      ...settings,
      serverURL: wire.issuer || undefined,
      timeoutMs: settings.requestTimeoutMs ?? defaultRequestTimeoutMs,
      life,
      onError: reportStoreError,
    }),
  );
  const verify = createVerification({
    wire,
    life,
    heldCredentials: () => actor.getSnapshot().context.credentials,
    reject: () => send({ type: 'REJECTED' }),
  });
  const chart: ChartAccess = {
    isSignedIn: () => actor.getSnapshot().context.credentials !== undefined,
    pendingPin: () => actor.getSnapshot().context.pin,
    verify,
    adopt(credentials) {
      if (life.isOver) return;
      send({ type: 'RESTORE', credentials });
      void verify();
    },
  };
  const host = createEffects({ wire, store, clock, life, chart });
  const actor: Flow['actor'] = createActor(toEffectfulMachine(), {
    clock,
    ...(inspect && { inspect: toContainedInspect(inspect, (error) => reportPortError('inspect', error)) }),
    input: {
      host,
      renewals,
      nextDelayMs: createWaitPolicy(polling, random, reportPortError),
    },
  });
  // XState writes an event that comes after the end to the console, payload and all.
  const send: Flow['send'] = (event) => {
    if (!life.isOver) actor.send(event);
  };
  const linksOf = createLinkCache(wire, (error) => reportPortError('wire', error));
  const views = createViewPublisher(toView(actor.getSnapshot(), linksOf));
  const end = () => {
    life.end();
    views.end();
  };

  actor.subscribe({
    next(snapshot) {
      // The token may come from a store or another tab: then nobody needs a late one.
      if (snapshot.value === 'authenticated') host.endLateReads();
      views.publish(toView(snapshot, linksOf));
    },
    error(error) {
      const failure = toPlexAuthError('PLEX_UNEXPECTED', 'The chart failed', error, clock.now());
      views.publish({ status: 'failed', error: failure });
      end();
    },
    complete: end,
  });
  actor.start();
  return { actor, send, store, views, verify, reportStoreError, life };
}

/** Contains an inspector, as listeners are. It hears of its own first error, and of no second one, which would never end. */
function toContainedInspect(
  inspect: NonNullable<PlexAuthSettings['inspect']>,
  onError: (error: unknown) => void,
): (event: InspectionEvent) => void {
  let hasFailed = false;
  return (event) => {
    try {
      if (typeof inspect === 'function') inspect(event);
      else inspect.next?.(event);
    } catch (error) {
      if (!hasFailed) queueMicrotask(() => onError(error));
      hasFailed = true;
    }
  };
}
