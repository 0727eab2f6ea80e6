import { causeOf } from '../errors.ts';
import type { AnyFetch, Fetch } from '../ports.ts';
import type { InspectedRequest } from './message.ts';

/** What {@link createInspectedFetch} takes. */
export interface InspectedFetchOptions {
  readonly fetch: AnyFetch;
  /** The time in milliseconds. */
  now(): number;
  /** Called when a request goes out, and again when its headers or an error arrive. */
  report(request: InspectedRequest): void;
  /** Runs code that only observes, and catches whatever it throws. */
  contain(observe: () => void): void;
}

type RequestEnd = Pick<InspectedRequest, 'status' | 'fault'>;

/** Makes a `fetch` that reports each request by method, path and status only, and passes it on unchanged. */
export function createInspectedFetch({ fetch, now, report, contain }: InspectedFetchOptions): Fetch {
  const send = fetch as Fetch;
  let count = 0;

  function begin(input: Parameters<Fetch>[0], init: RequestInit | undefined): (end: RequestEnd) => void {
    const startedAtMs = now();
    const request = { number: ++count, method: methodOf(input, init), path: pathOf(input) };
    const type = `${request.method} ${request.path}`;
    report({ type, ...request });
    return (end) => {
      const durationMs = Math.max(0, now() - startedAtMs);
      report({
        type: end.status === undefined ? type : `${end.status} ${type}`,
        ...request,
        ...end,
        durationMs,
      });
    };
  }

  return async (input, init) => {
    let reportEnd = (_end: RequestEnd): void => {};
    contain(() => {
      reportEnd = begin(input, init);
    });
    try {
      const response = await send(input, init);
      contain(() => reportEnd({ status: response.status }));
      return response;
    } catch (error) {
      contain(() => reportEnd({ fault: causeOf(error).name }));
      throw error;
    }
  };
}

function methodOf(input: Parameters<Fetch>[0], init: RequestInit | undefined): string {
  const method = init?.method ?? (isRequest(input) ? input.method : 'GET');
  return method.toUpperCase();
}

/** The path without host and query, and without a PIN's id or code. */
function pathOf(input: Parameters<Fetch>[0]): string {
  const { pathname } = new URL(isRequest(input) ? input.url : input, 'http://plex');
  return pathname
    .replace(/(\/pins\/qr\/).+/, '$1{code}')
    .replace(/(\/pins\/)(?!(?:link|qr)(?:\/|$))[^/]+/, '$1{pinID}');
}

function isRequest(input: Parameters<Fetch>[0]): input is Request {
  return typeof input === 'object' && 'url' in input;
}
