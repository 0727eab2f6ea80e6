import { expect, it } from 'vitest';
import { toPrintable } from '../../../src/cli/host/printable-text.ts';

it('removes control characters from text that others wrote', () => {
  expect(toPrintable('Eve\u001B[2J\u0007\r\nil ü 日本')).toBe('Eve[2Jil ü 日本');
});
