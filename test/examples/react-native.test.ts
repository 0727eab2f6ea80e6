/** The screen of the React Native example, with elements of a page in place of the phone's. */
import { createElement, type ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { expect, it, vi } from 'vitest';
import { createApprovedFlow } from '../fixture/approved-flow.ts';

const world = createApprovedFlow();

vi.mock('react-native', () => ({
  View: ({ children }: { children: ReactNode }) => createElement('div', null, children),
  Text: ({ children }: { children: ReactNode }) => createElement('p', null, children),
  Button: ({ title }: { title: string }) => createElement('button', { type: 'button' }, title),
}));
vi.mock('../../examples/react-native/plex-auth.js', () => ({
  createAppAuth: () => world.auth,
  signIn: () => {},
}));

it('can be cancelled as long as the sign-in runs, before there is a code too', async () => {
  // @ts-expect-error The example has no types.
  const { App } = await import('../../examples/react-native/app.jsx');
  const buttons = () =>
    Array.from(
      renderToString(createElement(App)).matchAll(/<button[^>]*>(.*?)<\/button>/g),
      ([, title]) => title,
    );
  const shown: Record<string, unknown> = { idle: buttons() };
  world.auth.subscribe(({ status }) => {
    shown[status] = buttons();
  });
  await world.run();
  expect(shown).toEqual({
    idle: ['Sign in with Plex'],
    requestingPin: ['Sign in with Plex', 'Cancel'],
    awaitingLink: ['Sign in with Plex', 'Cancel'],
    fetchingToken: ['Sign in with Plex', 'Cancel'],
    authenticated: ['Sign out'],
  });
});
