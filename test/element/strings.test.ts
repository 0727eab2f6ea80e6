import { describe, expect, it } from 'vitest';
import { toTimeWords } from '../../src/element/countdown.ts';
import { languageTags, loadLanguage, pickLanguage } from '../../src/element/languages.ts';
import { fillIn, spareStrings } from '../../src/element/strings.ts';

const english = await loadLanguage('en');
const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('the languages', () => {
  it('are twelve, two of them from right to left', async () => {
    expect(languageTags).toEqual(['ar', 'de', 'en', 'es', 'fr', 'he', 'it', 'ja', 'nl', 'pl', 'pt', 'zh']);
    const texts = await Promise.all(languageTags.map(loadLanguage));
    const fromRight = languageTags.filter((_, at) => texts[at]?.direction === 'rtl');
    expect(fromRight).toEqual(['ar', 'he']);
  });

  it.each(languageTags)('%s says everything, with the same places to fill in', async (tag) => {
    const strings = await loadLanguage(tag);
    expect(Object.keys(strings)).toEqual(Object.keys(english));
    for (const [name, text] of Object.entries<string>({ ...strings })) {
      expect([name, text.trim()]).toEqual([name, text]);
      expect(text.length).toBeGreaterThan(1);
      expect([name, placesIn(text)]).toEqual([name, placesIn(english[name as keyof typeof english] ?? '')]);
    }
  });

  it.each(languageTags)(
    '%s blames nobody for a sign-in that has ended: it may be the session of a server',
    async (tag) => {
      const { ended, endedText } = await loadLanguage(tag);
      expect(ended + endedText).not.toMatch(/Plex/);
    },
  );

  it.each(languageTags)('%s has room: headings of 32 characters, texts of 90', async (tag) => {
    const strings = await loadLanguage(tag);
    for (const [name, text] of Object.entries(strings)) {
      if (name.endsWith('Text')) expect([name, text.length <= 90]).toEqual([name, true]);
      if (`${name}Text` in strings) expect([name, text.length <= 32]).toEqual([name, true]);
    }
  });

  it('can be done without: a text’s own name is read', () => {
    const { title, signIn, getCode, openPlex, popupText, enterCode } = spareStrings;
    expect([title, signIn, getCode, openPlex, popupText, enterCode]).toEqual([
      'Sign in to {product}',
      'Sign In',
      'Get Code',
      'Open Plex',
      '',
      '{link}: {code}',
    ]);
  });

  it.each([
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['fr_CA', 'fr'],
    ['ar', 'ar'],
    ['den', 'en'],
    ['ja', 'ja'],
    ['pt-BR', 'pt'],
    ['zh-Hant-TW', 'zh'],
    ['he-IL', 'he'],
    ['sv', 'en'],
    ['', 'en'],
  ])('for %s are %s', (tag, language) => {
    expect(pickLanguage(tag)).toBe(language);
  });
});

describe('filling in', () => {
  it('leaves unknown places, and takes values as they are', () => {
    expect(fillIn('{product} {other}', { product: '$& {link}' })).toBe('$& {link} {other}');
  });

  it('keeps a value together in a right-to-left text', () => {
    expect(fillIn('{code}', { code: 'A B' }, 'rtl')).toBe('\u2068A B\u2069');
  });
});

describe('a name', () => {
  it('cannot turn the rest of its sentence round', () => {
    expect(fillIn('{name} です', { name: '\u202Eadmin\u2066' })).toBe('admin です');
  });

  it('of a right-to-left script is kept together in any text', () => {
    expect(fillIn('{name} 2', { name: 'דנה' })).toBe('\u2068דנה\u2069 2');
  });
});

describe('the time left', () => {
  it.each([
    [900_000, 'en', '15 minutes', '15 min', '15', 'min'],
    [60_001, 'en', '2 minutes', '2 min', '2', 'min'],
    [60_000, 'en', '1 minute', '1 min', '1', 'min'],
    [59_999, 'en', '60 seconds', '60 sec', '60', 'sec'],
    [59_000, 'en', '59 seconds', '59 sec', '59', 'sec'],
    [1, 'en', '1 second', '1 sec', '1', 'sec'],
    [0, 'en', '0 seconds', '0 sec', '0', 'sec'],
    [120_000, 'de', '2 Minuten', '2 Min.', '2', 'Min.'],
  ])('of %i ms in %s is %s', (leftMs, language, whole, short, count, unit) => {
    expect(toTimeWords(leftMs, language)).toEqual({ whole, short, count, unit });
  });
});
