import type { PlexAuthError } from '../errors.ts';
import type { AttemptAnswer, ErrorAnswer } from './protocol.ts';

/** Headers of an answer, beside those that every answer has. */
export interface AnswerHeaders {
  cookies?: readonly string[];
  /** What the application adds. */
  session?: HeadersInit | undefined;
  /** Others. */
  more?: Record<string, string>;
}

/** No answer is kept anywhere: each is about one browser at one moment. */
const everyHeader = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

/** What says how an answer is to be read. Only the answer itself can know it. */
const answersOwn = [
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'location',
  'refresh',
  // About one connection. HTTP/2 has none of them: Node would send no answer at all, and the session would be lost.
  'connection',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'upgrade',
];

/**
 * Makes the headers of an answer. Several cookies of one answer are all kept.
 *
 * An application may give the headers of a whole `Response`: those that are the answer's own stay as they are.
 */
export function toHeaders({ cookies = [], session, more }: AnswerHeaders): Headers {
  const headers = new Headers({ ...everyHeader, ...more });
  const own = new Set([...headers.keys(), ...answersOwn]);
  for (const [name, value] of new Headers(session)) if (!own.has(name)) headers.append(name, value);
  for (const cookie of cookies) headers.append('Set-Cookie', cookie);
  return headers;
}

/** Takes the body off an answer to `HEAD`. */
export function withoutBodyOfHead({ method }: Request, response: Response): Response {
  if (method !== 'HEAD') return response;
  void response.body?.cancel();
  return new Response(null, response);
}

export function answerJSON(value: object, status = 200, headers: AnswerHeaders = {}): Response {
  const more = { 'Content-Type': 'application/json; charset=utf-8', ...headers.more };
  return new Response(JSON.stringify(value), { status, headers: toHeaders({ ...headers, more }) });
}

export function answerNothing(headers: AnswerHeaders): Response {
  return new Response(null, { status: 204, headers: toHeaders(headers) });
}

/** Sends a browser to another page, with `GET`. */
export function redirectTo(address: string, headers: AnswerHeaders = {}): Response {
  const more = { Location: address, ...headers.more };
  return new Response(null, { status: 303, headers: toHeaders({ ...headers, more }) });
}

/** @param policy What the page may do beside showing itself, as a Content-Security-Policy. */
export function answerPage(
  html: string,
  policy: string,
  headers: AnswerHeaders = {},
  status = 200,
): Response {
  const more = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': `default-src 'none'; base-uri 'none'; frame-ancestors 'none'; ${policy}`,
    'X-Frame-Options': 'DENY',
    ...headers.more,
  };
  return new Response(html, { status, headers: toHeaders({ ...headers, more }) });
}

/** What is wrong with a request. `code` is a word for programs. */
export function refuse(
  status: number,
  code: string,
  message: string,
  more?: Record<string, string>,
): Response {
  return answerJSON(
    { status: 'failed', error: { code, message, retryable: false } },
    status,
    more ? { more } : {},
  );
}

const statusOf: Partial<Record<PlexAuthError['code'], number>> = {
  PLEX_NO_ACCESS: 403,
  PLEX_NO_ATTEMPT: 404,
  PLEX_UNEXPECTED: 500,
  PLEX_TIMEOUT: 504,
  PLEX_RATE_LIMITED: 503,
};

/** @returns The HTTP status for an answer about an attempt. */
export function httpStatusOf(answer: AttemptAnswer): number {
  return answer.status === 'failed' ? (statusOf[answer.error.code] ?? 502) : 200;
}

/** What a page is told about an error: no cause, which is the server's own. */
export function toErrorAnswer({ code, message, retryable, retryAfterMs }: PlexAuthError): ErrorAnswer {
  return { code, message, retryable, retryAfterMs };
}
