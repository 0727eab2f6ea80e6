/** The script of the relay's page: follows the relay's messages and shows them. */

import { createMessageLog, type MessageLog } from '../src/inspect/message-log.ts';
import { connectProtocolPage } from '../src/inspect/protocol-page.ts';
import { mountLiveView } from './mount-live-view.ts';
import { type Notice, notices, showNotice } from './notice.ts';
import { type RelayOutcome, receiveMessages } from './relay-connection.ts';

/** What the page shows now. */
interface ShownPage {
  /** Says that the program has ended. */
  end(): void;
  close(): void;
}

const storageKey = 'plex-auth-flow.relay-key';
/** How long to wait before each new try, in milliseconds. After the last the program counts as ended. */
const retryMs = [500, 1000, 2000, 4000, 8000];

const frameURL = document.body.dataset['url'];
const { title } = document;
let nextKey: string | undefined;
let failures = 0;
let shown: ShownPage | undefined;

const firstKey = location.hash.slice(1) || readKey();
history.replaceState(null, '', location.pathname);
if (firstKey) void followRelay(firstKey);
else replaceView(notices.incomplete);

/** Connects again each time the connection is lost, until the program has ended. */
async function followRelay(key: string): Promise<void> {
  const outcome = await connect(key);
  const nextTry = keyForNextTry(outcome, key);
  if (nextTry === undefined) return;
  if (outcome === 'lost') {
    // The first try succeeds if only the connection was lost.
    if (failures > 0 && !frameURL) end();
    await new Promise((resolve) => setTimeout(resolve, retryMs[failures]));
  }
  failures += 1;
  return followRelay(nextTry);
}

function connect(key: string): Promise<RelayOutcome> {
  let log: MessageLog | undefined;
  return receiveMessages(key, {
    onGreeting(greeting) {
      storeKey(greeting.key);
      failures = 0;
      log = showFromStart(greeting.lost);
    },
    onMessage: (message) => log?.add(message),
  });
}

/** Returns nothing after the last try, and says so in the page. */
function keyForNextTry(outcome: RelayOutcome, key: string): string | undefined {
  const stored = readKey();
  if (outcome === 'lost' && retryMs[failures] !== undefined) return stored ?? key;
  if (outcome === 'refused' && stored && stored !== key) return stored;
  if (outcome === 'refused') replaceView(notices.used);
  else end();
  return undefined;
}

/** The relay sends everything again after each connection. */
function showFromStart(lost: number): MessageLog {
  const log = createMessageLog((message) => message);
  log.noteLost(lost);
  shown?.close();
  document.title = title;
  shown = frameURL ? showFrame(frameURL, log) : showLiveView(log);
  return log;
}

function showFrame(url: string, log: MessageLog): ShownPage {
  const iframe = document.createElement('iframe');
  iframe.style.cssText = 'position: fixed; inset: 0; width: 100%; height: 100%; border: 0';
  const disconnect = connectProtocolPage(window, () => iframe.contentWindow, new URL(url).origin, log);
  iframe.src = url;
  document.body.replaceChildren(iframe);
  return { end: disconnect, close: disconnect };
}

function showLiveView(log: MessageLog): ShownPage {
  const view = mountLiveView(document);
  log.connect((json) => view.receive(JSON.parse(json)), view.noteLost);
  return {
    end: view.end,
    close() {
      log.close();
      view.close();
    },
  };
}

/** The live view keeps its last state, and says that the program has ended. Without a view, a notice says so. */
function end(): void {
  if (shown) shown.end();
  else showNotice(document, notices.ended);
  document.title = `${title} (ended)`;
}

function replaceView(notice: Notice): void {
  shown?.close();
  shown = undefined;
  showNotice(document, notice);
  document.title = `${title}: ${notice.title}`;
}

function storeKey(key: string): void {
  nextKey = key;
  try {
    sessionStorage.setItem(storageKey, key);
  } catch {}
}

function readKey(): string | undefined {
  try {
    return sessionStorage.getItem(storageKey) ?? nextKey;
  } catch {
    return nextKey;
  }
}
