import { expect, it } from 'vitest';
import { toLinkPage } from '../../../src/cli/screens/link-page.ts';

it('leaves the code out of the page to type it on', () => {
  expect(toLinkPage('https://plex.tv/link/?pin=7RQZ')).toBe('https://plex.tv/link');
});
