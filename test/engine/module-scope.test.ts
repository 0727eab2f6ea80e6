import { afterEach, expect, it, vi } from 'vitest';
import { createPlexAuth } from '../../src/index.ts';

afterEach(() => vi.unstubAllGlobals());

/** Issue 15: Cloudflare's workers allow neither a timer, an abort controller nor a random value while a module loads. */
it('is created where nothing is allowed but to create it', () => {
  const refuse = () => {
    throw new Error('Disallowed operation called within global scope');
  };
  class RefusedController {
    constructor() {
      refuse();
    }
  }
  vi.stubGlobal('AbortController', RefusedController);
  vi.stubGlobal('setTimeout', refuse);
  vi.stubGlobal('crypto', { getRandomValues: refuse });
  vi.stubGlobal('fetch', refuse);
  const auth = createPlexAuth({ product: 'Worker' });
  expect(auth.getSnapshot().status).toBe('idle');
});

it('is disposed of before it was used', async () => {
  const auth = createPlexAuth({ product: 'Worker' });
  await auth.dispose();
  auth.start();
  expect(auth.getSnapshot().status).toBe('idle');
});
