import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { findQRPicture } from '../../../src/cli/screens/qr-picture.ts';

describe('the QR picture of a screen', () => {
  const text = 'https://plex.example/link/?pin=7RQZ';
  const { data, size } = encode(text, { border: 2 });

  it('is made of spaces on black and white where there is only ASCII', () => {
    const picture = findQRPicture(text, { hasColor: true, hasUnicode: false });
    const rows = picture?.lines.map((line) =>
      [...line.matchAll(/\[48;5;(16|231)m {2}/g)].map(([, color]) => color === '16'),
    );
    expect(rows).toEqual(data);
    expect(picture?.lines.join('')).not.toMatch(/[^\0-~]/);
    expect([picture?.columns, picture?.rows]).toEqual([size * 2, size]);
  });

  it.each([true, false])(
    'has a border of two modules, or of one where there is less room: unicode %s',
    (hasUnicode) => {
      const looks = { hasColor: true, hasUnicode };
      const [wide, narrow] = [findQRPicture(text, looks), findQRPicture(text, looks, 1)];
      const scale = hasUnicode ? 1 : 2;
      expect([wide?.columns, narrow?.columns]).toEqual([size * scale, (size - 2) * scale]);
    },
  );

  it('is left out where no QR code holds the text', () => {
    const options = { hasColor: true, hasUnicode: true };
    expect(findQRPicture('x'.repeat(2953), options)?.columns).toBe(181);
    expect(findQRPicture('x'.repeat(2954), options)).toBeUndefined();
  });

  it('is left out where there is neither colour nor more than ASCII', () => {
    expect(findQRPicture(text, { hasColor: false, hasUnicode: false })).toBeUndefined();
  });
});
