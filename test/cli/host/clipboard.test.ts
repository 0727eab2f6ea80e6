import { expect, it } from 'vitest';
import { toClipboardCode } from '../../../src/cli/host/clipboard.ts';

it('puts text on the clipboard by OSC 52, in tmux on that of the terminal around it as well', () => {
  expect(toClipboardCode('7RQZ', false)).toBe('\u001B]52;c;N1JRWg==\u0007');
  expect(toClipboardCode('7RQZ', true)).toBe(
    '\u001B]52;c;N1JRWg==\u0007\u001BPtmux;\u001B\u001B]52;c;N1JRWg==\u0007\u001B\\',
  );
});
