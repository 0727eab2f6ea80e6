import { afterEach, describe, expect, it, vi } from 'vitest';
import { hasHyperlinks, toHyperlink } from '../../../src/cli/host/hyperlinks.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** All that says something about the terminal around the test. */
const names = [
  ...['CI', 'COLORTERM', 'FORCE_COLOR', 'FORCE_HYPERLINK', 'NETLIFY', 'STY', 'TEAMCITY_VERSION', 'TERM'],
  ...['TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'TMUX', 'VTE_VERSION', 'WT_SESSION'],
];

describe('hyperlinks', () => {
  it.each([
    [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' }, true],
    [{ TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22' }, true],
    [{ VTE_VERSION: '7603' }, true],
    [{ VTE_VERSION: '4002' }, false],
    [{ WT_SESSION: 'x' }, true],
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'xterm-256color' }, false],
    [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0', TMUX: '/tmp/tmux' }, false],
    [{ TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0', STY: '1.pts-0' }, false],
    [{}, false],
  ])('are known for %j: %s', (env: Record<string, string>, isKnown) => {
    for (const name of names) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries({ TERM: 'xterm-256color', ...env })) vi.stubEnv(name, value);
    expect(hasHyperlinks({ isTTY: true })).toBe(isKnown);
    expect(hasHyperlinks({})).toBe(false);
  });

  it('wrap the text', () => {
    expect(toHyperlink('here', 'https://x.example/')).toBe(
      '\u001B]8;;https://x.example/\u001B\\here\u001B]8;;\u001B\\',
    );
  });
});
