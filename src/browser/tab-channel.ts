import type { Pin } from '../pin.ts';

/** What one tab announces to the others. None of it is secret. */
export type TabNotice = 'returned' | 'signedIn' | 'signedOut';

/** To take over the sign-in from the tab that runs it, or to continue one only if no other tab runs it. */
export type LeadIntent = 'takeOver' | 'continue';

/** A tab asks for the sign-in of one `flowKey`. */
export interface LeadRequest {
  type: 'ask';
  from: string;
  flowKey: string;
  intent: LeadIntent;
}

/** The tab that runs the sign-in answers: it keeps it, or hands it over with its PIN. */
export interface LeadAnswer {
  type: 'answer';
  to: string;
  isKept: boolean;
  pin?: Pin | undefined;
}

/** What goes over the channel. */
export type TabMessage = { type: TabNotice } | LeadRequest | LeadAnswer;

/** A way to the other tabs of one origin. If the browser has none, or blocks it, no tab receives or answers anything. */
export interface TabChannel {
  readonly isOpen: boolean;
  post(message: TabMessage): void;
  close(): void;
}

/** Opens a way to the tabs that use the same name. */
export function openTabChannel(
  page: (Window & typeof globalThis) | undefined,
  name: string,
  onMessage: (message: TabMessage) => void,
): TabChannel {
  let channel = createChannel(page, name);
  channel?.addEventListener('message', ({ data }: MessageEvent<TabMessage | null>) => {
    if (channel && data?.type) onMessage(data);
  });
  return {
    get isOpen() {
      return channel !== undefined;
    },
    post: (message) => channel?.postMessage(message),
    close() {
      channel?.close();
      channel = undefined;
    },
  };
}

/** Firefox throws where the page may store nothing. */
function createChannel(
  page: (Window & typeof globalThis) | undefined,
  name: string,
): BroadcastChannel | undefined {
  try {
    return page?.BroadcastChannel && new page.BroadcastChannel(name);
  } catch {
    return undefined;
  }
}
