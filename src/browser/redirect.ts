import type { Engine } from '../engine/create-engine.ts';
import { isRunning } from '../view.ts';
import { type PageOpening, toRefusal } from './browser-plex-auth.ts';
import { markReturn } from './return-mark.ts';
import type { SharedFlow } from './shared-flow.ts';
import { untilStatus } from './until-status.ts';

/** What {@link createRedirect} needs. */
export interface RedirectOptions extends Engine {
  readonly flow: SharedFlow;
  /** The application. */
  readonly name: string;
  readonly flowKey: string;
  /** Whether a pending PIN outlives this page. */
  readonly keepsPin: boolean;
  readonly isEnded: () => boolean;
  /** Ends what waits in this page: it may show itself in the consent window, which would be left behind. */
  readonly stopWaiting: () => void;
}

const framedMessage = 'The consent page does not open in a frame: offer authURL as a link to a new tab';

/** Whether a page is in a frame of another one. Plex's pages refuse that, and the application would be gone. */
function isFramed(page: Window): boolean {
  return !!page.top && page.top !== page;
}

/** Makes what sends a page to the consent page, once the next page is sure to find the PIN. */
export function createRedirect(
  options: RedirectOptions,
): (page: Window, forwardURL: string) => Promise<PageOpening> {
  const { auth, internals, flow, name, flowKey, keepsPin, isEnded, stopWaiting } = options;
  const { clock, store, wire } = internals;
  /** Whether the sign-in still runs. The view stays what it was when the engine ends. */
  const isAlive = () => !isEnded() && isRunning(auth.getSnapshot().status);

  return async (page, forwardURL) => {
    await flow.start();
    if (!isAlive()) return { status: 'unneeded' };
    if (isFramed(page)) return toRefusal('PLEX_FRAMED', framedMessage, clock.now());
    if (!keepsPin)
      return toRefusal('PLEX_STORE', 'This browser stores nothing between two pages', clock.now());
    await untilStatus(auth, (status) => status === 'awaitingLink' || !isRunning(status));
    const pin = internals.pendingPin();
    if (!isAlive() || !pin) return { status: 'unneeded' };
    const error = await store.keepPin(pin);
    if (!isAlive()) return { status: 'unneeded' };
    if (error) return { status: 'refused', error };
    // A request in flight may bring the token, which would be lost with this page.
    const { status } = await untilStatus(auth, (now) => now !== 'fetchingToken');
    if (!isAlive() || status !== 'awaitingLink') return { status: 'unneeded' };
    stopWaiting();
    markReturn(page, name, flowKey);
    page.location.assign(wire.linksOf(pin, { forwardURL }).authURL);
    return { status: 'opening' };
  };
}
