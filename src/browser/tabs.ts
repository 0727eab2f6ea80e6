import type { Pin } from '../pin.ts';
import type { Clock } from '../ports.ts';
import { createLeadLock, type LeadLock } from './lead-lock.ts';
import { listenTo } from './page-hints.ts';
import {
  type LeadAnswer,
  type LeadIntent,
  type LeadRequest,
  openTabChannel,
  type TabMessage,
  type TabNotice,
} from './tab-channel.ts';

/** How long another tab may take to answer, in milliseconds; a frozen one never does. */
const answerTimeoutMs = 500;

/** Whether this tab runs the sign-in, and the PIN that another one handed over. */
export interface Lead {
  readonly isLeading: boolean;
  readonly pin?: Pin | undefined;
}

/** The tabs of one origin that sign in to one application. */
export interface Tabs {
  /** Whether this tab is known to be the one that runs the sign-in. */
  readonly isLeading: boolean;
  /**
   * Makes this tab the one that runs the sign-in. With `takeOver`, the tab that runs it now stops; with `continue`, that
   * tab keeps it.
   *
   * Where the browser has no locks for this page, each tab is on its own and leads.
   */
  lead(intent: LeadIntent): Promise<Lead>;
  /** The sign-in is over, or nobody wants it any more. */
  release(): void;
  announce(notice: TabNotice): void;
  close(): void;
}

/** What a tab does at the messages of others. */
export interface TabsOptions {
  page: (Window & typeof globalThis) | undefined;
  /** The application. Tabs of the same name can reach one another. */
  name: string;
  /** Tabs with the same key run one sign-in. */
  flowKey: string;
  clock: Clock;
  /** Another tab asks for the sign-in: stop, and resolve to its PIN. */
  onHandOver: () => Promise<Pin | undefined>;
  /** Another tab has taken the sign-in without an answer. */
  onLeadStolen: () => void;
  onNotice: (notice: TabNotice) => void;
  /** The page is back from the back/forward cache: it no longer leads, and has missed all notices. */
  onRestored: () => void;
}

/** Connects the tabs of one origin, by Web Locks and a BroadcastChannel. */
export function createTabs(options: TabsOptions): Tabs {
  const { page, name, flowKey, clock, onHandOver, onLeadStolen, onNotice, onRestored } = options;
  const id = String(Math.random());
  const lockName = `plex-auth-flow.${name}${flowKey}`;
  const lock = createLeadLock({ page, name: lockName, clock, onStolen: onLeadStolen });
  const question = createQuestion(clock);
  let channel = openTabChannel(page, name, onMessage);
  /** The one attempt to lead. If it is replaced or gone, it is no longer wanted. */
  let attempt: { outcome?: Promise<Lead> } | undefined;

  function onMessage(message: TabMessage): void {
    if (message.type === 'answer') {
      if (message.to === id) question.end(message);
    } else if (message.type === 'ask') {
      if (lock.isHeld && message.flowKey === flowKey) void answer(message);
    } else onNotice(message.type);
  }

  async function answer({ from, intent }: LeadRequest): Promise<void> {
    const isKept = intent === 'continue';
    const pin = isKept ? undefined : await onHandOver();
    if (!isKept) lock.release();
    channel.post({ type: 'answer', to: from, isKept, pin });
  }

  /** Asks the tab that leads. @returns Undefined if there is no way to it, or it does not answer in time. */
  function ask(intent: LeadIntent): Promise<LeadAnswer | undefined> {
    return question.begin(() => channel.post({ type: 'ask', from: id, flowKey, intent }));
  }

  function release(): void {
    attempt = undefined;
    question.end();
    lock.release();
  }

  const stopWatching = watchPageCache(page, {
    onHide() {
      release();
      channel.close();
    },
    onRestored() {
      channel = openTabChannel(page, name, onMessage);
      onRestored();
    },
  });

  return {
    get isLeading() {
      return lock.isHeld;
    },
    lead(intent) {
      if (attempt?.outcome) return attempt.outcome;
      const own: typeof attempt = {};
      attempt = own;
      const isWanted = () => attempt === own;
      own.outcome = tryToLead({
        lock,
        isWanted,
        ask: () => (channel.isOpen ? ask(intent) : 'nobody'),
      }).finally(() => {
        if (isWanted()) attempt = undefined;
      });
      return own.outcome;
    },
    release,
    announce: (type) => channel.post({ type }),
    close() {
      stopWatching();
      release();
      channel.close();
    },
  };
}

/** What one attempt to lead needs. */
interface LeadAttempt {
  readonly lock: LeadLock;
  readonly isWanted: () => boolean;
  /** Asks the tab that leads; `nobody` where there is no channel to it. */
  readonly ask: () => Promise<LeadAnswer | undefined> | 'nobody';
}

/** Takes the lock if it is free. Else asks the tab that holds it, and takes it from a tab that does not answer. */
async function tryToLead({ lock, isWanted, ask }: LeadAttempt): Promise<Lead> {
  const first = lock.isHeld || (await lock.acquire({ steal: false }));
  if (first !== 'busy') return { isLeading: isWanted() };
  const asked = isWanted() ? ask() : undefined;
  if (asked === 'nobody') return { isLeading: isWanted() };
  const reply = await asked;
  if (reply?.isKept || !isWanted()) return { isLeading: false };
  const second = await lock.acquire({ steal: false });
  if (second === 'busy' && isWanted()) await lock.acquire({ steal: true });
  return { isLeading: isWanted(), pin: reply?.pin };
}

/** Waits for one answer at a time. It resolves to nothing if nobody answers in time, or the answer is no longer wanted. */
function createQuestion(clock: Clock) {
  let end: ((answer?: LeadAnswer) => void) | undefined;
  return {
    begin(ask: () => void): Promise<LeadAnswer | undefined> {
      return new Promise((resolve) => {
        const timer = clock.setTimeout(() => end?.(), answerTimeoutMs);
        end = (answer) => {
          clock.clearTimeout(timer);
          end = undefined;
          resolve(answer);
        };
        ask();
      });
    },
    end: (answer?: LeadAnswer) => end?.(answer),
  };
}

/**
 * Watches a page go into the back/forward cache and come back. A page in the cache answers nobody, and the first message
 * throws it out; some browsers keep out every page that has a lock.
 *
 * @returns Stops watching.
 */
function watchPageCache(
  page: Window | undefined,
  { onHide, onRestored }: { onHide: () => void; onRestored: () => void },
): () => void {
  const onShow = ({ persisted }: PageTransitionEvent) => {
    if (persisted) onRestored();
  };
  const ends = [listenTo(page, 'pagehide', onHide), listenTo(page, 'pageshow', onShow)];
  return () => {
    for (const end of ends) end();
  };
}
