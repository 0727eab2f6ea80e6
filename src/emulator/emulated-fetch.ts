import type { Fetch } from '../ports.ts';
import type { RequestHandler } from './request-handler.ts';

/** Makes a `fetch` whose requests are answered in memory. */
export function createEmulatedFetch(handle: RequestHandler['handle']): Fetch {
  return async (input, init = {}) => {
    // The signal stays out of the Request: each Request would leave one more listener on it, for good.
    const { signal = input instanceof Request ? input.signal : null, ...rest } = init;
    const response = await handle(new Request(input, rest), signal ?? undefined);
    return signal ? breakOnAbort(response, signal) : response;
  };
}

/** Breaks the body too when the client aborts, as `fetch` does. By hand: a `TransformStream` costs as much as all the rest. */
function breakOnAbort(response: Response, signal: AbortSignal): Response {
  const reader = response.body?.getReader();
  if (!reader) return response;
  let stop = () => {};
  const removeListener = () => signal.removeEventListener('abort', stop);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      stop = () => {
        removeListener();
        controller.error(signal.reason);
        reader.cancel(signal.reason).catch(() => {});
      };
      signal.addEventListener('abort', stop);
    },
    async pull(controller) {
      const part = await reader.read().finally(removeListener);
      if (signal.aborted) return;
      if (part.done) return controller.close();
      controller.enqueue(part.value);
      signal.addEventListener('abort', stop);
    },
    cancel(reason) {
      removeListener();
      return reader.cancel(reason);
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}
