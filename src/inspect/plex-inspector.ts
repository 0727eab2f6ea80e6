import type { InspectionEvent } from 'xstate';
import { causeOf } from '../errors.ts';
import { type Clock, type Fetch, systemClock, systemFetch } from '../ports.ts';
import { requireMethods, requireOption, requireURL } from '../require-option.ts';
import { createInspectedFetch } from './inspected-fetch.ts';
import { openInspectorWindow } from './inspector-window.ts';
import { createMessageLog } from './message-log.ts';
import { createRedactor } from './redact.ts';
import type { Relay, RelayOptions } from './relay.ts';
import { createStatelyConverter } from './stately-converter.ts';

/** Where an inspector shows what it sees. */
export interface PlexInspectorOptions {
  /**
   * A page that speaks Stately's inspection protocol, such as `https://stately.ai/inspect`: http or https. Default: the
   * live view of this package, which needs no network.
   */
  url?: string | undefined;
  /** In a browser: a frame to show it in. Default: a window of its own, opened at once, so make the inspector in a click. */
  iframe?: HTMLIFrameElement | undefined;
  /** In Node: where to listen on 127.0.0.1, from 0 to 65535. Default 0: any free port. */
  port?: number | undefined;
  /** What `fetch` passes requests on to. Default: the platform's. */
  fetch?: Fetch | undefined;
  /** The time of what is seen. Default: the platform's. */
  clock?: Pick<Clock, 'now'> | undefined;
  /** The page that this runs in. Default: the global one; without one it runs in Node. */
  window?: Window | undefined;
  /**
   * Hears, in one sentence, why there is no live view: at most once. Default: a warning of the process in Node, of the
   * console elsewhere.
   */
  onUnavailable?: ((message: string) => void) | undefined;
}

/** Shows a sign-in while it moves, without what is secret in it. Nothing that fails here is noticed by the sign-in. */
export interface PlexInspector {
  /** For the option `inspect` of `createPlexAuth`, and of XState's `createActor`. */
  readonly inspect: (event: InspectionEvent) => void;
  /** For the option `fetch` of `createPlexAuth`: passes each request on as it is, and shows its method, path and status. */
  readonly fetch: Fetch;
  /**
   * In Node: the address to open, which works once; the page then goes on by itself, after a reload too. `undefined` in a
   * browser, and where nothing can be served: `onUnavailable` says why. Never rejects.
   */
  readonly url: Promise<string | undefined>;
  /**
   * Ends it: the window is closed, nothing listens any more.
   *
   * @returns Once a page that is open has been sent everything; after half a second at most.
   */
  stop(): Promise<void>;
}

/**
 * Makes an inspector, and opens or serves the page that shows what it sees.
 *
 * Tokens, the codes and ids of PINs, client identifiers and fields that are named like one leave it as `[redacted]` only.
 * In Node it keeps no process alive. There it serves the package's own files: a program that is bundled into one file must
 * leave `plex-auth-flow` out of the bundle (esbuild: `--external:plex-auth-flow`).
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexInspector(options: PlexInspectorOptions = {}): PlexInspector {
  checkOptions(options);
  const { clock = systemClock, fetch = systemFetch, url, iframe, port = 0, onUnavailable = warn } = options;
  const page = options.window ?? (globalThis as { window?: Window }).window;
  const now = () => clock.now();
  const redactor = createRedactor();
  const log = createMessageLog(redactor.redact);
  const converter = createStatelyConverter(redactor, now, log.add);
  let [isOver, isUnavailable] = [false, false];

  function contain(watch: () => void): void {
    if (isOver) return;
    try {
      watch();
    } catch {}
  }

  /** Says once why nothing is shown. */
  function noteUnavailable(message: string): void {
    contain(() => {
      if (!isUnavailable) onUnavailable(message);
    });
    isUnavailable = true;
  }

  let closeWindow: (() => void) | undefined;
  contain(() => {
    if (page) closeWindow = openInspectorWindow({ page, iframe, url, log, warn: noteUnavailable });
  });
  const relay = page
    ? Promise.resolve(undefined)
    : openRelay({ port, pageURL: url, log }).catch((error: unknown) => {
        noteUnavailable(toReason(error, port));
        return undefined;
      });

  return {
    inspect: (event) => contain(() => converter.convert(event)),
    fetch: createInspectedFetch({ fetch, now, contain, report: converter.convertRequest }),
    url: relay.then((open) => open?.url),
    async stop() {
      isOver = true;
      closeWindow?.();
      log.close();
      await (await relay)?.close();
    },
  };
}

/** Starts the relay, by the name of `imports` in package.json that leads to it only in Node. */
async function openRelay(options: RelayOptions): Promise<Relay> {
  const { startRelay } = await import('#relay');
  return startRelay(options);
}

/** Why the relay did not start. */
function toReason(error: unknown, port: number): string {
  if (!processHere()?.versions?.node) return 'no live view: this is neither a page nor Node';
  const { name, code = name } = causeOf(error);
  if (code === 'EADDRINUSE') return `no live view: port ${port} of 127.0.0.1 is taken`;
  if (code !== 'ERR_MODULE_NOT_FOUND') return `no live view: nothing can be served on 127.0.0.1 (${code})`;
  return 'no live view: its files are not beside this program. Leave plex-auth-flow out of the bundle (esbuild: --external:plex-auth-flow)';
}

function warn(message: string): void {
  const { emitWarning } = processHere() ?? {};
  if (emitWarning) emitWarning(`plex-auth-flow: ${message}`, { type: 'PlexAuthWarning' });
  else console.warn(`plex-auth-flow: ${message}`);
}

function processHere(): NodeJS.Process | undefined {
  return (globalThis as { process?: NodeJS.Process }).process;
}

function checkOptions(options: PlexInspectorOptions): void {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const { url, iframe, port = 0, fetch, clock, window, onUnavailable } = options;
  requireURL('url', url, false);
  const isFrame = typeof iframe === 'object' && iframe !== null && 'contentWindow' in iframe;
  requireOption(iframe === undefined || isFrame, 'iframe', 'an iframe element');
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  requireOption(isPort, 'port', 'an integer from 0 to 65535');
  requireOption(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function');
  const isHeard = onUnavailable === undefined || typeof onUnavailable === 'function';
  requireOption(isHeard, 'onUnavailable', 'a function');
  requireMethods('clock', clock, ['now']);
  requireMethods('window', window, ['open', 'addEventListener', 'removeEventListener']);
}
