/** The React example, written on a server and taken over in a page whose engine is ahead of it. */
import { Window } from 'happy-dom';
import { createElement } from 'react';
import { expect, it, vi } from 'vitest';
import { SignIn } from '../../examples/frameworks/react/sign-in.tsx';
import { createBrowserPlexAuth } from '../../src/browser/index.ts';
import { createWorld } from '../fixture/create-flow.ts';

it('is hydrated without a difference while the page already has a code', async ({ onTestFinished }) => {
  const { renderToString } = await import('react-dom/server');
  // On the server there is no page.
  expect(globalThis).not.toHaveProperty('window');
  const serverAuth = createBrowserPlexAuth({ product: 'My App' });
  const html = renderToString(createElement(SignIn, { auth: serverAuth }));
  await serverAuth.dispose();
  expect(html).toContain('idle');

  const window = new Window({ url: 'https://app.example/' });
  for (const name of [
    'window',
    'document',
    'navigator',
    'HTMLElement',
    'Node',
    'Element',
    'HTMLIFrameElement',
  ] as const)
    vi.stubGlobal(name, name === 'window' ? window : window[name]);
  const { time, emulator } = createWorld();
  const auth = createBrowserPlexAuth({
    product: 'My App',
    fetch: emulator.fetch,
    clock: time.clock,
    window: undefined,
    store: undefined,
  });
  auth.start();
  await time.advance(500);
  const code = auth.getSnapshot().code;
  expect(code).toBeTruthy();

  const root = window.document.createElement('div') as unknown as HTMLElement;
  root.innerHTML = html;
  const differences: unknown[] = [];
  const error = vi.spyOn(console, 'error').mockImplementation((...told) => void differences.push(told));
  const { hydrateRoot } = await import('react-dom/client');
  const app = hydrateRoot(root, createElement(SignIn, { auth }), {
    onRecoverableError: (difference) => differences.push(difference),
  });
  onTestFinished(async () => {
    app.unmount();
    await auth.dispose();
    error.mockRestore();
    // The page stays: React's scheduler may still look at it.
  });
  await vi.waitFor(() => expect(root.textContent).toContain(code));

  emulator.link(code ?? '');
  await time.advance(3000);
  await vi.waitFor(() => expect(root.textContent).toContain('authenticated'));
  expect(root.textContent).not.toContain(code);
  expect(differences).toEqual([]);
});
