import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { createPlexEmulator } from 'plex-auth-flow/testing';
import { expect, it } from 'vitest';

it('leaves an engine running, and one that was disposed of', async () => {
  const engines = ['kept', 'ended'].map((name) =>
    createBrowserPlexAuth({ product: 'My App', name, fetch: createPlexEmulator().fetch }),
  );
  for (const auth of engines) {
    auth.start();
    await expect.poll(() => auth.getSnapshot().status, { timeout: 10_000 }).toBe('awaitingLink');
  }
  // Not before the page is gone.
  setTimeout(() => void engines[1]?.dispose(), 0);
});
