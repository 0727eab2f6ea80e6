import { showLiveView } from './live-view-page.ts';
import type { MessageLog } from './message-log.ts';
import { connectProtocolPage, type ShownIn } from './protocol-page.ts';

/** What {@link openInspectorWindow} takes. */
export interface InspectorWindowOptions {
  /** The page that opens it. */
  readonly page: Window;
  /** Shown in it instead of a window of its own. */
  readonly iframe: HTMLIFrameElement | undefined;
  /** A page of Stately's protocol. Default: the live view. */
  readonly url: string | undefined;
  readonly log: MessageLog;
  /** Told why nothing is shown. */
  readonly warn: (message: string) => void;
}

/**
 * Opens a window of a page's own, or uses a frame, and shows the messages there. Where the browser refuses a window, and
 * once it is gone, nothing is shown.
 *
 * @returns Ends it. A window is closed, a frame stays.
 */
export function openInspectorWindow({ page, iframe, url, log, warn }: InspectorWindowOptions): () => void {
  const origin = url === undefined ? undefined : new URL(url).origin;
  let opened: Window | null | undefined;
  const shownIn: ShownIn = () => (iframe ? iframe.contentWindow : opened);

  let end: () => void;
  if (origin !== undefined) {
    end = connectProtocolPage(page, shownIn, origin, log);
    if (iframe) iframe.src = url ?? '';
  } else {
    const view = showLiveView({ shownIn, log, warn });
    iframe?.addEventListener('load', view.mount);
    // The window outlives the page, and nothing of the page runs in it any more.
    page.addEventListener('pagehide', view.end);
    end = () => {
      page.removeEventListener('pagehide', view.end);
      iframe?.removeEventListener('load', view.mount);
      view.close();
    };
  }
  if (!iframe) opened = openWindow(page, url);
  if (opened === null) warn('no live view: the browser opened no window. Make the inspector in a click');

  return () => {
    try {
      end();
      opened?.close();
    } catch {}
  };
}

/** It keeps its opener, which a page of the protocol talks to. Some embedded browsers throw where others answer `null`. */
function openWindow(page: Window, url = ''): Window | null {
  try {
    return page.open(url, '', 'popup,width=960,height=760');
  } catch {
    return null;
  }
}
