import { parseJSON } from '../json.ts';
import { copyOptions } from '../require-option.ts';

/** A body, and what it turned out to be. */
export interface ClassifiedBody {
  kind: 'JSON' | 'XML' | 'HTML' | 'invalid' | 'empty' | 'tooLarge';
  /** The parsed body of a `JSON`. */
  json?: unknown;
  /** The code in Plex's error envelope. */
  plexCode?: number | undefined;
}

/** Says what a body is. JSON counts whatever its content type says: a token may be in it. */
export function classifyBody(type: string, body: string | undefined): ClassifiedBody {
  if (body === undefined) return { kind: 'tooLarge' };
  const isMarkup = /^\s*</.test(body);
  const json = isMarkup ? undefined : withoutPrototype(parseJSON(body));
  if (json !== undefined) return { kind: 'JSON', json, plexCode: codeIn(json) };
  if (!isMarkup && !/xml|html/i.test(type)) return { kind: body ? 'invalid' : 'empty' };
  if (/html/i.test(type + body.slice(0, 100))) return { kind: 'HTML' };
  const code = /<error [^<>]*code="(\d{1,9})"/.exec(body)?.[1];
  return { kind: 'XML', plexCode: code ? Number(code) : undefined };
}

function codeIn(json: unknown): number | undefined {
  const entry = withoutPrototype((json as { errors?: unknown[] } | null)?.errors?.[0]);
  const code = (entry as { code?: unknown } | null | undefined)?.code;
  return Number.isSafeInteger(code) ? Number(code) : undefined;
}

/** Leaves out what `Object.prototype` was given: a field that Plex did not send must be missing. */
function withoutPrototype(json: unknown): unknown {
  return json && typeof json === 'object' ? copyOptions(json) : json;
}
