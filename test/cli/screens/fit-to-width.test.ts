import { describe, expect, it } from 'vitest';
import { fitToWidth, widthOf, wrapWords } from '../../../src/cli/screens/fit-to-width.ts';

describe('a text that is fitted to a width', () => {
  it.each([
    ['Waiting', 7, 'Waiting'],
    ['Waiting', 6, 'Waiti…'],
    ['Waiting for', 9, 'Waiting…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['👩‍👩‍👧‍👦 family', 9, '👩‍👩‍👧‍👦 family'],
    ['👩‍👩‍👧‍👦 family', 8, '👩‍👩‍👧‍👦 fami…'],
    ['Waiting', 1, '…'],
    ['Waiting', 0, ''],
  ])('cuts %s to %d columns: %s', (text, columns, fitted) => {
    expect(fitToWidth(text, columns, '…')).toBe(fitted);
    expect(widthOf(fitted)).toBeLessThanOrEqual(columns);
  });
});

describe('a text that is longer than a line', () => {
  it('is broken between words, also in a style, and a link stays whole', () => {
    const link = 'http://127.0.0.1:45113/auth#?clientID=plex-auth';
    expect(wrapWords('The QR code needs 80 columns by 31 rows', 34)).toEqual([
      'The QR code needs 80 columns by 31',
      'rows',
    ]);
    expect(wrapWords(`Open ${link} now`, 20)).toEqual(['Open', link, 'now']);
    expect(wrapWords('\u001B[33mnot plex.tv\u001B[39m', 5)).toEqual([
      '\u001B[33mnot\u001B[39m',
      '\u001B[33mplex.tv\u001B[39m',
    ]);
    expect(wrapWords('', 5)).toEqual(['']);
  });
});
