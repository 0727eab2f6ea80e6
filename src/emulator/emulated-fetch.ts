import type { Fetch } from '../ports.ts';
import type { RequestHandler } from './request-handler.ts';
import { applyUnhandledPolicy, isForPlex, type UnhandledRequestPolicy } from './unhandled-request.ts';

/**
 * Makes a `fetch` whose requests are answered in memory.
 *
 * @param policy What becomes of a request to another host than plex.tv's or on an unknown path. Default: it is answered as
 * plex.tv would answer it.
 */
export function createEmulatedFetch(
  handler: RequestHandler,
  policy: UnhandledRequestPolicy | undefined,
): Fetch {
  // The platform's own, of now: the test is about to replace it by this one.
  const network = globalThis.fetch;
  return async (input, init = {}) => {
    // The signal stays out of the Request: each Request would leave one more listener on it, for good.
    const { signal = input instanceof Request ? input.signal : null, ...rest } = init;
    const request = new Request(input, rest);
    const goOn = () => network(request, signal ? { signal } : {});
    if (policy && !isForPlex(request.url)) return applyUnhandledPolicy(policy, request, goOn);
    const { response, isUnknown } = await handler.answer(request, signal ?? undefined);
    if (policy && isUnknown) return applyUnhandledPolicy(policy, request, goOn);
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
