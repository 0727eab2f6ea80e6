import { createPlexEmulator } from 'plex-auth-flow/testing';
import { expect, it } from 'vitest';
import 'plex-auth-flow/element';

it.each(['popup', 'code'])('leaves a sign-in in mode %s running', async (mode) => {
  const tag = document.createElement('plex-sign-in');
  tag.setAttribute('product', 'My App');
  tag.setAttribute('mode', mode);
  tag.options = { fetch: createPlexEmulator().fetch, name: mode, opener: () => null };
  document.body.append(tag);
  const main = () => tag.shadowRoot?.getElementById('main');
  await expect.poll(() => main()?.hidden, { timeout: 10_000 }).toBe(false);
  main()?.click();
  await expect.poll(() => tag.auth?.getSnapshot().status, { timeout: 10_000 }).toBe('awaitingLink');
  // The code, its picture and its time.
  if (mode === 'code')
    await expect.poll(() => tag.shadowRoot?.getElementById('number')?.textContent).toBe('15');
});
