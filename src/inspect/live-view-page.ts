import { causeOf } from '../errors.ts';
import type { LiveView, LiveViewModule } from './live-view-module.ts';
import type { MessageLog } from './message-log.ts';
import type { GetWindow } from './protocol-page.ts';

/** A live view in a blank window or frame. */
export interface LiveViewPage {
  /** Mounts the view again if the document was replaced, for example because a frame was moved. */
  mount(): void;
  /** Says that the program has ended. The next message takes that back. */
  end(): void;
  close(): void;
}

/** What {@link showLiveView} takes. */
export interface LiveViewPageOptions {
  readonly getWindow: GetWindow;
  readonly log: MessageLog;
  /** Called with the reason if nothing can be shown. */
  readonly warn: (message: string) => void;
  /** Default: loads the live view of this package. */
  readonly load?: () => Promise<LiveViewModule>;
}

/**
 * Shows the live view in a blank document, once its code is loaded.
 *
 * Checks the window at each message, and needs no timer for that.
 */
export function showLiveView({
  getWindow,
  log,
  warn,
  load = () => import('#live-view'),
}: LiveViewPageOptions): LiveViewPage {
  let mountLiveView: LiveViewModule['mountLiveView'] | undefined;
  let mounted: { document: Document; view: LiveView; end: () => void } | undefined;
  let isOver = false;

  function unmount(): void {
    const last = mounted;
    mounted = undefined;
    last?.end();
    contain(() => last?.view.close());
  }

  function mount(): void {
    const document = blankDocumentOf(getWindow);
    if (isOver || !mountLiveView || document === mounted?.document) return;
    unmount();
    if (!document) return;
    const view = mountLiveView(document);
    mounted = { document, view, end: () => {} };
    mounted.end = log.connect((json) => {
      if (blankDocumentOf(getWindow) === document) return view.receive(JSON.parse(json));
      mount();
      throw new Error('The document is gone');
    }, view.noteLost);
  }

  load().then(
    (module) => {
      ({ mountLiveView } = module);
      contain(mount);
    },
    (error: unknown) => contain(() => warn(`no live view: its code was not loaded (${causeOf(error).name})`)),
  );
  return {
    mount: () => contain(mount),
    end: () => contain(() => mounted?.view.end()),
    close() {
      isOver = true;
      unmount();
    },
  };
}

/** Returns undefined if the window is closed or shows another page. */
function blankDocumentOf(getWindow: GetWindow): Document | undefined {
  try {
    const target = getWindow();
    if (!target || target.closed) return undefined;
    return /^about:(blank|srcdoc)$/.test(target.location.href) ? target.document : undefined;
  } catch {
    return undefined;
  }
}

function contain(work: () => void): void {
  try {
    work();
  } catch {}
}
