import { expect, it } from 'vitest';
import { toLoggedPath } from '../../../src/cli/commands/emulator.ts';

it('leaves code and query out of a logged path', () => {
  expect(toLoggedPath('http://127.0.0.1:1/api/v2/pins/qr/7RQZ', '…')).toBe('/api/v2/pins/qr/…');
  expect(toLoggedPath('http://127.0.0.1:1/link/?pin=7RQZ', '…')).toBe('/link/');
  expect(toLoggedPath('http://127.0.0.1:1/api/v2/pins/12', '…')).toBe('/api/v2/pins/12');
});
