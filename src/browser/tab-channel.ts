import { parseStoredPin } from '../engine/stored.ts';
import type { Pin } from '../pin.ts';

/** The channel on which every application of an origin listens, for a page that does not say which it belongs to. */
const commonName = 'plex-auth-flow';

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

/**
 * Opens a way to the tabs of one application.
 *
 * @param name The application's name. Without one, messages go to every application of the origin, and each takes only
 * `returned` from there, which ends and starts nothing.
 */
export function openTabChannel(
  page: (Window & typeof globalThis) | undefined,
  name: string | undefined,
  onMessage: (message: TabMessage) => void,
): TabChannel {
  let isOpen = true;
  const listen = (channelName: string, isHeard: (message: TabMessage) => boolean) => {
    const channel = createChannel(page, channelName);
    const onData = ({ data }: MessageEvent<unknown>) => {
      const message = isOpen ? parseMessage(data) : undefined;
      if (message && isHeard(message)) onMessage(message);
    };
    return attempt(() => channel?.addEventListener('message', onData)) ? channel : undefined;
  };
  const common = listen(commonName, ({ type }) => type === 'returned');
  const own = name === undefined ? common : listen(`${commonName}.${name}`, () => true);
  return {
    get isOpen() {
      return isOpen && own !== undefined;
    },
    post(message) {
      if (isOpen) attempt(() => own?.postMessage(message));
    },
    close() {
      isOpen = false;
      attempt(() => common?.close());
      attempt(() => own?.close());
    },
  };
}

/** A channel that throws, as a replacement for a missing one may, is as good as none. @returns Whether the call succeeded. */
function attempt(call: () => void): boolean {
  try {
    call();
    return true;
  } catch {
    return false;
  }
}

/** Reads what another tab sent: an older or a newer version of the application, or another script of the origin. */
function parseMessage(data: unknown): TabMessage | undefined {
  const { type, from, to, flowKey, intent, isKept, pin } = (data ?? {}) as Partial<Record<string, unknown>>;
  if (type === 'returned' || type === 'signedIn' || type === 'signedOut') return { type };
  if (type === 'ask' && isText(from) && isText(flowKey) && (intent === 'takeOver' || intent === 'continue'))
    return { type, from, flowKey, intent };
  if (type === 'answer' && isText(to) && typeof isKept === 'boolean')
    return { type, to, isKept, pin: parseStoredPin(pin) };
  return undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
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
