/** An app's test of its login screen, in node:test: node --test node-test.mjs. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertReaches, drivePlexAuth } from 'plex-auth-flow/testing';
import { mountLoginScreen } from './login-screen.mjs';

it('says that it tries again while the network is down, and welcomes the user in the end', async () => {
  const screen = { innerHTML: '' };
  const drive = await drivePlexAuth({
    mount: (auth) => mountLoginScreen(auth, screen),
    script: [
      { atMs: 40_000, untilMs: 50_000, network: 'down' },
      { atMs: 45_000, test: () => assert.match(screen.innerHTML, /Trying again/) },
      { atMs: 60_000, user: 'approve' },
    ],
  });
  assertReaches(drive, 'authenticated', { withinMs: 61_000 });
  assert.equal(screen.innerHTML, '<p>Welcome</p>');
});
