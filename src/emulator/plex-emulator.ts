import type { Fetch } from '../ports.ts';
import { type PlexEmulatorOptions, readEmulatorOptions, readExpireOptions } from './emulator-options.ts';
import { type EmulatorRequest, note } from './emulator-request.ts';
import { createFaultPlan, type Fault, type FaultScope } from './faults.ts';
import { createPinRegistry, type Pin, type PinState } from './pin-registry.ts';
import { addPlexPages } from './plex-pages.ts';
import { createPlexRoutes } from './plex-routes.ts';

/** A PIN as a test or a playground may show it: without its token. */
export interface EmulatedPin {
  readonly id: number;
  readonly code: string;
  readonly clientIdentifier: string;
  readonly strong: boolean;
  readonly state: PinState;
  /** By the emulator's clock, in milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** An emulated plex.tv with one signed-in user. */
export interface PlexEmulator {
  /**
   * Takes the place of `globalThis.fetch`: answers in memory, without a socket.
   *
   * An abort rejects it with the signal's reason at once, and breaks a body that is still being read.
   */
  readonly fetch: Fetch;
  /**
   * Answers a request; what a server calls.
   *
   * It rejects where plex.tv would drop the connection: with `fetch failed` for a `reset`, with the reason of
   * `request.signal` once that is aborted.
   */
  handle(request: Request): Promise<Response>;
  /**
   * The user approves: the PIN gets a token, and the client's earlier token dies.
   *
   * @returns The token that the client is going to read.
   * @throws {Error} Where no waiting PIN has the code.
   */
  link(code: string): string;
  /**
   * The user declines, which looks like waiting: no token comes until the PIN expires.
   *
   * @throws {Error} Where no waiting PIN has the code.
   */
  deny(code: string): void;
  /**
   * The PIN is gone from now on: 404 with code 1020.
   *
   * Given a while, it ends when that is over, and `expiresIn` counts down to it. A PIN that ends sooner still does.
   *
   * @param options.inMs The while, in milliseconds, 0 or more. Default: 0.
   * @throws {TypeError} For an `inMs` out of its range.
   * @throws {Error} Where there is no such PIN.
   */
  expire(pinID: number, options?: { inMs?: number }): void;
  /**
   * Makes requests go wrong. Faults strike in the order in which they were added, one per request.
   *
   * @param scope Which requests; does not apply to `clockOffset`, which holds for all until it is removed.
   * @returns A function that removes the fault.
   * @throws {TypeError} For a fault or scope out of its range.
   */
  fault(fault: Fault, scope?: FaultScope): () => void;
  /** Everything that was asked, oldest first. */
  readonly requests: readonly EmulatorRequest[];
  /** How many requests are out, unanswered, right now. */
  readonly pending: number;
  /** All PINs ever made, oldest first. */
  readonly pins: readonly EmulatedPin[];
  /** The signed-in user's own token, which `PUT /api/v2/pins/link` takes. */
  readonly accountToken: string;
}

/**
 * Makes a plex.tv that behaves as the real one does, quirks included (plex.tv, as read 2026-08).
 *
 * It runs wherever Web-standard `Request` and `Response` do, and only by the clock it is given. For a real socket give
 * it to `servePlexEmulator`.
 *
 * @throws {TypeError} For an option out of its range, naming it.
 */
export function createPlexEmulator(options: PlexEmulatorOptions = {}): PlexEmulator {
  const settings = readEmulatorOptions(options);
  const registry = createPinRegistry(settings);
  const faults = createFaultPlan();
  const app = createPlexRoutes({ settings, registry, faults });
  addPlexPages(app, { settings, registry });
  const requests: EmulatorRequest[] = [];
  let pending = 0;

  async function answer(request: Request, signal: AbortSignal | undefined): Promise<Response> {
    signal?.throwIfAborted();
    const origin = request.headers.get('Origin');
    const call: EmulatorRequest = {
      atMs: settings.clock.now(),
      method: request.method,
      path: new URL(request.url).pathname,
      ...(origin === null ? {} : { origin }),
    };
    requests.push(call);
    pending += 1;
    try {
      const response = await orAborted(app.fetch(request, { call, signal }), signal);
      response.headers.set('Date', new Date(settings.clock.now() + faults.clockOffsetMs).toUTCString());
      note(call, { status: response.status });
      return response;
    } finally {
      pending -= 1;
    }
  }

  function findWaiting(method: string, code: string): Pin {
    const pin = registry.findByCode(code);
    if (!pin) throw new Error(`${method}: no live PIN has the code ${code}`);
    if (pin.verdict !== 'waiting')
      throw new Error(`${method}: the PIN with the code ${code} is ${pin.verdict} already`);
    return pin;
  }

  const emulator: Omit<PlexEmulator, 'accountToken'> = {
    async fetch(input, init = {}) {
      // The signal stays out of the Request: each would hang one more listener of its own on it, for good.
      const { signal = input instanceof Request ? input.signal : null, ...rest } = init;
      const response = await answer(new Request(input, rest), signal ?? undefined);
      return signal ? breakOnAbort(response, signal) : response;
    },
    handle: (request) => answer(request, request.signal),
    link: (code) => registry.link(findWaiting('link', code)),
    deny(code) {
      findWaiting('deny', code).verdict = 'denied';
    },
    expire(pinID, options) {
      const { inMs } = readExpireOptions(options);
      const pin = registry.pins.find(({ id }) => id === pinID);
      if (!pin) throw new Error(`expire: there is no PIN with the id ${pinID}`);
      pin.expiresAtMs = Math.min(pin.expiresAtMs, settings.clock.now() + inMs);
    },
    fault: faults.add,
    requests,
    get pending() {
      return pending;
    },
    get pins() {
      return registry.pins.map((pin) => {
        const { id, code, clientIdentifier, strong, expiresAtMs } = pin;
        return { id, code, clientIdentifier, strong, state: registry.stateOf(pin), expiresAtMs };
      });
    },
  };
  // Not enumerable: a dump of the emulator shows no token.
  return Object.defineProperty(emulator as PlexEmulator, 'accountToken', { value: registry.accountToken });
}

/** Waits for an answer, but no longer than the signal allows. */
async function orAborted<T>(answer: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return answer;
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Lets an abort break the body as well, as `fetch` does. By hand: a `TransformStream` costs as much as all the rest. */
function breakOnAbort(response: Response, signal: AbortSignal): Response {
  const reader = response.body?.getReader();
  if (!reader) return response;
  let stop = () => {};
  const leave = () => signal.removeEventListener('abort', stop);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = () => {
        leave();
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      signal.addEventListener('abort', stop);
    },
    async pull(controller) {
      const part = await reader.read().finally(leave);
      if (signal.aborted) return;
      if (part.done) return controller.close();
      controller.enqueue(part.value);
      signal.addEventListener('abort', stop);
    },
    cancel(reason) {
      leave();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
