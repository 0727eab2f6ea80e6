import type { FetchAnswer } from '../ports.ts';

/** In bytes, or in characters where `fetch` gives text. Documented answers are far smaller. */
export const longestBody = 1_000_000;

/** Says what a response lacks to be read. */
export function missingIn(response: FetchAnswer | undefined): string | undefined {
  if (typeof response?.status !== 'number') return 'a status';
  const { status, body, text, json } = response;
  const isReadable = isStreamed(response) || typeof (text ?? json) === 'function';
  return isReadable || (status === 204 && !body) ? undefined : 'a stream as its body, text() or json()';
}

/** Whether the body comes part by part. If not, the whole of it was here before `fetch` returned. */
export function isStreamed({ body }: FetchAnswer): boolean {
  return isWebStream(body) || isIterable(body);
}

/**
 * Reads a body to its end, in whichever way `fetch` gives it: React Native's has no stream, node-fetch's is a Node stream.
 *
 * @param onText Called with all the text so far, after each part.
 * @returns Undefined once the body exceeds 1 MB; the rest is not read.
 * @throws What the stream throws if the body breaks off.
 */
export async function readBody(
  response: FetchAnswer,
  onText: (text: string) => void,
): Promise<string | undefined> {
  const parts = partsOf(response.body);
  if (!parts) {
    const text = (response.text ? await response.text() : JSON.stringify(await response.json?.())) ?? '';
    if (text.length > longestBody) return undefined;
    onText(text);
    return text;
  }
  let decoder: TextDecoder | undefined;
  let text = '';
  let length = 0;
  for (let part = await parts.next(); !part.done; part = await parts.next()) {
    const { value } = part;
    const isText = typeof value === 'string';
    length += isText ? value.length : value.byteLength;
    if (length > longestBody) {
      Promise.resolve(parts.return?.()).catch(() => {});
      return undefined;
    }
    if (!isText) decoder ??= new TextDecoder();
    text += isText ? value : decoder?.decode(value, { stream: true });
    onText(text);
  }
  return text + (decoder?.decode() ?? '');
}

/** Gives the parts of a stream. By hand: older browsers cannot iterate their own streams, nor Hermes run async generators. */
function partsOf(body: unknown): AsyncIterator<Uint8Array | string, unknown> | undefined {
  if (isWebStream(body)) {
    const reader = body.getReader();
    return {
      next: () => reader.read() as Promise<IteratorResult<Uint8Array>>,
      return: async () => ({ done: true, value: await reader.cancel() }),
    };
  }
  return isIterable(body) ? body[Symbol.asyncIterator]() : undefined;
}

function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as Partial<ReadableStream> | null)?.getReader === 'function';
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof (body as Partial<AsyncIterable<string>> | null)?.[Symbol.asyncIterator] === 'function';
}
