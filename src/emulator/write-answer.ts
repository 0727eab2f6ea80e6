import type { PlexContext } from './emulator-request.ts';
import { type Refusal, toErrors } from './plex-replies.ts';
import { type PlexValue, toXML } from './plex-xml.ts';

/** Writes a value as JSON or XML, whichever the client gets. */
export function answer(c: PlexContext, name: string, value: PlexValue, status = 200): Response {
  return isXMLWanted(c)
    ? toResponse('application/xml', toXML(name, value), status)
    : toResponse('application/json', JSON.stringify(value), status);
}

/**
 * Answers in the error envelope.
 *
 * @param retryAfter What `Retry-After` says: seconds, a date, or any text. Default: the header is left out.
 */
export function refuse(c: PlexContext, refusal: Refusal, retryAfter?: number | Date | string): Response {
  const errors = toErrors(refusal);
  const response = answer(c, 'errors', isXMLWanted(c) ? errors : { errors }, refusal.status);
  if (retryAfter !== undefined) {
    const value = retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter);
    response.headers.set('Retry-After', value);
  }
  return response;
}

/** Answers with a web page, whatever the client wanted. */
export function toPage(body: string, status: number): Response {
  return toResponse('text/html', body, status);
}

function toResponse(type: string, body: string, status: number): Response {
  if ([204, 205, 304].includes(status)) return new Response(null, { status });
  return new Response(body, { status, headers: { 'Content-Type': `${type}; charset=utf-8` } });
}

/** JSON only for the suffix or for exactly `application/json`, as plex.tv has it since about July 2026. */
export function isXMLWanted(c: PlexContext): boolean {
  if (c.var.asXML) return true;
  const suffix = /\.(json|xml)\/?$/.exec(c.env.call.path)?.[1];
  return suffix ? suffix === 'xml' : c.req.header('Accept') !== 'application/json';
}
