import type { PlannedFault } from './plan.ts';
import { type PlexAnswer, waitForAbort } from './plex.ts';
import type { SimulatedTime } from './simulated-time.ts';

/** How a body comes in. */
export interface BodyScript {
  /** The parts of the body, and how long each takes. */
  readonly parts: readonly { readonly text: string; readonly afterMs: number }[];
  readonly end: 'close' | 'break' | 'stall';
  readonly endAfterMs: number;
}

/** Who brings a body, and who hears of it. */
export interface Carrier {
  readonly time: SimulatedTime;
  /** Breaks the body. Undefined where the network does not notice an abort. */
  readonly signal: AbortSignal | undefined;
  /** Called as the reader gets the last byte. */
  readonly onWhole: () => void;
  /** Called as the reader learns that nothing more comes. */
  readonly onEnd: () => void;
}

/** Says how a body comes in under a fault: whole or half, at once or late, to its end or not. */
export function toScript(text: string, fault: PlannedFault | undefined): BodyScript {
  const half = text.length >> 1;
  const [first, second] = [text.slice(0, half), text.slice(half)];
  const now = (part: string) => ({ text: part, afterMs: 0 });
  switch (fault?.type) {
    case 'truncated':
      return { parts: [now(text)], end: 'break', endAfterMs: 0 };
    case 'stalled':
      return { parts: [now(text)], end: 'stall', endAfterMs: 0 };
    case 'lostEnd':
      return { parts: [now(first), now(second)], end: 'break', endAfterMs: fault.ms };
    case 'stalledEnd':
      return { parts: [now(first), now(second)], end: 'stall', endAfterMs: 0 };
    case 'lateEnd':
      return { parts: [now(first), now(second)], end: 'close', endAfterMs: fault.ms };
    case 'lateHalf':
      return { parts: [now(first), { text: second, afterMs: fault.ms }], end: 'close', endAfterMs: 0 };
    default:
      return { parts: [now(first), now(second)], end: 'close', endAfterMs: 0 };
  }
}

const encoder = new TextEncoder();

/** Reads a body part by part: undefined at its end. */
type ReadPart = () => Promise<Uint8Array | undefined>;

function createPartReader({ parts, end, endAfterMs }: BodyScript, carrier: Carrier): ReadPart {
  const { time, signal, onWhole, onEnd } = carrier;
  let next = 0;

  async function wait(ms: number): Promise<void> {
    if (signal?.aborted) throw signal.reason;
    if (ms > 0 || time.isAsleep) await travel(time, ms, 'delivery', signal);
  }

  return async () => {
    const part = parts[next];
    if (part) {
      await wait(part.afterMs);
      next += 1;
      if (next === parts.length) onWhole();
      return encoder.encode(part.text);
    }
    if (end === 'stall') return waitForAbort(signal);
    await wait(endAfterMs);
    onEnd();
    if (end === 'break') throw new TypeError('terminated');
    return undefined;
  };
}

/** Waits until a moment, unless the client gives up before. */
export function travel(
  time: SimulatedTime,
  ms: number,
  waiter: 'delivery' | 'world',
  signal: AbortSignal | undefined,
): Promise<void> {
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

/** Makes the platform's own response, whose stream an abort breaks. */
export function toWebResponse(
  answer: PlexAnswer,
  script: BodyScript | undefined,
  carrier: Carrier,
): Response {
  const { status } = answer;
  const headers = [...answer.headers];
  if (!script) return new Response(null, { status, headers });
  const { signal } = carrier;
  let isWhole = false;
  const onWhole = () => {
    isWhole = true;
  };
  const read = createPartReader(script, { ...carrier, onWhole });
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        signal?.addEventListener('abort', () => controller.error(signal.reason), { once: true });
      },
      async pull(controller) {
        const part = await read();
        if (signal?.aborted) return;
        if (!part) return controller.close();
        controller.enqueue(part);
        // An abort before this takes the part back.
        if (isWhole) carrier.onWhole();
        isWhole = false;
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status, headers });
}

/** Makes what the client needs of a response, and no more: a platform's own costs ten times as much. */
export function toLightResponse(
  answer: PlexAnswer,
  script: BodyScript | undefined,
  carrier: Carrier,
): Response {
  const { status, headers } = answer;
  const read = script && createPartReader(script, carrier);
  const reader = read && {
    read: async () => {
      const value = await read();
      return { done: value === undefined, value };
    },
    cancel: () => Promise.resolve(),
  };
  const light = { status, ok: status < 300, headers, body: reader ? { getReader: () => reader } : null };
  return light as unknown as Response;
}

/** Makes a response without a stream, as React Native's is: it is there once its body is whole. */
export async function toTextResponse(
  answer: PlexAnswer,
  script: BodyScript | undefined,
  carrier: Carrier,
): Promise<Response> {
  const { status, headers } = answer;
  const read = script && createPartReader(script, { ...carrier, onWhole() {} });
  const decoder = new TextDecoder();
  let bytes = '';
  for (let part = await read?.(); part; part = await read?.())
    bytes += decoder.decode(part, { stream: true });
  async function text(): Promise<string> {
    carrier.onWhole();
    return bytes;
  }
  return { status, ok: status < 300, headers, text } as unknown as Response;
}
