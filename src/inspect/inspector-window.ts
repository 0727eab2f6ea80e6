import { showLiveView } from './live-view-page.ts';
import type { MessageLog } from './message-log.ts';
import { connectProtocolPage, type GetWindow } from './protocol-page.ts';

/** What {@link openInspectorWindow} takes. */
export interface InspectorWindowOptions {
  /** The page that opens the window. */
  readonly page: Window;
  /** Used in place of a window of its own. */
  readonly iframe: HTMLIFrameElement | undefined;
  /** A page that speaks Stately's protocol. Default: the live view. */
  readonly url: string | undefined;
  readonly log: MessageLog;
  /** Called with the reason if nothing can be shown. */
  readonly warn: (message: string) => void;
}

/**
 * Opens a window or uses a frame, and shows the messages there. Shows nothing if the browser refuses the window.
 *
 * @returns Ends it, and closes the window. A frame stays.
 */
export function openInspectorWindow({ page, iframe, url, log, warn }: InspectorWindowOptions): () => void {
  const origin = url === undefined ? undefined : new URL(url).origin;
  let opened: Window | null | undefined;
  const getWindow: GetWindow = () => (iframe ? iframe.contentWindow : opened);

  let end: () => void;
  if (origin !== undefined) {
    end = connectProtocolPage(page, getWindow, origin, log);
    if (iframe) iframe.src = url ?? '';
  } else {
    const view = showLiveView({ getWindow, log, warn });
    iframe?.addEventListener('load', view.mount);
    // The window outlives the page, but the page's code stops running.
    page.addEventListener('pagehide', view.end);
    end = () => {
      page.removeEventListener('pagehide', view.end);
      iframe?.removeEventListener('load', view.mount);
      view.close();
    };
  }
  if (!iframe) opened = openWindow(page, url);
  if (opened === null)
    warn('no live view: the browser opened no window. Create the inspector within a click');

  return () => {
    try {
      end();
      opened?.close();
    } catch {}
  };
}

/** Keeps the opener, which a page of the protocol talks to. To refuse, browsers return `null`; some embedded ones throw. */
function openWindow(page: Window, url = ''): Window | null {
  try {
    return page.open(url, '', 'popup,width=960,height=760');
  } catch {
    return null;
  }
}
