import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKnownValues } from '../../src/inspect/known-values.ts';
import { createTextFinder } from '../../src/inspect/text-finder.ts';
import { runsOf } from '../whole/properties/seed.ts';

const hidden = '[redacted]';

/** What is left of a text where some values are known. */
function hide(text: string, ...values: string[]): string {
  const known = createKnownValues();
  for (const value of values) known.add(value);
  return known.hide(text);
}

const encodings: Record<string, (text: string) => string> = {
  percent: encodeURIComponent,
  'small letters': (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  form: (text) => `${new URLSearchParams({ q: text })}`.slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'slashes escaped': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  // Go escapes these, PHP and Python everything that is no ASCII.
  'code points': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replace(/[&<>=\x7f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
};

describe('a known value', () => {
  const value = 'q"\\/é &=tok+\n%25.END';

  it.each(Object.keys(encodings).flatMap((first) => Object.keys(encodings).map((second) => [first, second])))(
    'is hidden in %s within %s',
    (first = '', second = '') => {
      const text = encodings[second]?.(encodings[first]?.(value) ?? '') ?? '';
      expect(hide(`left ${text} right`, value)).toBe(`left ${hidden} right`);
    },
  );

  it('is hidden in twelve encodings, one in another', () => {
    let text = value;
    for (let level = 0; level < 6; level++) text = encodeURIComponent(JSON.stringify(text));
    expect(hide(text, value)).not.toMatch(/tok|END/);
  });

  it.each([
    ['a percent sign and a hexadecimal digit', '100%', '2f/secret.value'],
    ['a percent sign', 'LIKE %25', '2f/secret.value'],
    ['backslashes', 'C:\\', 'new/secret.value'],
  ])('is hidden after %s, with which it would be another escape', (_name, before, secret) => {
    for (const encode of [(text: string) => text, encodeURIComponent])
      expect(hide(before + encode(secret), secret)).not.toContain('secret.value');
  });

  it.each(['secret.value%', 'secret.value%2', 'secret.value%25', 'secret.value%2525'])(
    'is hidden where what follows completes an escape: %s',
    (secret) => {
      for (const encode of [(text: string) => text, encodeURIComponent])
        expect(hide(`${encode(secret)}2F41`, secret)).not.toContain('secret.value');
    },
  );

  it('is hidden as a whole where it overlaps with another', () => {
    expect(hide('see abcdefghijklmno here', 'abcdefghij', 'fghijklmno')).toBe(`see ${hidden} here`);
  });

  it('is hidden where a text is cut within it', () => {
    const known = createKnownValues();
    known.add('2f/secret.value');
    expect(known.hide('this is 2f%2Fsecret', true)).not.toContain('secret');
    expect(known.hide('this is all', true)).toBe('this is all');
  });

  it('that is a short word and part of a longer one hides no other word', () => {
    expect(hide('xAB3K AB3K %3DAB3K AB3Kx', 'AB3K')).toBe(`xAB3K ${hidden} %3D${hidden} AB3Kx`);
    expect(hide('code%25253DAB3K', 'AB3K')).toBe(`code%25253D${hidden}`);
    expect(hide('see xy.AB3K', 'y.AB3K', 'AB3K')).toBe(`see xy.${hidden}`);
  });
});

describe('the time it takes to hide', () => {
  const repeat = (text: string) => text.repeat(Math.ceil(10_000 / text.length)).slice(0, 10_000);
  const hostile = [
    '\\',
    '%',
    '%25',
    '%5C',
    '\\u005c',
    '\\n',
    'a',
    'a\\',
    '"\\',
    '25',
    '%2',
    '+ ',
    'é',
    '\\%5C',
  ];

  it('grows with the text, whatever the text and the values are made of', () => {
    const startedAtMs = performance.now();
    for (const unit of hostile) {
      const known = createKnownValues();
      for (const other of hostile) {
        for (const length of [6, 8, 40, 2040]) known.add(`${repeat(other).slice(0, length)}END`);
        for (const length of [6, 2000]) known.add(`"${repeat(unit + other).slice(0, length)}END`);
      }
      for (const other of hostile) known.hide(repeat(unit + other));
    }
    // About one second. One text in a pattern that goes back takes longer than anybody waits.
    expect(performance.now() - startedAtMs).toBeLessThan(20_000);
  }, 60_000);

  it('is that of one look at each character', () => {
    const finder = createTextFinder(
      ['a', 'aa', 'aab', `${'a'.repeat(100)}b`].map((text) => ({ characters: Buffer.from(text) })),
    );
    let looks = 0;
    const characters = new Proxy(Buffer.from('a'.repeat(1000)), {
      get(target, name) {
        if (name !== 'length') looks += 1;
        return Reflect.get(target, name, target);
      },
    });
    let finds = 0;
    finder.find(characters, () => {
      finds += 1;
      return true;
    });
    expect([looks, finds]).toEqual([1000, 1000]);
  });
});

describe('what earlier versions hid', () => {
  /** The pattern of version 0.1.0. It takes exponential time where a value holds backslashes in a row. */
  function patternOf(value: string): RegExp {
    const source = Array.from(value, (character) => {
      if (/[A-Za-z0-9]/.test(character)) return character;
      const bytes = Array.from(new TextEncoder().encode(character), (byte) => {
        const hex = byte.toString(16).padStart(2, '0');
        return `%(?:25)*${hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)}`;
      });
      const plain = `\\\\*${character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')}`;
      return `(?:${plain}|${bytes.join('')}${character === ' ' ? '|\\+' : ''})`;
    }).join('');
    const word = `(?<=^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2})${source}(?![A-Za-z0-9])`;
    return new RegExp(value.length > 8 ? source : word, 'g');
  }

  const part = fc.constantFrom(
    'a',
    'F',
    '2',
    '5',
    '41',
    '%',
    '%2',
    '25',
    '\\',
    '/',
    '"',
    ' ',
    '+',
    'é',
    'u',
    'n',
    'z',
  );
  const text = (most: number) => fc.array(part, { maxLength: most }).map((parts) => parts.join(''));
  /** Decoded it is long enough to be looked for. */
  const isLong = (value: string) =>
    value.replace(/%(?:25)*[0-9a-f]?$|\\/gi, '').replace(/%(?:25)*[0-9a-f]{2}/gi, '.').length >= 4;
  const secret = text(14).filter((value) => value.length >= 4 && !/\\\\/.test(value) && isLong(value));
  const encoded = fc.array(
    fc.constantFrom<(text: string) => string>(
      encodeURIComponent,
      (plain) => JSON.stringify(plain).slice(1, -1),
      (plain) => plain.replaceAll(' ', '+'),
    ),
    { maxLength: 3 },
  );

  const countOf = (part: string, all: string) => all.split(part).length - 1;

  it('is hidden still', () => {
    fc.assert(
      fc.property(secret, text(6), text(6), encoded, (value, left, right, layers) => {
        const whole = left + layers.reduce((plain, encode) => encode(plain), value) + right;
        const known = createKnownValues();
        known.add(value);
        const shown = known.hide(whole);
        const finds = [...whole.matchAll(patternOf(value))].map(([found]) => found);
        // A short one may also be there as a part of a longer word, which stays.
        for (const find of finds) {
          const rest = countOf(find, whole) - finds.filter((other) => other === find).length;
          expect(countOf(find, shown)).toBeLessThanOrEqual(rest);
        }
      }),
      runsOf(20_000),
    );
  }, 600_000);
});
