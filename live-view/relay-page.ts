/** The script of the relay's page. It runs in a browser, as it was emitted. */

import { createMessageLog, type MessageLog } from '../src/inspect/message-log.ts';
import { connectProtocolPage } from '../src/inspect/protocol-page.ts';
import { relayClose, socketPath } from '../src/inspect/relay-frames.ts';
import type { LiveView } from './index.ts';

const storageKey = 'plex-auth-flow.relay-key';
/** How long to wait before each try to come back, in milliseconds. After the last the other end is taken for gone. */
const retryMs = [500, 1000, 2000, 4000, 8000];

const frameURL = document.body.dataset['url'];
let nextKey: string | undefined;
let failures = 0;
let shown: ShownPage | undefined;

/** What is in the page. */
interface ShownPage {
  /** Says that the program has ended. */
  end(): void;
  /** Takes it away. */
  close(): void;
}

const { title } = document;
const firstKey = location.hash.slice(1) || readKey();
history.replaceState(null, '', location.pathname);
if (firstKey) connect(firstKey);
else say('This page needs the whole address that was printed, with its key.');

function connect(key: string): void {
  const socket = new WebSocket(`ws://${location.host}${socketPath}`);
  let log: MessageLog | undefined;
  socket.onopen = () => socket.send(key);
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const said = JSON.parse(data);
    if (!log) {
      keepKey(said.key);
      failures = 0;
      log = showAnew(said.lost);
    } else log.add(said);
  };
  socket.onclose = ({ code }) => {
    const kept = readKey();
    const waitMs = retryMs[failures];
    if (code === relayClose.refused && kept && kept !== key) connect(kept);
    else if (code === relayClose.refused)
      say('This address has been used: it works once. Start the inspector again for another one.');
    else if (code === relayClose.over || waitMs === undefined) end();
    else {
      // Whoever only lets this page go answers the first try.
      if (failures > 0 && !frameURL) end();
      setTimeout(() => connect(kept ?? key), waitMs);
    }
    failures += 1;
  };
}

/** After a reconnection everything is told once more, so it is shown from the start. */
function showAnew(lost: number): MessageLog {
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
  let view: LiveView | undefined;
  let [isEnded, isClosed] = [false, false];
  void import('./index.ts').then(({ mountLiveView }) => {
    if (isClosed) return;
    view = mountLiveView(document);
    log.connect((json) => view?.receive(JSON.parse(json)), view.noteLost);
    if (isEnded) view.end();
  });
  return {
    end() {
      isEnded = true;
      view?.end();
    },
    close() {
      isClosed = true;
      log.close();
      view?.close();
    },
  };
}

/** The live view stays as it was last, and says so. */
function end(): void {
  shown?.end();
  document.title = `${title} (ended)`;
}

function say(text: string): void {
  document.body.textContent = text;
}

function keepKey(key: string): void {
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
