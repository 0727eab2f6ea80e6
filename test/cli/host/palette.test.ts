import { describe, expect, it } from 'vitest';
import { createPalette, hasColor } from '../../../src/cli/host/palette.ts';

describe('colour', () => {
  const terminal = { isTTY: true };
  const pipe = {};

  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
  ])('is decided for %s', (_name, output, env, isWanted) => {
    expect(hasColor(output, env)).toBe(isWanted);
  });

  it('leaves text alone where it is not wanted', () => {
    expect(createPalette(false).bold('x')).toBe('x');
    expect(createPalette(true).bold('x')).toBe('\u001B[1mx\u001B[22m');
  });
});
