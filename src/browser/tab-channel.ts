import type { Pin } from '../pin.ts';

/** What one tab tells the others. None of it is secret. */
export type TabNews = 'returned' | 'signedIn' | 'signedOut';

/** What goes over the channel. `wish` is to run the flow, or only to go on with one if nobody else has it; `kind` is which. */
export type TabMessage =
  | { type: TabNews }
  | { type: 'ask'; from: string; kind: string; wish: 'lead' | 'goOn' }
  | { type: 'answer'; to: string; goesOn: boolean; pin?: Pin | undefined };

/** A way to the other tabs of one origin. Where the browser has none, or blocks it, nobody is there. */
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

/** Firefox throws where the page may keep nothing. */
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
