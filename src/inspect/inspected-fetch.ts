import { causeOf } from '../errors.ts';
import type { Fetch } from '../ports.ts';
import type { InspectedRequest } from './message.ts';

/** What {@link createInspectedFetch} takes. */
export interface InspectedFetchOptions {
  readonly fetch: Fetch;
  /** The time in milliseconds. */
  now(): number;
  /** Told when a request goes out, and again with the headers of its answer or with a fault. */
  tell(request: InspectedRequest): void;
  /** Runs what only watches: whatever it throws ends there. */
  contain(watch: () => void): void;
}

type RequestEnd = Pick<InspectedRequest, 'status' | 'fault'>;

/** Tells of each request, by method, path and status alone, and changes nothing about it. */
export function createInspectedFetch({ fetch, now, tell, contain }: InspectedFetchOptions): Fetch {
  let count = 0;

  function begin(input: Parameters<Fetch>[0], init: RequestInit | undefined): (end: RequestEnd) => void {
    const startedAtMs = now();
    const request = { number: ++count, method: methodOf(input, init), path: pathOf(input) };
    const type = `${request.method} ${request.path}`;
    tell({ type, ...request });
    return (end) => {
      const durationMs = Math.max(0, now() - startedAtMs);
      tell({
        type: end.status === undefined ? type : `${end.status} ${type}`,
        ...request,
        ...end,
        durationMs,
      });
    };
  }

  return async (input, init) => {
    let tellEnd = (_end: RequestEnd): void => {};
    contain(() => {
      tellEnd = begin(input, init);
    });
    try {
      const response = await fetch(input, init);
      contain(() => tellEnd({ status: response.status }));
      return response;
    } catch (error) {
      contain(() => tellEnd({ fault: causeOf(error).name }));
      throw error;
    }
  };
}

function methodOf(input: Parameters<Fetch>[0], init: RequestInit | undefined): string {
  const method = init?.method ?? (isRequest(input) ? input.method : 'GET');
  return method.toUpperCase();
}

/** The path without host and query; a PIN's id or code in it is left out. */
function pathOf(input: Parameters<Fetch>[0]): string {
  const { pathname } = new URL(isRequest(input) ? input.url : input, 'http://plex');
  return pathname
    .replace(/(\/pins\/qr\/).+/, '$1{code}')
    .replace(/(\/pins\/)(?!(?:link|qr)(?:\/|$))[^/]+/, '$1{pinID}');
}

function isRequest(input: Parameters<Fetch>[0]): input is Request {
  return typeof input === 'object' && 'url' in input;
}
