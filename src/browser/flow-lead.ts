import type { Engine } from '../engine/create-engine.ts';
import type { Pin } from '../pin.ts';
import type { PlexAuthView } from '../view.ts';
import { isRunning } from '../view.ts';
import { createTabs, type Lead, type TabsOptions } from './tabs.ts';
import { untilStatus } from './until-status.ts';

/** Which tab runs the sign-in. */
export interface FlowLead {
  /** Makes this tab the one that runs it, and brings the PIN of the tab that ran it so far. */
  takeOver(): Promise<Lead>;
  /** Leads if no other tab does, or if the user has just come back to this one. Else this tab stops. */
  leadOrYield(): Promise<void>;
  release(): void;
  close(): void;
}

/** What {@link createFlowLead} needs. */
export interface FlowLeadOptions extends Omit<TabsOptions, 'clock' | 'onHandOver' | 'onLeadStolen'> {
  engine: Engine;
  /** Whether the user has just come back to this tab: then it leads, whichever tab did before. */
  isBack: boolean;
  /** The start that is under way, which a tab finishes before it yields. */
  starting: () => Promise<void> | undefined;
}

/** Lets one tab run the sign-in. After each change of the engine, the other tabs learn what concerns them. */
export function createFlowLead({ engine, isBack, starting, ...options }: FlowLeadOptions): FlowLead {
  const { auth, internals } = engine;
  const tabs = createTabs({
    ...options,
    clock: internals.clock,
    onHandOver: () => yieldFlow((status) => status !== 'requestingPin' && status !== 'fetchingToken'),
    onLeadStolen: () => void yieldSoon(),
  });
  let lastStatus = auth.getSnapshot().status;
  auth.subscribe(follow);

  function follow({ status }: PlexAuthView): void {
    const before = lastStatus;
    lastStatus = status;
    if (isRunning(status)) {
      if (!isRunning(before) && !tabs.isLeading) void leadOrYield();
    } else if (isRunning(before) || status === 'authenticated') {
      tabs.release();
      if (isRunning(before) && status === 'authenticated') void announceToken();
    } else if (status === 'signingOut' || before === 'signingOut') tabs.announce('signedOut');
  }

  /** The other tabs look for the token in the store, so it has to be there. */
  async function announceToken(): Promise<void> {
    await internals.store.credentialsKept();
    tabs.announce('signedIn');
  }

  async function leadOrYield(): Promise<void> {
    const { isLeading } = await tabs.lead(isBack ? 'takeOver' : 'continue');
    if (!isLeading) await yieldSoon();
  }

  function yieldSoon(): Promise<unknown> {
    return yieldFlow((status) => status !== 'fetchingToken');
  }

  /** Stops here. It waits for a read in flight, whose answer may hold the token. */
  async function yieldFlow(isQuiet: (status: PlexAuthView['status']) => boolean): Promise<Pin | undefined> {
    await starting();
    const { status } = await untilStatus(auth, isQuiet);
    const pin = internals.pendingPin();
    if (isRunning(status)) auth.cancel();
    return status === 'awaitingLink' ? pin : undefined;
  }

  return {
    takeOver: () => tabs.lead('takeOver'),
    leadOrYield,
    release: tabs.release,
    close: tabs.close,
  };
}
