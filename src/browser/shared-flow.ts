import type { Engine } from '../engine/create-engine.ts';
import { isRunning, isStartable } from '../view.ts';
import { createFlowLead } from './flow-lead.ts';
import type { SharedStore } from './shared-store.ts';
import { createSharedToken } from './shared-token.ts';
import type { TabNotice } from './tab-channel.ts';
import { untilStatus } from './until-status.ts';

/** A sign-in that the tabs of one origin run together: one tab runs it, and the others see what comes of it. */
export interface SharedFlow {
  /**
   * Starts the engine, or resumes the PIN of the tab that ran the sign-in so far.
   *
   * @returns Resolves once it runs, or nobody wants it any more.
   */
  start(): Promise<void>;
  /** Nobody wants the start any more. */
  forgetStart(): void;
  close(): void;
}

/** What a sign-in needs to be shared. */
export interface SharedFlowOptions {
  /** The application. */
  name: string;
  page: (Window & typeof globalThis) | undefined;
  engine: Engine;
  credentials: SharedStore | undefined;
  /** What engines must have in common to resume one another's PIN. */
  flowKey: string;
  /** Whether the user has just come back to this tab. */
  isBack: boolean;
  /** Another page says that the user has approved. */
  onReturned: () => void;
}

/** Connects an engine to those in other tabs. */
export function createSharedFlow(options: SharedFlowOptions): SharedFlow {
  const { page, name, flowKey, engine, isBack } = options;
  const { auth, internals } = engine;
  const sharedToken = createSharedToken(engine, options.credentials);
  let isStartWanted = false;
  let starting: Promise<void> | undefined;
  let isClosed = false;
  const lead = createFlowLead({
    page,
    name,
    flowKey,
    engine,
    isBack,
    starting: () => starting,
    onNotice,
    onRestored: () => void resumeAfterCache(),
  });

  function onNotice(notice: TabNotice): void {
    if (notice === 'returned') options.onReturned();
    else if (notice === 'signedIn') sharedToken.adoptOrVerify();
    else sharedToken.adoptAndVerify();
  }

  /** Back from the cache: this page missed what other pages did. One may have ended this very sign-in, in this tab. */
  async function resumeAfterCache(): Promise<void> {
    sharedToken.adoptOrVerify();
    const stored = await internals.store.findPin().catch(() => undefined);
    const pin = internals.pendingPin();
    if (pin && stored?.pinID !== pin.pinID) auth.cancel();
    else if (isRunning(auth.getSnapshot().status)) await lead.leadOrYield();
  }

  async function startAsLeader(): Promise<void> {
    const { isLeading, pin } = await lead.takeOver();
    if (!isLeading) return;
    await sharedToken.adopt();
    if (!isStartWanted) return;
    const own = pin && (await internals.store.clientIdentifier().catch(() => undefined));
    if (pin && own === pin.clientIdentifier) internals.resume(pin);
    // Where a PIN was resumed, this makes a new one if Plex no longer knows that one.
    auth.start();
    // The engine may still be reading its stores.
    await untilStatus(auth, (status) => !isStartable(status));
  }

  return {
    async start() {
      if (isClosed) return;
      if (!isStartable(auth.getSnapshot().status)) return auth.start();
      isStartWanted = true;
      const own = startAsLeader().finally(() => {
        if (starting === own) starting = undefined;
      });
      starting = own;
      await own;
    },
    forgetStart() {
      isStartWanted = false;
      lead.release();
    },
    close() {
      isClosed = true;
      isStartWanted = false;
      sharedToken.close();
      lead.close();
    },
  };
}
