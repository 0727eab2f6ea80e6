import type { MessageLog } from './message-log.ts';

/** Returns the window that a page is shown in, or nothing once that is gone. */
export type GetWindow = () => Window | null | undefined;

/**
 * Sends messages to a page of Stately's protocol. Each time the page says that it is ready, it receives all kept messages and
 * then each new one.
 *
 * @param page The window that receives the page's messages.
 * @param origin The page's origin. Messages of others are ignored, and nothing is sent to others.
 * @returns Disconnects, and notifies the page.
 */
export function connectProtocolPage(
  page: Window,
  getWindow: GetWindow,
  origin: string,
  log: MessageLog,
): () => void {
  let end: (() => void) | undefined;

  function listen(event: MessageEvent): void {
    const target = getWindow();
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
    getWindow()?.postMessage({ type: '@statelyai.disconnected' }, origin);
  };
}
