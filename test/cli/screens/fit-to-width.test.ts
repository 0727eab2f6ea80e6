import { describe, expect, it } from 'vitest';
import { fitToWidth, widthOf } from '../../../src/cli/screens/fit-to-width.ts';

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
