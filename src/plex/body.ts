import { parseJSON } from '../json.ts';

/** In bytes. Documented answers are far smaller. */
const longestBody = 1_000_000;

/** A body, and what it turned out to be. */
export interface ClassifiedBody {
  kind: 'JSON' | 'XML' | 'HTML' | 'invalid' | 'empty' | 'tooLarge';
  /** The parsed body of a `JSON`. */
  json?: unknown;
  /** The code in Plex's error envelope. */
  plexCode?: number | undefined;
}

/** Reads a body as text. Returns undefined once it exceeds 1 MB, and stops reading. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null | undefined,
): Promise<string | undefined> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    length += part.value.length;
    if (length > longestBody) {
      await reader.cancel();
      return undefined;
    }
  }
  return text + decoder.decode();
}

/** Says what a body is. JSON counts whatever its content type says: a token may be in it. */
export function classifyBody(type: string, body: string | undefined): ClassifiedBody {
  if (body === undefined) return { kind: 'tooLarge' };
  const isMarkup = /^\s*</.test(body);
  const json = isMarkup ? undefined : parseJSON(body);
  if (json !== undefined) return { kind: 'JSON', json, plexCode: codeIn(json) };
  if (!isMarkup && !/xml|html/i.test(type)) return { kind: body ? 'invalid' : 'empty' };
  if (/html/i.test(type + body.slice(0, 100))) return { kind: 'HTML' };
  const code = /<error [^<>]*code="(\d{1,9})"/.exec(body)?.[1];
  return { kind: 'XML', plexCode: code ? Number(code) : undefined };
}

function codeIn(json: unknown): number | undefined {
  const code = (json as { errors?: { code?: unknown }[] } | null)?.errors?.[0]?.code;
  return Number.isSafeInteger(code) ? Number(code) : undefined;
}
