import { parseJSON } from '../json.ts';
import { copyOptions } from '../require-option.ts';

/** A body, and what it turned out to be. */
export interface ClassifiedBody {
  kind: 'JSON' | 'XML' | 'HTML' | 'invalid' | 'empty' | 'tooLarge';
  /** The parsed body of a `JSON`. */
  json?: unknown;
  /** The code in Plex's error envelope. */
  plexCode?: number | undefined;
  /** The message in Plex's error envelope, empty if there is none. Undefined if the body is no such envelope. */
  plexError?: string | undefined;
}

/** Says what a body is. JSON counts whatever its content type says: a token may be in it. */
export function classifyBody(type: string, body: string | undefined): ClassifiedBody {
  if (body === undefined) return { kind: 'tooLarge' };
  const isMarkup = /^\s*</.test(body);
  const json = isMarkup ? undefined : parseJSON(body);
  if (json !== undefined) return { kind: 'JSON', json, ...errorInJSON(json) };
  if (!isMarkup && !/xml|html/i.test(type)) return { kind: body ? 'invalid' : 'empty' };
  if (/html/i.test(type + body.slice(0, 100))) return { kind: 'HTML' };
  return { kind: 'XML', ...errorInXML(type, body) };
}

type EnvelopeError = Pick<ClassifiedBody, 'plexCode' | 'plexError'>;

/** Reads `{"errors":[{"code":1001,"message":"…","status":401}]}`. Others' lists of errors have no numbers in them. */
function errorInJSON(json: unknown): EnvelopeError {
  if (Object(json).errors === undefined) return {};
  // Copies: a field that Plex did not send must be missing, whatever `Object.prototype` was given.
  const { errors } = copyOptions(json as { errors?: unknown });
  const [entry] = Array.isArray(errors) ? errors : [];
  const { code, message, status } = copyOptions(entry as Record<string, unknown>);
  const plexCode = Number.isSafeInteger(code) ? Number(code) : undefined;
  const text = typeof message === 'string' ? message : '';
  const isEnvelope = plexCode !== undefined || (text !== '' && Number.isSafeInteger(status));
  return { plexCode, plexError: isEnvelope ? text : undefined };
}

/** Reads `<errors><error code="1001" message="…" status="401"/></errors>`. */
function errorInXML(type: string, body: string): EnvelopeError {
  const entry = /<error ([^<>]*)/.exec(body)?.[1] ?? '';
  const attribute = (name: string) => new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(entry)?.[1];
  const code = /^\d{1,9}$/.exec(attribute('code') ?? '')?.[0];
  const isEnvelope = /xml/i.test(type) && /^\s*(?:<\?xml[^<>]*>\s*)?<errors[^<>]*>\s*<error\s/.test(body);
  return {
    plexCode: code ? Number(code) : undefined,
    plexError: isEnvelope ? (attribute('message') ?? '') : undefined,
  };
}
