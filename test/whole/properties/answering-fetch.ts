import type { Fetch } from '../../../src/ports.ts';
import { givenThings, thrownThings } from './broken-fetch.ts';
import { bodyOf, type Delivery, headersOf, type MutatedAnswer } from './mutated-answers.ts';

/** A fetch without a network, and what was read of its answers. */
export interface AnsweringFetch {
  readonly fetch: Fetch;
  /** How many requests came. */
  readonly asked: number;
  /** How many bytes were taken out of bodies. */
  readonly readBytes: number;
}

/** Makes a fetch that answers each request with `next`, as a network would deliver it. */
export function createAnsweringFetch(next: (asked: number) => MutatedAnswer): AnsweringFetch {
  const seen = { asked: 0, readBytes: 0 };
  return {
    get asked() {
      return seen.asked;
    },
    get readBytes() {
      return seen.readBytes;
    },
    fetch(_input, init) {
      const answer = next(seen.asked);
      seen.asked += 1;
      const { delivery } = answer;
      if (delivery.how === 'throws') throw thrownThings[delivery.thrown]();
      if (delivery.how === 'rejects') return Promise.reject(thrownThings[delivery.thrown]());
      if (delivery.how === 'noResponse') return Promise.resolve(givenThings[delivery.given]() as Response);
      const signal = init?.signal ?? undefined;
      if (delivery.how === 'noAnswer') return untilAborted(delivery.minds ? signal : undefined);
      const hasBody = ![204, 205, 304].includes(answer.status);
      const count = (size: number) => {
        seen.readBytes += size;
      };
      const body = hasBody ? toBody(bodyOf(answer), delivery, signal, count) : null;
      const response = new Response(body, { status: answer.status, headers: headersOf(answer) });
      if (delivery.how === 'locked') response.body?.getReader();
      return Promise.resolve(response);
    },
  };
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** Whether there is an answer at all, a whole one or a part. */
export function isDelivered({ how }: Delivery): boolean {
  return !['rejects', 'throws', 'noResponse', 'noAnswer'].includes(how);
}

/** Whether an answer comes to its end. */
export function isComplete({ how }: Delivery): boolean {
  return how === 'whole' || how === 'parts' || how === 'slowParts';
}

function toBody(
  bytes: Uint8Array,
  delivery: Delivery,
  signal: AbortSignal | undefined,
  count: (size: number) => void,
): BodyInit {
  if (delivery.how === 'textParts')
    return new ReadableStream({ start: (controller) => controller.enqueue('{"id":1}') });
  const parts = partsOf(bytes, delivery);
  const minds = delivery.how !== 'stalls' || delivery.minds;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      if (minds) signal?.addEventListener('abort', () => fail(controller, signal.reason), { once: true });
    },
    async pull(controller) {
      if (delivery.how === 'slowParts' || delivery.how === 'endlessEmpty') await new Promise(setImmediate);
      if (signal?.aborted && minds) return;
      const { value, done } = parts.next();
      if (!done) {
        count(value.length);
        controller.enqueue(value);
      } else if (delivery.how === 'breaks') controller.error(thrownThings.reset());
      else if (delivery.how === 'stalls') await new Promise(() => {});
      else controller.close();
    },
  });
}

function fail(controller: ReadableStreamDefaultController, reason: unknown): void {
  controller.error(reason);
}

function* partsOf(bytes: Uint8Array, delivery: Delivery): Generator<Uint8Array> {
  switch (delivery.how) {
    case 'parts':
    case 'slowParts': {
      const { sizes } = delivery;
      // Parts of a few bytes at the start, then ever larger: all odd places, and an end in sight.
      for (let from = 0, index = 0; from < bytes.length; index++) {
        const size = (sizes[index % sizes.length] ?? 1) * (index < 40 ? 1 : 50) + (index < 40 ? 0 : index);
        yield bytes.slice(from, from + size);
        from += size;
      }
      return;
    }
    case 'breaks':
    case 'stalls':
      yield bytes.slice(0, delivery.at % (bytes.length + 1));
      return;
    case 'endless':
      for (;;) yield new Uint8Array(delivery.size).fill(0x20);
    case 'endlessEmpty':
      for (;;) yield new Uint8Array();
    default:
      yield bytes;
  }
}
