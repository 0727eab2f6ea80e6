/** An app's test of its login screen, in jest. In this folder: NODE_OPTIONS=--experimental-vm-modules npx jest. */

import { drivePlexAuth } from 'plex-auth-flow/testing';
import 'plex-auth-flow/testing/jest';
import { mountLoginScreen } from './login-screen.mjs';

it('says that it tries again while the network is down, and welcomes the user in the end', async () => {
  const screen = { innerHTML: '' };
  const drive = await drivePlexAuth({
    mount: (auth) => mountLoginScreen(auth, screen),
    script: [
      { atMs: 40_000, untilMs: 50_000, network: 'down' },
      { atMs: 45_000, test: () => expect(screen.innerHTML).toContain('Trying again') },
      { atMs: 60_000, user: 'approve' },
    ],
  });
  expect(drive).toReach('authenticated', { withinMs: 61_000 });
  expect(screen.innerHTML).toBe('<p>Welcome</p>');
});
