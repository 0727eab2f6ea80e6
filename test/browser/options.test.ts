import { describe, expect, it } from 'vitest';
import type { BrowserPlexAuthOptions } from '../../src/browser/create-browser-plex-auth.ts';
import { openTab, openWaiting } from './open-tab.ts';

describe('options', () => {
  it.each([
    ['opener', 5],
    ['name', ''],
    ['window', 'w'],
    ['window', {}],
    ['polling', 5],
    ['polling.adjustDelayMs', 5],
    ['credentials', {}],
    ['forwardURL', '/signed-in'],
    ['forwardURL', 'https://other.example/signed-in'],
  ])('refuses a bad %s, naming it', (name, value) => {
    const [outer = '', inner] = name.split('.');
    const bad = { [outer]: inner ? { [inner]: value } : value };
    expect(() => openTab(bad as Partial<BrowserPlexAuthOptions>)).toThrow(new RegExp(`: ${name} must be`));
  });

  it('takes forwardURL into the address of the consent page', async () => {
    const tab = await openWaiting({ forwardURL: 'https://app.example/signed-in' });
    const view = tab.auth.getSnapshot();
    expect('authURL' in view && view.authURL).toContain(encodeURIComponent('https://app.example/signed-in'));
  });
});
