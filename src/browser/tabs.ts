import type { Pin } from '../pin.ts';
import type { Clock } from '../ports.ts';
import { createLeadLock } from './lead-lock.ts';
import { openTabChannel, type TabMessage, type TabNews } from './tab-channel.ts';

/** How long another tab may take to answer; a frozen one never does. */
const patienceMs = 500;

/** Whether this tab runs the flow, and the PIN that another one handed over. */
interface Leading {
  readonly isLeading: boolean;
  readonly pin?: Pin | undefined;
}

/** The tabs of one origin that sign in to one application. */
export interface Tabs {
  /** Whether this tab is known to be the one that runs the flow. */
  readonly isLeading: boolean;
  /**
   * Makes this tab the one that runs the flow. One that does so already stops, or keeps it where `wish` is `goOn`.
   *
   * Where the browser has no locks for this page, each tab is on its own and leads.
   */
  lead(wish: 'lead' | 'goOn'): Promise<Leading>;
  /** The flow is over, or nobody wants it any more. */
  release(): void;
  tell(news: TabNews): void;
  close(): void;
}

/** What a tab does when others speak. */
export interface TabsOptions {
  page: (Window & typeof globalThis) | undefined;
  /** Tabs of the same name hear one another. */
  name: string;
  /** Those of the same kind run one flow. */
  kind: string;
  clock: Clock;
  /** Another tab asks for the flow: stop, and say which PIN it is about. */
  onYield: () => Promise<Pin | undefined>;
  /** Another tab has taken the flow without an answer. */
  onLost: () => void;
  onNews: (news: TabNews) => void;
  /** The page is back from the back/forward cache: it leads no more, and has missed all news. */
  onBack: () => void;
}

/** Makes tabs know of one another, by Web Locks and a BroadcastChannel. */
export function createTabs(options: TabsOptions): Tabs {
  const { page, name, kind, clock, onYield, onLost, onNews, onBack } = options;
  const id = String(Math.random());
  const lock = createLeadLock(page, name + kind, onLost);
  let channel = openTabChannel(page, name, hear);
  /** The one attempt to lead; replaced or gone means that it is no longer wanted. */
  let attempt: { outcome?: Promise<Leading> } | undefined;
  let settle: ((answer?: Extract<TabMessage, { type: 'answer' }>) => void) | undefined;

  function hear(message: TabMessage): void {
    if (message.type === 'answer') {
      if (message.to === id) settle?.(message);
    } else if (message.type === 'ask') {
      if (lock.isHeld && message.kind === kind) void answer(message);
    } else {
      onNews(message.type);
    }
  }

  async function answer({ from, wish }: Extract<TabMessage, { type: 'ask' }>): Promise<void> {
    const goesOn = wish === 'goOn';
    const pin = goesOn ? undefined : await onYield();
    if (!goesOn) lock.letGo();
    channel.post({ type: 'answer', to: from, goesOn, pin });
  }

  /** Nothing where nobody answers in time, or the answer is no longer wanted. */
  function ask(wish: 'lead' | 'goOn'): Promise<Extract<TabMessage, { type: 'answer' }> | undefined> {
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => settle?.(), patienceMs);
      settle = (message) => {
        clock.clearTimeout(timer);
        settle = undefined;
        resolve(message);
      };
      channel.post({ type: 'ask', from: id, kind, wish });
    });
  }

  async function tryToLead(wish: 'lead' | 'goOn', isWanted: () => boolean): Promise<Leading> {
    const first = lock.isHeld || (await lock.take('if it is free'));
    if (first !== 'busy' || !channel.isOpen) return { isLeading: isWanted() };
    const said = isWanted() ? await ask(wish) : undefined;
    if (said?.goesOn || !isWanted()) return { isLeading: false };
    const second = await lock.take('if it is free');
    if (second === 'busy' && isWanted()) await lock.take('from whoever has it');
    return { isLeading: isWanted(), pin: said?.pin };
  }

  function release(): void {
    attempt = undefined;
    settle?.();
    lock.letGo();
  }

  /** A page in the back/forward cache answers nobody, and the first message throws it out; some browsers let none in that has a lock. */
  function onHide(): void {
    release();
    channel.close();
  }

  function onShow({ persisted }: PageTransitionEvent): void {
    if (!persisted) return;
    channel = openTabChannel(page, name, hear);
    onBack();
  }

  page?.addEventListener('pagehide', onHide);
  page?.addEventListener('pageshow', onShow);

  return {
    get isLeading() {
      return lock.isHeld;
    },
    lead(wish) {
      if (attempt?.outcome) return attempt.outcome;
      const own: typeof attempt = {};
      attempt = own;
      own.outcome = tryToLead(wish, () => attempt === own).finally(() => {
        if (attempt === own) attempt = undefined;
      });
      return own.outcome;
    },
    release,
    tell: (type) => channel.post({ type }),
    close() {
      page?.removeEventListener('pagehide', onHide);
      page?.removeEventListener('pageshow', onShow);
      release();
      channel.close();
    },
  };
}
