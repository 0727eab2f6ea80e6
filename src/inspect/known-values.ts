import { type DecodedText, decodeText, isWordCode } from './decode-text.ts';
import { createTextFinder, type SoughtText, type TextFinder } from './text-finder.ts';

/** Takes the place of a secret. */
export const redacted = '[redacted]';

/** Secret texts, which are hidden wherever they appear. */
export interface KnownValues {
  /** Adds a secret of 4 to 2048 characters. A shorter one would hide too much, a longer one is not a secret of ours. */
  add(value: string): void;
  has(value: string): boolean;
  /**
   * Replaces each known value, in percent-encoding or JSON or not, and whatever an address or a header calls a token. The
   * time it takes grows with the length of the text, whatever the text and the values are.
   *
   * @param isCut Whether the text went on. The beginning of a known value at its end is replaced, too.
   */
  hide(text: string, isCut?: boolean): string;
}

const shortestValue = 4;
const longestValue = 2048;
/** A value of this length or less counts only as a word of its own. */
const longestWord = 8;
/** The last ones are kept. */
const mostValues = 500;
/** In characters, all values together: a bound on what a hostile server can make us remember. */
const mostCharacters = 200_000;

const namedToken =
  /((?:\b(?:x-plex-|auth[_-]?|access[_-]?|refresh[_-]?|id[_-]?)token["']?\s?(?:=|%3D|:)|\btoken(?:=|%3D)|\bBearer)\s?["']?)(?:[^&#,;}\s"'%[]|%(?!2[0236c]|3b)[0-9a-f]{2})+/gi;

/** In characters: the most that is compared as it is. */
const longestBeginning = 19;
const beginningAndRest = /^((?:5?(?:25){0,8}[0-9a-f]{1,2})?)(.+)$/is;
/** What may be the beginning of an escape, or of more of one. */
const openEnd = /%(?:25)*[0-9a-f]?$/i;

const escapeAtEnd = /%(?:25)*[0-9a-f]{2}$/i;

/** Keeps the secrets in a closure, so that enumerating an object never shows them. */
export function createKnownValues(): KnownValues {
  /** The latest is last. */
  const values = new Set<string>();
  let characters = 0;
  /** Made when they are needed. */
  let finders: Finders | undefined;

  function forget(value: string): void {
    values.delete(value);
    characters -= value.length;
  }

  return {
    add(value) {
      if (value.length < shortestValue || value.length > longestValue || value === redacted) return;
      if (values.has(value)) forget(value);
      else finders = undefined;
      values.add(value);
      characters += value.length;
      while (values.size > mostValues || characters > mostCharacters) {
        const [oldest = ''] = values;
        forget(oldest);
      }
    },
    has: (value) => values.has(value),
    hide(text, isCut = false) {
      finders ??= createFinders(values);
      const ranges = text.length < shortestValue && !isCut ? [] : findIn(text, finders, isCut);
      return replaceRanges(text, ranges).replace(namedToken, `$1${redacted}`);
    },
  };
}

/** A form of a value, to be found in a text. */
interface Sought extends SoughtText {
  /** What stands before it, as it is. It is compared where the rest was found. */
  readonly before: string;
  readonly isWord: boolean;
}

interface Finders {
  /** Finds each value as it is written. */
  readonly plain: TextFinder<Sought>;
  /** Finds the values that an encoding changes. */
  readonly decoded: TextFinder<Sought>;
}

type Range = readonly [start: number, end: number];

function createFinders(values: ReadonlySet<string>): Finders {
  const all = [...values];
  return { plain: createTextFinder(all.flatMap(toPlain)), decoded: createTextFinder(all.flatMap(toDecoded)) };
}

/** A value as it is, and without an end that an encoding may merge with what follows. */
function toPlain(value: string): Sought[] {
  const forms = new Set([value, value.replace(openEnd, '').replace(/\\+$/, '')]);
  return [...forms]
    .filter((form) => form.length >= shortestValue)
    .map((form) => ({ before: '', characters: toCodes(form), isWord: value.length <= longestWord }));
}

/**
 * What an encoded value is once the text around it is decoded: nothing if no encoding changes it.
 *
 * What precedes a value may begin an escape that the value's first characters complete, and what follows it may complete one
 * that its last characters begin. So the first are compared as they are, and the last are left out.
 */
function toDecoded(value: string): Sought[] {
  const [, before = '', rest = ''] = beginningAndRest.exec(value.replace(openEnd, '')) ?? [];
  if (/^[A-Za-z0-9]*$/.test(value)) return [];
  return waysToRead(rest)
    .map((readsEscapes) => decodeText(rest, readsEscapes).octets)
    .filter((bytes) => bytes.length > 0 && before.length + bytes.length >= shortestValue)
    .map((characters) => ({ before, characters, isWord: value.length <= longestWord }));
}

/** Whether to read the escapes of JSON in a text: it may be a path with backslashes as well. */
function waysToRead(text: string): boolean[] {
  return /(?:\\|%(?:25)*5c)[bfnrtu]/i.test(text) ? [false, true] : [false];
}

function findIn(text: string, { plain, decoded }: Finders, isCut: boolean): Range[] {
  const ranges: Range[] = [];

  function find(
    finder: TextFinder<Sought>,
    spelled: DecodedText | undefined,
    units: ArrayLike<number>,
  ): void {
    const openStart = finder.find(units, ({ before, characters, isWord }, foundEnd) => {
      const at = foundEnd - characters.length;
      const start = before ? (spelled?.escapeStarts[at] ?? at) - before.length : (spelled?.starts[at] ?? at);
      const end = spelled?.ends[foundEnd - 1] ?? foundEnd;
      if (!text.startsWith(before, start) || (isWord && !isOwnWord(text, start, end))) return false;
      ranges.push([start, end]);
      return true;
    });
    if (!isCut || openStart === units.length) return;
    ranges.push([Math.max(0, (spelled?.starts[openStart] ?? openStart) - longestBeginning), text.length]);
  }

  find(plain, undefined, toCodes(text));
  for (const readsEscapes of waysToRead(text)) {
    const spelled = decodeText(text, readsEscapes);
    find(decoded, spelled, spelled.octets);
  }
  return ranges;
}

/** Whether no letter or digit is beside a part of the text, but for those of an escape. */
function isOwnWord(text: string, start: number, end: number): boolean {
  const isApart =
    !isWordCode(text.charCodeAt(start - 1)) ||
    escapeAtEnd.test(text.slice(Math.max(0, start - longestBeginning), start));
  return isApart && !isWordCode(text.charCodeAt(end));
}

/** Ranges that overlap are replaced as one. */
function replaceRanges(text: string, ranges: Range[]): string {
  let shown = '';
  let lastEnd = 0;
  for (const [start, end] of ranges.sort((one, other) => one[0] - other[0])) {
    if (start >= lastEnd) shown += text.slice(lastEnd, start) + redacted;
    lastEnd = Math.max(lastEnd, end);
  }
  return shown + text.slice(lastEnd);
}

function toCodes(text: string): Uint16Array {
  return Uint16Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}
