import type { PlexAuth } from '../engine/create-plex-auth.ts';
import type { FlowStore } from '../engine/flow-store.ts';
import type { Pin } from '../pin.ts';
import type { Secret } from '../secret.ts';
import type { PlexAuthView } from '../view.ts';
import { type BrowserPlexAuthOptions, defaultName } from './browser-options.ts';
import { createBurst } from './burst.ts';
import { isRunning, isStartable, untilStatus } from './flow-status.ts';
import type { TabNews } from './tab-channel.ts';
import { createTabs } from './tabs.ts';

/** The flow of one engine among those of other tabs. */
export interface SharedFlow {
  /**
   * Starts the engine, or goes on with the PIN of the tab that ran the flow so far.
   *
   * @returns Once it runs, or nobody wants it any more.
   */
  start(): Promise<void>;
  /** Nobody wants the start any more. */
  forgetStart(): void;
  close(): void;
}

/** What a flow needs to be shared. */
export interface SharedFlowOptions
  extends Pick<BrowserPlexAuthOptions, 'name' | 'clientIdentifier' | 'giveUpAfterMs'> {
  page: (Window & typeof globalThis) | undefined;
  clock: NonNullable<BrowserPlexAuthOptions['clock']>;
  engine: PlexAuth;
  flowStore: FlowStore;
  /** What engines must have in common to go on with one another's PIN. */
  kind: string;
  /** Whether another tab has taken this token out of the shared store. */
  hasLost: (token: Secret) => Promise<boolean>;
  /** Whether the user has just come back to this tab: then it leads, whoever did. */
  isBack: boolean;
  /** Another page says that the user has approved. */
  onReturned: () => void;
}

/** What another tab has written shows a little later in this one, in some browsers: it is looked for at these moments. */
const lagMs = [250, 1000, 3000];

/** Lets one tab run the flow, and the others see what comes of it. */
export function createSharedFlow(options: SharedFlowOptions): SharedFlow {
  const { page, name = defaultName, kind, clock, engine, flowStore, hasLost, isBack } = options;
  const tabs = createTabs({
    page,
    name,
    kind,
    clock,
    onYield: () => handOver((status) => status !== 'requestingPin' && status !== 'fetchingToken'),
    onLost: () => void giveWay(),
    onNews: hear,
    onBack: () => void goOn(),
  });
  const looks = createBurst(clock, lagMs, () => void join());
  let was = engine.getSnapshot().status;
  let isWanted = false;
  let starting: Promise<void> | undefined;
  let isClosed = false;
  engine.subscribe(follow);

  /** After each change, the other tabs learn what concerns them. */
  function follow({ status }: PlexAuthView): void {
    const before = was;
    was = status;
    if (isRunning(status)) {
      if (!isRunning(before) && !tabs.isLeading) void lead();
    } else if (isRunning(before) || status === 'authenticated') {
      tabs.release();
      if (isRunning(before) && status === 'authenticated') tabs.tell('signedIn');
    } else if (status === 'signingOut' || before === 'signingOut') tabs.tell('signedOut');
  }

  /** A flow that goes on by itself leaves the lead to the tab that has it, unless the user has just come back to this one. */
  async function lead(): Promise<void> {
    const { isLeading } = await tabs.lead(isBack ? 'lead' : 'goOn');
    if (!isLeading) await giveWay();
  }

  function giveWay(): Promise<unknown> {
    return handOver((status) => status !== 'fetchingToken');
  }

  /** Stops here. A read that is out is waited for: its answer may hold the token. */
  async function handOver(isQuiet: (status: PlexAuthView['status']) => boolean): Promise<Pin | undefined> {
    await starting;
    const { status } = await untilStatus(engine, isQuiet);
    const { pin } = engine.actor.getSnapshot().context;
    if (isRunning(status)) engine.cancel();
    return status === 'awaitingLink' ? pin : undefined;
  }

  function hear(news: TabNews): void {
    if (news === 'returned') options.onReturned();
    else catchUp();
    if (news === 'signedOut') void engine.verify();
  }

  /** Back from the cache: what other pages did meanwhile is not known. One may have ended this very flow, in this tab. */
  async function goOn(): Promise<void> {
    catchUp();
    const kept = await flowStore.findPin().catch(() => undefined);
    const { pin } = engine.actor.getSnapshot().context;
    if (pin && kept?.pinID !== pin.pinID) engine.cancel();
    else if (isRunning(engine.getSnapshot().status)) await lead();
  }

  function catchUp(): void {
    void join();
    looks.start();
  }

  /** Takes the token that another tab has kept. Plex keeps one per client: it takes the place of one that is held here. */
  async function join(): Promise<void> {
    const { status: found } = await untilStatus(engine, (status) => status !== 'fetchingToken');
    const credentials = await flowStore.findCredentials().catch(() => undefined);
    if (!credentials) return leaveLost();
    const view = engine.getSnapshot();
    // What came in between has its own token, or is about to.
    if (isClosed || view.status !== found || view.status === 'signingOut') return;
    if (view.status === 'authenticated') {
      if (view.token.reveal() === credentials.token.reveal()) return;
      engine.actor.send({ type: 'REJECTED' });
    }
    if (isRunning(view.status)) engine.cancel();
    engine.actor.send({ type: 'RESTORE', credentials });
    void engine.verify();
  }

  /** Goes out with another tab, whatever Plex says of the token: it may not have been asked, or not have answered. */
  async function leaveLost(): Promise<void> {
    const view = engine.getSnapshot();
    if (view.status !== 'authenticated' || !(await hasLost(view.token).catch(() => false))) return;
    if (!isClosed && engine.getSnapshot() === view) engine.actor.send({ type: 'REJECTED' });
  }

  async function start(): Promise<void> {
    const { isLeading, pin } = await tabs.lead('lead');
    if (!isLeading) return;
    await join();
    if (!isWanted) return;
    const { clientIdentifier = pin?.clientIdentifier, giveUpAfterMs } = options;
    const giveUpAtMs = giveUpAfterMs === undefined ? undefined : clock.now() + giveUpAfterMs;
    const isOurs = pin?.clientIdentifier === clientIdentifier;
    if (pin && isOurs && engine.actor.getSnapshot().can({ type: 'RESUME', pin })) {
      flowStore.keepPin(pin);
      engine.actor.send({ type: 'RESUME', pin, giveUpAtMs });
    } else engine.start();
    // The engine may still be reading its stores.
    await untilStatus(engine, (status) => !isStartable(status));
  }

  return {
    async start() {
      if (isClosed || !isStartable(engine.getSnapshot().status)) return;
      isWanted = true;
      const own = start().finally(() => {
        if (starting === own) starting = undefined;
      });
      starting = own;
      await own;
    },
    forgetStart() {
      isWanted = false;
      tabs.release();
    },
    close() {
      isClosed = true;
      isWanted = false;
      looks.stop();
      tabs.close();
    },
  };
}
