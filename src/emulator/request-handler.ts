import { addDetails, type EmulatorRequest } from './emulator-request.ts';
import type { EmulatorState } from './emulator-state.ts';
import { addPlexPages } from './pages/plex-pages.ts';
import { createPlexRoutes } from './plex-routes.ts';

/** Answers requests and logs them. */
export interface RequestHandler {
  /** Rejects where plex.tv would drop the connection, and with the signal's reason once that is aborted. */
  answer(request: Request, signal: AbortSignal | undefined): Promise<HandledRequest>;
  /** Every request so far, oldest first. */
  readonly requests: readonly EmulatorRequest[];
  /** How many requests are not answered yet. */
  readonly pending: number;
}

/** An answer, and whether it only says that the emulator knows no such path. */
interface HandledRequest {
  readonly response: Response;
  readonly isUnknown: boolean;
}

/** Makes what answers for plex.tv: its operations and its pages. */
export function createRequestHandler(state: EmulatorState): RequestHandler {
  const { clock } = state.settings;
  const app = createPlexRoutes(state);
  addPlexPages(app, state);
  const requests: EmulatorRequest[] = [];
  let pending = 0;

  return {
    async answer(request, signal) {
      signal?.throwIfAborted();
      const url = new URL(request.url);
      const logged = toLogged(request, url, clock.now());
      requests.push(logged);
      pending += 1;
      try {
        const env = { logged, url, signal, isUnknown: false };
        const response = await withAbort(app.fetch(request, env), signal);
        const shownMs = clock.now() + state.faults.clockOffsetMs;
        response.headers.set('Date', new Date(shownMs).toUTCString());
        addDetails(logged, { status: response.status });
        return { response, isUnknown: env.isUnknown };
      } finally {
        pending -= 1;
      }
    },
    requests,
    get pending() {
      return pending;
    },
  };
}

function toLogged({ method, headers }: Request, { pathname }: URL, atMs: number): EmulatorRequest {
  const origin = headers.get('Origin');
  return { atMs, method, path: pathname, ...(origin === null ? {} : { origin }) };
}

/** Waits for an answer until the signal is aborted. */
async function withAbort<T>(answer: T | Promise<T>, signal: AbortSignal | undefined): Promise<T> {
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
