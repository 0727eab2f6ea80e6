import type { Pin } from '../../../machines/pin-auth.ts';
import type { Clock } from '../../ports.ts';

/** What one tab tells the others. None of it is secret. */
export type TabNews = 'returned' | 'signedIn' | 'signedOut';

type TabMessage =
  | { type: TabNews }
  | { type: 'yield'; from: string }
  | { type: 'yielded'; to: string; pin: Pin | undefined };

/** The tabs of one origin that sign in to one application. */
export interface Tabs {
  /** Whether this tab is the one that runs the flow. */
  readonly isLeading: boolean;
  /**
   * Makes this tab the one that runs the flow; one that did so before stops.
   *
   * @returns The PIN which that one was waiting for, so that the flow goes on with it.
   */
  lead(): Promise<Pin | undefined>;
  /** The flow is over. */
  release(): void;
  tell(news: TabNews): void;
  close(): void;
}

/** What a tab does when others speak. */
export interface TabsOptions {
  page: (Window & typeof globalThis) | undefined;
  /** Tabs of the same name hear one another. */
  name: string;
  clock: Clock;
  /** Another tab takes the flow over: stop, and say which PIN it was about. */
  onYield: () => Promise<Pin | undefined>;
  onNews: (news: TabNews) => void;
}

/** How long another tab may take to let go; a frozen one never does. */
const patienceMs = 500;

/**
 * Makes tabs know of one another, by Web Locks and a BroadcastChannel.
 *
 * Where a browser has neither (a page on plain http has no locks), each tab is on its own.
 */
export function createTabs({ page, name, clock, onYield, onNews }: TabsOptions): Tabs {
  const id = String(Math.random());
  const channel = page?.BroadcastChannel && new page.BroadcastChannel(name);
  const locks = page?.navigator.locks;
  let letGo: (() => void) | undefined;
  let onYielded: ((pin: Pin | undefined) => void) | undefined;

  const post = (message: TabMessage) => channel?.postMessage(message);
  channel?.addEventListener('message', async ({ data }: MessageEvent<TabMessage>) => {
    if (data.type === 'yielded') {
      if (data.to === id) onYielded?.(data.pin);
    } else if (data.type !== 'yield') {
      onNews(data.type);
    } else if (letGo) {
      const pin = await onYield();
      letGo?.();
      post({ type: 'yielded', to: data.from, pin });
    }
  });

  /** Takes the lock and holds it until `letGo`, or until another tab steals it. */
  function take(options: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      const held = locks?.request(name, options, (lock) => {
        resolve(lock !== null);
        if (!lock) return;
        return new Promise<void>((done) => {
          letGo = () => {
            letGo = undefined;
            done();
          };
        });
      });
      held?.catch(() => {
        resolve(false);
        if (letGo) void onYield();
        letGo = undefined;
      });
    });
  }

  function askForPin(): Promise<Pin | undefined> {
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => onYielded?.(undefined), patienceMs);
      onYielded = (pin) => {
        clock.clearTimeout(timer);
        onYielded = undefined;
        resolve(pin);
      };
      post({ type: 'yield', from: id });
    });
  }

  return {
    get isLeading() {
      return letGo !== undefined;
    },
    async lead() {
      if (letGo || !locks || !channel || (await take({ ifAvailable: true }))) return undefined;
      const pin = await askForPin();
      if (!(await take({ ifAvailable: true }))) await take({ steal: true });
      return pin;
    },
    release: () => letGo?.(),
    tell: (type) => post({ type }),
    close() {
      onYielded?.(undefined);
      letGo?.();
      channel?.close();
    },
  };
}
