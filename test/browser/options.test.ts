import { describe, expect, it } from 'vitest';
import { openWaiting } from './open-tab.ts';

describe('options', () => {
  it('takes forwardURL into the address of the consent page', async () => {
    const tab = await openWaiting({ forwardURL: 'https://app.example/signed-in' });
    const view = tab.auth.getSnapshot();
    expect('authURL' in view && view.authURL).toContain(encodeURIComponent('https://app.example/signed-in'));
  });
});
