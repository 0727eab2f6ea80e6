import type { Engine } from '../engine/create-engine.ts';
import type { Pin } from '../pin.ts';
import type { PlexAuthView } from '../view.ts';
import { type BrowserPlexAuthOptions, defaultName } from './browser-options.ts';
import { isRunning, isStartable, untilStatus } from './flow-status.ts';
import type { SharedStore } from './shared-store.ts';
import { createSharedToken } from './shared-token.ts';
import type { TabNotice } from './tab-channel.ts';
import { createTabs } from './tabs.ts';

/** A sign-in that the tabs of one origin run together. */
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
export interface SharedFlowOptions extends Pick<BrowserPlexAuthOptions, 'name' | 'clientIdentifier'> {
  page: (Window & typeof globalThis) | undefined;
  engine: Engine;
  credentials: SharedStore | undefined;
  /** What engines must have in common to resume one another's PIN. */
  flowKey: string;
  /** Whether the user has just come back to this tab: then it leads, whichever tab did before. */
  isBack: boolean;
  /** Another page says that the user has approved. */
  onReturned: () => void;
}

/** Lets one tab run the sign-in, and the others see what comes of it. */
export function createSharedFlow(options: SharedFlowOptions): SharedFlow {
  const { page, name = defaultName, flowKey, engine, isBack, clientIdentifier } = options;
  const { auth, internals } = engine;
  const sharedToken = createSharedToken(engine, options.credentials);
  const tabs = createTabs({
    page,
    name,
    flowKey,
    clock: internals.clock,
    onHandOver: () => yieldFlow((status) => status !== 'requestingPin' && status !== 'fetchingToken'),
    onLeadStolen: () => void yieldSoon(),
    onNotice,
    onRestored: () => void resumeAfterCache(),
  });
  let lastStatus = auth.getSnapshot().status;
  let isStartWanted = false;
  let starting: Promise<void> | undefined;
  let isClosed = false;
  auth.subscribe(follow);

  /** After each change, the other tabs learn what concerns them. */
  function follow({ status }: PlexAuthView): void {
    const before = lastStatus;
    lastStatus = status;
    if (isRunning(status)) {
      if (!isRunning(before) && !tabs.isLeading) void leadOrYield();
    } else if (isRunning(before) || status === 'authenticated') {
      tabs.release();
      if (isRunning(before) && status === 'authenticated') tabs.announce('signedIn');
    } else if (status === 'signingOut' || before === 'signingOut') tabs.announce('signedOut');
  }

  /** A resumed sign-in leaves the lead to the tab that has it, unless the user has just come back to this one. */
  async function leadOrYield(): Promise<void> {
    const { isLeading } = await tabs.lead(isBack ? 'takeOver' : 'continue');
    if (!isLeading) await yieldSoon();
  }

  function yieldSoon(): Promise<unknown> {
    return yieldFlow((status) => status !== 'fetchingToken');
  }

  /** Stops here. It waits for a read that is out, whose answer may hold the token. */
  async function yieldFlow(isQuiet: (status: PlexAuthView['status']) => boolean): Promise<Pin | undefined> {
    await starting;
    const { status } = await untilStatus(auth, isQuiet);
    const pin = internals.pendingPin();
    if (isRunning(status)) auth.cancel();
    return status === 'awaitingLink' ? pin : undefined;
  }

  function onNotice(notice: TabNotice): void {
    if (notice === 'returned') options.onReturned();
    else sharedToken.adoptSoon();
    if (notice === 'signedOut') void auth.verify();
  }

  /** Back from the cache: this page missed what other pages did. One may have ended this very sign-in, in this tab. */
  async function resumeAfterCache(): Promise<void> {
    sharedToken.adoptSoon();
    const stored = await internals.store.findPin().catch(() => undefined);
    const pin = internals.pendingPin();
    if (pin && stored?.pinID !== pin.pinID) auth.cancel();
    else if (isRunning(auth.getSnapshot().status)) await leadOrYield();
  }

  async function startAsLeader(): Promise<void> {
    const { isLeading, pin } = await tabs.lead('takeOver');
    if (!isLeading) return;
    await sharedToken.adopt();
    if (!isStartWanted) return;
    const isOurs = pin && (clientIdentifier ?? pin.clientIdentifier) === pin.clientIdentifier;
    if (!isOurs || !internals.resume(pin)) auth.start();
    // The engine may still be reading its stores.
    await untilStatus(auth, (status) => !isStartable(status));
  }

  return {
    async start() {
      if (isClosed || !isStartable(auth.getSnapshot().status)) return;
      isStartWanted = true;
      const own = startAsLeader().finally(() => {
        if (starting === own) starting = undefined;
      });
      starting = own;
      await own;
    },
    forgetStart() {
      isStartWanted = false;
      tabs.release();
    },
    close() {
      isClosed = true;
      isStartWanted = false;
      sharedToken.close();
      tabs.close();
    },
  };
}
