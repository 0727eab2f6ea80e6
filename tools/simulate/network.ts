import type { Fetch } from '../../src/index.ts';
import type { Fault, PlexEmulator } from '../../src/testing/index.ts';
import type { IssuedToken, Operation, Sent } from './observed-world.ts';
import type { Journey, Plan, PlannedFault } from './plan.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** What the network reports to the world, as it happens. */
export interface NetworkWatch {
  /** A request has gone out. */
  onSent(operation: Operation, base: string, signal: AbortSignal | undefined): Sent;
  /** It has come to Plex and is being answered. */
  onArrived(sent: Sent, response: Response): void;
  /** Its answer is now the client's, or will never come. */
  onEnded(sent: Sent, response: Response | undefined): void;
  onError(sent: Sent, fault: PlannedFault): void;
  /** The token in this answer, if it carries one. */
  tokenIn(sent: Sent, text: string): IssuedToken | undefined;
  onTokenRead(token: IssuedToken): void;
}

/** Makes the way from one engine to Plex, which takes the time and the turns that the plan says. */
export function createNetwork(
  plan: Plan,
  time: SimulatedTime,
  emulator: PlexEmulator,
  watch: NetworkWatch,
): Fetch {
  const journeys = new Map(plan.journeys.map((journey) => [journey.request, journey]));
  const ordinary = { upMs: plan.latencyMs / 2, downMs: plan.latencyMs / 2 };

  /** Waits until a moment, unless the client gives up before. */
  function travel(ms: number, waiter: 'delivery' | 'world', signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = time.at(time.nowMs + ms, waiter, () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      });
      const stop = () => {
        leave();
        signal?.removeEventListener('abort', stop);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', stop);
    });
  }

  async function answer(
    input: Parameters<Fetch>[0],
    init: RequestInit,
    sent: Sent,
    journey: Journey | typeof ordinary,
  ): Promise<Response> {
    const { signal } = init;
    const fault = 'fault' in journey ? journey.fault : undefined;
    if (journey.upMs > 0) await travel(journey.upMs, 'world', signal ?? undefined);
    signal?.throwIfAborted();
    if (fault) watch.onError(sent, fault);
    const emulated = fault && toEmulatorFault(fault, time.nowMs + plan.offsetMs);
    const removeFault = emulated && emulator.fault(emulated, { operation: sent.operation });
    let response: Response;
    try {
      response = await emulator.fetch(input, init);
    } catch (error) {
      // A machine that sleeps learns of it when it wakes.
      if (time.isAsleep) await travel(0, 'delivery', signal ?? undefined);
      throw error;
    } finally {
      removeFault?.();
    }
    watch.onArrived(sent, response);
    if (fault?.type === 'status' && fault.retryAfterS)
      response.headers.set('Retry-After', `${fault.retryAfterS}`);
    const token = await findToken(sent, response, fault);
    if (journey.downMs > 0 || time.isAsleep) {
      await travel(journey.downMs, 'delivery', signal ?? undefined);
    }
    if (fault?.type === 'lost') throw new TypeError('fetch failed');
    return (
      token ?? (fault?.type === 'garbage' || fault?.type === 'drift' ? misshape(response, fault) : response)
    );
  }

  /** An answer with a token is read here and sent on, so that it is known when its last byte has been read. */
  async function findToken(
    sent: Sent,
    response: Response,
    fault: PlannedFault | undefined,
  ): Promise<Response | undefined> {
    if (sent.operation !== 'getToken' || response.status !== 200) return undefined;
    if (fault?.type === 'truncated' || fault?.type === 'stalled' || fault?.type === 'html') return undefined;
    const text = await response.text();
    const token = watch.tokenIn(sent, text);
    const shown = fault?.type === 'garbage' || fault?.type === 'drift' ? misshapeText(text, fault) : text;
    if (!token) return new Response(shown, response);
    return new Response(
      streamOf(shown, sent.signal, () => watch.onTokenRead(token)),
      response,
    );
  }

  return async (input, init = {}) => {
    // As the platform's: what is aborted already is never sent.
    init.signal?.throwIfAborted();
    const url = String(input);
    const base = url.slice(0, url.search(/\/(pins|user)/));
    const sent = watch.onSent(operationOf(url, init.method), base, init.signal ?? undefined);
    const journey = journeys.get(sent.number) ?? ordinary;
    let response: Response | undefined;
    try {
      response = await answer(input, init, sent, journey);
      return response;
    } finally {
      watch.onEnded(sent, response);
    }
  };
}

function operationOf(url: string, method: string | undefined): Operation {
  if (method === 'POST') return 'getPin';
  if (method === 'DELETE') return 'signOut';
  return url.includes('/pins/') ? 'getToken' : 'getUser';
}

/** The faults that the emulator has itself; the rest are the network's. */
function toEmulatorFault(fault: PlannedFault, plexNowMs: number): Fault | undefined {
  switch (fault.type) {
    case 'garbage':
    case 'drift':
    case 'lost':
      return undefined;
    case 'status': {
      const { retryAfterS: _, ...status } = fault;
      return status;
    }
    case 'rateLimited': {
      const retryAfter = {
        seconds: fault.seconds,
        date: new Date(plexNowMs + fault.seconds * 1000),
        nonsense: 'soon',
        nothing: undefined,
      }[fault.as];
      return { type: fault.type, ...(retryAfter !== undefined && { retryAfter }) };
    }
    default:
      return { type: fault.type };
  }
}

async function misshape(response: Response, fault: PlannedFault): Promise<Response> {
  if (!response.body) return response;
  return new Response(misshapeText(await response.text(), fault), response);
}

/** Half of it, or all of it with the fields that nobody should need in other shapes. */
function misshapeText(text: string, fault: PlannedFault): string {
  if (fault.type === 'garbage' || !text.startsWith('{')) return text.slice(0, text.length >> 1);
  const { expiresIn, ...rest } = JSON.parse(text);
  return JSON.stringify({ ...rest, expiresIn: `${expiresIn}`, location: 7, code: null });
}

/** A body in two pieces that an abort breaks, and that says when it has been read to its end. */
function streamOf(
  text: string,
  signal: AbortSignal | undefined,
  onRead: () => void,
): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  const pieces = [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)];
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
      },
      pull(controller) {
        const piece = pieces.shift();
        if (piece) return controller.enqueue(piece);
        controller.close();
        onRead();
      },
    },
    { highWaterMark: 0 },
  );
}
