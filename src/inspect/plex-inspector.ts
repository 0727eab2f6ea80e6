import type { InspectionEvent } from 'xstate';
import { causeOf } from '../errors.ts';
import { type AnyFetch, type Clock, type Fetch, systemClock, systemFetch } from '../ports.ts';
import { copyOptions, requireMethods, requireOption, requireURL } from '../require-option.ts';
import { createInspectedFetch } from './inspected-fetch.ts';
import { openInspectorWindow } from './inspector-window.ts';
import { createMessageLog } from './message-log.ts';
import type { PageFrame, PageWindow } from './page-frame.ts';
import { createRedactor } from './redact.ts';
import type { Relay, RelayOptions } from './relay.ts';
import { createStatelyConverter } from './stately-converter.ts';

/** Where an inspector shows what happens. */
export interface PlexInspectorOptions {
  /**
   * A page that speaks Stately's inspection protocol, such as `https://stately.ai/inspect`, by http or https. Default: the
   * live view of this package, which needs no network.
   */
  url?: string | undefined;
  /** In a browser: a frame to show it in. Default: a window of its own, opened at once; so create the inspector in a click. */
  iframe?: PageFrame | undefined;
  /** In Node: the port to listen on at 127.0.0.1, from 0 to 65535. Default 0: any free port. */
  port?: number | undefined;
  /** The function that `fetch` passes requests on to. Default: the platform's. */
  fetch?: AnyFetch | undefined;
  /** The time of each message. Default: the platform's. */
  clock?: Pick<Clock, 'now'> | undefined;
  /** The page that this runs in. Default: the global one; without one it runs in Node. */
  window?: PageWindow | undefined;
  /**
   * Called at most once, with one sentence that says why there is no live view. Default: a process warning in Node, a
   * console warning elsewhere.
   */
  onUnavailable?: ((message: string) => void) | undefined;
}

/** Shows a sign-in as it happens, without its secrets. Nothing that fails here affects the sign-in. */
export interface PlexInspector {
  /** For the option `inspect` of `createPlexAuth`, and of XState's `createActor`. */
  readonly inspect: (event: InspectionEvent) => void;
  /** For the option `fetch` of `createPlexAuth`: passes each request on unchanged, and shows its method, path and status. */
  readonly fetch: Fetch;
  /**
   * In Node: the address to open. It works once; after that the page stays connected, even over a reload. `undefined` in a
   * browser, or if nothing can be served: `onUnavailable` says why. Never rejects.
   */
  readonly url: Promise<string | undefined>;
  /**
   * Stops the inspector: closes the window, and stops listening.
   *
   * @returns Resolves once an open page has been sent everything, after half a second at most.
   */
  stop: () => Promise<void>;
}

/**
 * Creates an inspector, and opens or serves the page that shows what happens.
 *
 * Tokens, the codes and ids of PINs, client identifiers, and fields with such names are shown as `[redacted]` only.
 * In Node it keeps no process alive. There it serves the package's own files, so a program that is bundled into one file
 * must leave `plex-auth-flow` out of the bundle (esbuild: `--external:plex-auth-flow`).
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexInspector(options: PlexInspectorOptions = {}): PlexInspector {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const own = copyOptions(options);
  checkOptions(own);
  const { clock = systemClock, fetch = systemFetch, url, iframe, port = 0, onUnavailable = warn } = own;
  const page = own.window ?? (globalThis as { window?: Window }).window;
  const now = () => clock.now();
  const redactor = createRedactor();
  const log = createMessageLog(redactor.redact);
  const converter = createStatelyConverter(redactor, now, log.add);
  let [isOver, isUnavailable] = [false, false];

  /** Runs code that only observes, and catches whatever it throws. */
  function contain(observe: () => void): void {
    if (isOver) return;
    try {
      observe();
    } catch {}
  }

  /** Says once why nothing can be shown. */
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

/** Says why the relay did not start. */
function toReason(error: unknown, port: number): string {
  if (!processHere()?.versions?.node) return 'no live view: this is neither a page nor Node';
  const { name, code = name } = causeOf(error);
  if (code === 'EADDRINUSE') return `no live view: port ${port} of 127.0.0.1 is taken`;
  const isMissing = code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED';
  if (!isMissing) return `no live view: nothing can be served on 127.0.0.1 (${code})`;
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
  const { url, iframe, port = 0, fetch, clock, window, onUnavailable } = options;
  requireURL('url', url, false);
  const isFrame = typeof iframe === 'object' && iframe !== null && 'contentWindow' in iframe;
  requireOption(iframe === undefined || isFrame, 'iframe', 'an iframe element');
  const isPort = Number.isInteger(port) && port >= 0 && port <= 65_535;
  requireOption(isPort, 'port', 'an integer from 0 to 65535');
  requireOption(fetch === undefined || typeof fetch === 'function', 'fetch', 'a function');
  const isCallback = onUnavailable === undefined || typeof onUnavailable === 'function';
  requireOption(isCallback, 'onUnavailable', 'a function');
  requireMethods('clock', clock, ['now']);
  requireMethods('window', window, ['open', 'addEventListener', 'removeEventListener']);
}
