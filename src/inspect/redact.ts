import { createKnownValues, type KnownValues, redacted } from './known-values.ts';

/** Removes the secrets from what an inspector shows. */
export interface Redactor {
  /**
   * Copies a value as plain JSON without its secrets. Never throws.
   *
   * Hidden are `Secret` holders and what they hold, the codes and ids of PINs, client identifiers, and fields that are
   * named like a token or a password, each also where it turns up again as a text, in this value or in a later one; an id
   * as a number, too. Functions are left out. A value of any depth, breadth and length comes out bounded, cycles are cut.
   */
  redact(value: unknown): unknown;
  /**
   * The same for a machine's config, its states in their order: functions by their names, and without its context. What
   * is named like a secret is hidden only where it is a text, for a state may have such a name.
   */
  redactConfig(config: object): unknown;
}

/** What differs between an actor's data and its config. */
interface CopyRules {
  readonly mostDepth: number;
  readonly hidesObjects: boolean;
  readonly toShown: (call: { name: string }) => unknown;
}
const dataRules: CopyRules = { mostDepth: 16, hidesObjects: true, toShown: () => undefined };
const configRules: CopyRules = {
  mostDepth: 64,
  hidesObjects: false,
  toShown: ({ name }) => ({ type: name }),
};

const mostParts = 500;
/** In one value, all its parts counted. */
const mostNodes = 10_000;
const longestText = 10_000;
/** In characters, all texts of one value together. */
const mostText = 500_000;
const rest = '…';
const unreadable = '[unreadable]';

/** A value with a secret name is always hidden. It is also looked for elsewhere if it has this length or more. */
const shortestNamed = 8;
const secretNames = new Set([
  'token',
  'authtoken',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'bearertoken',
  'usertoken',
  'plextoken',
  'xplextoken',
  'authorization',
  'proxyauthorization',
  'cookie',
  'setcookie',
  'password',
  'passphrase',
  'secret',
  'clientsecret',
  'apikey',
  'clientid',
  'clientidentifier',
  'xplexclientidentifier',
  'qrurl',
  'pinid',
]);
/** A `code` next to one of these belongs to a PIN. */
const besideCode = new Set(['pinID', 'authURL', 'linkURL', 'qrURL', 'clientIdentifier']);

function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replace(/[-_ ]/g, ''));
}

/** Makes a redactor, which remembers the last 500 secrets that it came across. */
export function createRedactor(): Redactor {
  const known = createKnownValues();
  return {
    redact: (value) => hideTexts(new RedactingCopier(known, dataRules).copy(value), known),
    redactConfig(config) {
      const { context: _, ...shown } = new RedactingCopier(known, configRules).copy(config) as {
        context?: unknown;
      };
      return hideTexts(shown, known);
    },
  };
}

/** Copies what can be read, hides what has a secret name, and learns the secrets in it. */
class RedactingCopier {
  readonly #known: KnownValues;
  readonly #rules: CopyRules;
  #nodes = 0;

  constructor(known: KnownValues, rules: CopyRules) {
    this.#known = known;
    this.#rules = rules;
  }

  /** @param above The objects that the value is inside of. */
  copy(value: unknown, above: readonly object[] = []): unknown {
    if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
    if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
    if (typeof value === 'function') return this.#rules.toShown(value);
    if (typeof value !== 'object' || value === null) return value;
    if (above.includes(value)) return '[circular]';
    if (above.length >= this.#rules.mostDepth || ++this.#nodes > mostNodes) return rest;
    return attempt(() => this.#copyObject(value, [...above, value]), unreadable);
  }

  #copyObject(value: object, above: readonly object[]): unknown {
    if (isSecret(value)) {
      const token = attempt(() => (value as { reveal?: () => unknown }).reveal?.(), undefined);
      if (typeof token === 'string') this.#known.add(token);
      return redacted;
    }
    const text = textOf(value);
    if (text !== undefined) return text;
    if (Array.isArray(value)) return this.#copyList(Array.from(value.slice(0, mostParts + 1)), above);
    if (value instanceof Set) return this.#copyList([...take(value)], above);
    if (isError(value)) return this.#copyFields(errorFields(value), above);
    if (isMap(value)) return this.#copyFields([...take(value.entries())], above);
    const { toJSON } = value as { toJSON?: unknown };
    const json =
      typeof toJSON === 'function' ? attempt(() => ({ of: toJSON.call(value, '') as unknown }), {}) : {};
    if ('of' in json) return json.of === value ? unreadable : this.copy(json.of, above);
    return this.#copyFields(fieldsOf(value, Object.keys(value)), above);
  }

  #copyList(parts: unknown[], above: readonly object[]): unknown[] {
    this.#nodes += parts.length;
    return cut(parts, rest).map((part) => this.copy(part, above) ?? null);
  }

  #copyFields(fields: [unknown, unknown][], above: readonly object[]): object {
    this.#nodes += fields.length;
    const hasCode = fields.some(([name]) => besideCode.has(String(name)));
    const copies = cut<[unknown, unknown]>(fields, [rest, rest]).map(([key, value]) => {
      const name = String(key);
      return [name, this.#hideSecret(name, value, this.copy(value, above), hasCode)] as const;
    });
    return Object.fromEntries(copies.filter(([, part]) => part !== undefined));
  }

  /** @param part The copy of the value. */
  #hideSecret(name: string, value: unknown, part: unknown, hasCode: boolean): unknown {
    const isCode = hasCode && name === 'code' && typeof part === 'string';
    const isNamed = isSecretName(name) && (this.#rules.hidesObjects || typeof part !== 'object');
    if (!(isCode || isNamed) || !part || part === true) return part;
    if (typeof part === 'string' || typeof part === 'number') {
      const text = String(value);
      if (isCode || text.length >= shortestNamed) this.#known.add(text);
    }
    return redacted;
  }
}

/** Replaces the known secrets in every text and key of a copy, and cuts what is too long. */
function hideTexts(root: unknown, known: KnownValues): unknown {
  let left = mostText;

  function hidden(text: string): string {
    const most = Math.min(longestText, left);
    const isCut = text.length > most;
    const shown = isCut ? known.hide(text.slice(0, most), isCut) + rest : known.hide(text);
    left = Math.max(0, left - shown.length);
    return shown;
  }

  function hide(value: unknown): unknown {
    if (typeof value === 'string') return hidden(value);
    if (typeof value === 'number' && known.has(String(value))) return redacted;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(hide);
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [hidden(name), hide(part)]));
  }

  return hide(root);
}

/** A `Secret`, one behind a proxy, or what `structuredClone` leaves of one. */
function isSecret(value: object): boolean {
  return attempt(() => (value as { secret?: unknown }).secret === redacted, false);
}

/** Some objects are shown as a text: their parts would say too much, or spell out a secret. */
function textOf(value: object): string | undefined {
  if (value instanceof String) return value.valueOf();
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const { nodeType, nodeName } = value as Partial<Node>;
  return typeof nodeType === 'number' && typeof nodeName === 'string' ? `<${nodeName}>` : undefined;
}

/** Objects of another window are errors, too. */
function isError(value: object): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** A `Map`, or `Headers`, `URLSearchParams`, `FormData`. */
function isMap(value: object): value is { entries(): Iterable<[unknown, unknown]> } {
  return Symbol.iterator in value && 'entries' in value && typeof value.entries === 'function';
}

/** An error's name, message and own fields, without its stack. */
function errorFields(error: Error): [string, unknown][] {
  const own = Object.keys(error).filter((name) => !['name', 'message', 'stack'].includes(name));
  const more = ['cause', 'errors'].filter((name) => name in error && !own.includes(name));
  return fieldsOf(error, ['name', 'message', ...own, ...more]);
}

function fieldsOf(value: object, names: string[]): [string, unknown][] {
  const fields = value as Record<string, unknown>;
  return names.slice(0, mostParts + 1).map((name) => [name, attempt(() => fields[name], unreadable)]);
}

/** One more than is shown, so that a cut shows. */
function* take<T>(values: Iterable<T>): Iterable<T> {
  let left = mostParts + 1;
  for (const value of values) {
    yield value;
    if (--left === 0) return;
  }
}

function cut<T>(parts: T[], end: T): T[] {
  return parts.length > mostParts ? [...parts.slice(0, mostParts), end] : parts;
}

function attempt<T, E>(read: () => T, otherwise: E): T | E {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
