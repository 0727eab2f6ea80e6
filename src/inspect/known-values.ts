/** Takes the place of a secret. */
export const redacted = '[redacted]';

/** Secret texts, which are hidden wherever they appear. */
export interface KnownValues {
  /** Adds a secret of 4 to 2048 characters. A shorter one would hide too much, a longer one is not a secret of ours. */
  add(value: string): void;
  has(value: string): boolean;
  /** Replaces each known value, percent-encoded or not, and whatever an address or a header calls a token. */
  hide(text: string): string;
  /** The most characters that one value can take up in a text. */
  readonly longest: number;
}

const shortestValue = 4;
const longestValue = 2048;
/** A value of this length or less counts only as a word of its own. */
const longestWord = 8;
/** The last ones are kept. */
const mostValues = 500;
/** A character of three bytes of UTF-8 takes this many if it is percent-encoded twice. */
const longestForm = 15;

const namedToken =
  /((?:\b(?:x-plex-|auth[_-]?|access[_-]?|refresh[_-]?|id[_-]?)token["']?\s?(?:=|%3D|:)|\btoken(?:=|%3D)|\bBearer)\s?["']?)(?:[^&#,;}\s"'%[]|%(?!2[0236c]|3b)[0-9a-f]{2})+/gi;

/** Keeps the secrets in a closure, so that enumerating an object never shows them. */
export function createKnownValues(): KnownValues {
  /** Each value with the pattern that finds it in any encoding, made when it is first needed. The latest value is last. */
  const patterns = new Map<string, RegExp | undefined>();
  /** The longest first, so that no value hides a part of another. */
  let values: string[] = [];
  let longest = 0;

  function patternOf(value: string): RegExp {
    const pattern = patterns.get(value) ?? new RegExp(toSource(value), 'g');
    patterns.set(value, pattern);
    return pattern;
  }

  return {
    get longest() {
      return longest;
    },
    add(value) {
      if (value.length < shortestValue || value.length > longestValue || value === redacted) return;
      const isNew = !patterns.has(value);
      const pattern = patterns.get(value);
      patterns.delete(value);
      patterns.set(value, pattern);
      if (!isNew) return;
      const [oldest = ''] = patterns.keys();
      if (patterns.size > mostValues) patterns.delete(oldest);
      values = [...patterns.keys()].sort((one, other) => other.length - one.length);
      longest = Math.max(longest, value.length * longestForm);
    },
    has: (value) => patterns.has(value),
    hide(text) {
      let hidden = text;
      const isEncoded = /[%+\\]/.test(text);
      for (const value of values) {
        if (value.length > hidden.length || !(isEncoded || hidden.includes(value))) continue;
        hidden = hidden.replace(patternOf(value), redacted);
      }
      return hidden.replace(namedToken, `$1${redacted}`);
    },
  };
}

function toSource(value: string): string {
  const source = Array.from(value, toCharacterSource).join('');
  return value.length > longestWord ? source : `(?<=^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2})${source}(?![A-Za-z0-9])`;
}

/** A character as it is, escaped for JSON, or percent-encoded any number of times. */
function toCharacterSource(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character;
  const bytes = Array.from(new TextEncoder().encode(character), (byte) => {
    const hex = byte.toString(16).padStart(2, '0');
    return `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
  });
  const plain = `\\\\*${character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')}`;
  return `(?:${plain}|${bytes.join('')}${character === ' ' ? '|\\+' : ''})`;
}
