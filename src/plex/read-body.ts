/** In bytes, or in characters where `fetch` gives text. Documented answers are far smaller. */
const longestBody = 1_000_000;

/** A response as the fetches in use give it. Only the platform's has all of this. */
export interface LooseResponse {
  status: number;
  headers?: unknown;
  body?: unknown;
  text?: () => Promise<string>;
  json?: () => Promise<unknown>;
}

/** Says what a response lacks to be read. */
export function missingIn(response: LooseResponse | undefined): string | undefined {
  if (typeof response?.status !== 'number') return 'a status';
  const { status, body, text, json } = response;
  const isReadable = isStreamed(response) || typeof (text ?? json) === 'function';
  return isReadable || (status === 204 && !body) ? undefined : 'a stream as its body, text() or json()';
}

/** Whether the body comes part by part. If not, the whole of it was here before `fetch` returned. */
export function isStreamed({ body }: LooseResponse): boolean {
  return isWebStream(body) || isIterable(body);
}

/**
 * Reads a body to its end.
 *
 * @param onText Called with all the text so far, after each part.
 * @returns Undefined once the body exceeds 1 MB; the rest is not read.
 * @throws What the stream throws if the body breaks off.
 */
export async function readBody(
  response: LooseResponse,
  onText: (text: string) => void,
): Promise<string | undefined> {
  let decoder: TextDecoder | undefined;
  let text = '';
  let length = 0;
  for await (const part of partsOf(response)) {
    const isText = typeof part === 'string';
    length += isText ? part.length : part.byteLength;
    if (length > longestBody) return undefined;
    if (!isText) decoder ??= new TextDecoder();
    text += isText ? part : decoder?.decode(part, { stream: true });
    onText(text);
  }
  return text + (decoder?.decode() ?? '');
}

/** Gives a body part by part, in whichever way it can be read: React Native's has no stream, node-fetch's is a Node stream. */
async function* partsOf(response: LooseResponse): AsyncGenerator<Uint8Array | string> {
  const { body } = response;
  if (isWebStream(body)) yield* readParts(body.getReader());
  else if (isIterable(body)) yield* body;
  else if (response.text) yield await response.text();
  else if (response.json) yield JSON.stringify(await response.json());
}

async function* readParts(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    // After an end or an error this does nothing.
    reader.cancel().catch(() => {});
  }
}

function isWebStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as Partial<ReadableStream> | null)?.getReader === 'function';
}

function isIterable(body: unknown): body is AsyncIterable<Uint8Array | string> {
  return typeof (body as Partial<AsyncIterable<string>> | null)?.[Symbol.asyncIterator] === 'function';
}
