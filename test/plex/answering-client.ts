import { inspect } from 'node:util';
import type { Fetch } from '../../src/index.ts';
import {
  createPlexClient,
  PlexAuthError,
  type PlexCallOptions,
  type PlexClient,
  type PlexClientOptions,
} from '../../src/plex/client.ts';

export interface Asked {
  method: string;
  origin: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: string;
  redirect: RequestRedirect;
}

export type Answer = (asked: Asked, signal: AbortSignal | null | undefined) => Response | Promise<Response>;

/** A fetch that writes down what it is asked. The last answer serves for all that follow. */
function createRecorder(...answers: Answer[]): { fetch: Fetch; asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    async fetch(input, init = {}) {
      const { signal, ...rest } = init;
      const request = new Request(input, rest);
      const { origin, pathname, searchParams } = new URL(request.url);
      const one: Asked = {
        method: request.method,
        origin,
        path: pathname,
        query: Object.fromEntries(searchParams),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
        redirect: request.redirect,
      };
      asked.push(one);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? (() => json(200, goodPin));
      return answer(one, signal);
    },
  };
}

/** One good reply, as plex-wire.md shows it. */
export const goodPin = {
  id: 308667304,
  code: '7RQZ',
  product: '0',
  trusted: false,
  qr: 'https://plex.tv/api/v2/pins/qr/7RQZ',
  clientIdentifier: 'tv',
  location: { code: 'NL', city: 'Breda', postal_code: '4814', coordinates: '51.5869, 4.7471' },
  expiresIn: 876,
  createdAt: '2024-07-16T17:03:05Z',
  expiresAt: '2024-07-16T17:18:05Z',
  authToken: null,
  newRegistration: null,
};

export const goodUser = { id: 1, uuid: '6c1f', username: 'ada', title: 'Ada', email: 'ada@example.com' };

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return text(status, JSON.stringify(body), 'application/json; charset=utf-8', headers);
}

export function text(
  status: number,
  body: string,
  type: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(body, { status, headers: { 'Content-Type': type, ...headers } });
}

export function refused(
  status: number,
  code: number | undefined,
  headers: Record<string, string> = {},
): Response {
  const error = { ...(code !== undefined && { code }), message: 'No', status };
  return json(status, { errors: [error] }, headers);
}

export const page = '<!DOCTYPE html><html><body>Log in to the hotel</body></html>';

export const without = <T extends object>(value: T, field: string): object =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== field));

/** A client `tv` whose every request gets these answers. */
export function createClient(...answers: Answer[]): { client: PlexClient; asked: Asked[] } {
  return createClientWith({}, ...answers);
}

export function createClientWith(
  options: PlexClientOptions,
  ...answers: Answer[]
): { client: PlexClient; asked: Asked[] } {
  const { fetch, asked } = createRecorder(...answers);
  return { client: createPlexClient({ clientIdentifier: 'tv', fetch, ...options }), asked };
}

export async function errorIn(work: Promise<unknown>): Promise<PlexAuthError> {
  const outcome = await work.catch((error: unknown) => error);
  if (outcome instanceof PlexAuthError) return outcome;
  throw new Error(`No PlexAuthError, but ${inspect(outcome)}`);
}

export const getPin = (client: PlexClient, call: PlexCallOptions = {}) => client.getPin(call);

export const getToken = (client: PlexClient, call: PlexCallOptions = {}) =>
  client.getToken({ pinID: 7, ...call });

export const unreachable: Answer = () => {
  throw new TypeError('fetch failed', {
    cause: Object.assign(new Error('no route'), { code: 'ENETUNREACH' }),
  });
};

/** A body that breaks off after `start`. */
export function broken(start: string): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode(start)),
    pull: (controller) =>
      controller.error(
        new TypeError('terminated', {
          cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
        }),
      ),
  });
}

/** A body that stops after `start` and never ends. */
export function stalled(start: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(start)) });
}
