import type { MessageLog } from './message-log.ts';

/** Where a page is shown: a window, or a frame's. `undefined` once it is gone. */
export type ShownIn = () => Window | null | undefined;

/**
 * Sends messages to a page of Stately's protocol, from when it says that it is there; all that are kept each time it does.
 *
 * @param page The window that the page tells it to.
 * @param origin The page's own. Nobody else is listened to, and nobody else is sent anything.
 * @returns Ends it, and tells the page.
 */
export function connectProtocolPage(
  page: Window,
  shownIn: ShownIn,
  origin: string,
  log: MessageLog,
): () => void {
  let end: (() => void) | undefined;

  function listen(event: MessageEvent): void {
    const target = shownIn();
    const isPage = target && event.source === target && event.origin === origin;
    if (!isPage || Object(event.data).type !== '@statelyai.connected') return;
    end?.();
    end = log.connect((json) => {
      if (target.closed) throw new Error('The page is gone');
      target.postMessage(JSON.parse(json), origin);
    });
  }

  page.addEventListener('message', listen);
  return () => {
    page.removeEventListener('message', listen);
    if (!end) return;
    end();
    shownIn()?.postMessage({ type: '@statelyai.disconnected' }, origin);
  };
}
