import { withOwnPictures } from './people/picture-routes.ts';
import type { PlexContext } from './plex-context.ts';
import { type PlexValue, toXML } from './plex-xml.ts';
import { type Refusal, toErrors } from './refusals.ts';

/**
 * Answers with a value, as JSON or XML.
 *
 * @param name The root element, where it is XML.
 */
export function writeAnswer(c: PlexContext, name: string, value: PlexValue, status = 200): Response {
  return isXMLWanted(c)
    ? toResponse('application/xml', withOwnPictures(c.req.url, toXML(name, value)), status)
    : toResponse('application/json', withOwnPictures(c.req.url, JSON.stringify(value)), status);
}

/**
 * Answers with an error, in plex.tv's envelope.
 *
 * @param retryAfter What `Retry-After` says: seconds, a date, or any text. Default: the header is left out.
 */
export function writeRefusal(
  c: PlexContext,
  refusal: Refusal,
  retryAfter?: number | Date | string,
): Response {
  const errors = toErrors(refusal);
  const response = writeAnswer(c, 'errors', isXMLWanted(c) ? errors : { errors }, refusal.status);
  if (retryAfter !== undefined) {
    const value = retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter);
    response.headers.set('Retry-After', value);
  }
  return response;
}

/** Answers with a web page, whichever format the client asked for. */
export function writePage(body: string, status: number): Response {
  return toResponse('text/html', body, status);
}

function toResponse(type: string, body: string, status: number): Response {
  if ([204, 205, 304].includes(status)) return new Response(null, { status });
  return new Response(toStream(body), { status, headers: { 'Content-Type': `${type}; charset=utf-8` } });
}

/** A body that is there at once. Firefox needs hundreds of tasks to read a text of its own, longer than virtual time waits. */
function toStream(text: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** Whether plex.tv answers in XML: without a suffix, anything but exactly `application/json` gets it (since about July 2026). */
export function isXMLWanted(c: PlexContext): boolean {
  if (c.var.forceXML) return true;
  const suffix = /\.(json|xml)\/?$/.exec(c.env.logged.path)?.[1];
  return suffix ? suffix === 'xml' : c.req.header('Accept') !== 'application/json';
}
