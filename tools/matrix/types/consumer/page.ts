/** Uses what needs a page. */
import { plexAuthClient } from 'plex-auth-flow/better-auth/client';
import {
  type BrowserPlexAuth,
  type BrowserPlexAuthOptions,
  createBrowserPlexAuth,
  finishPopup,
} from 'plex-auth-flow/browser';
import { PlexSignIn, type PlexSignInEventMap } from 'plex-auth-flow/element';
import { renderPlexSignIn } from 'plex-auth-flow/element/class';
import type { PlexSignIn as DefinedSignIn } from 'plex-auth-flow/element/define';
import type { PlexSignIn as PreactSignIn } from 'plex-auth-flow/element/preact';
import type { PlexSignIn as ReactSignIn } from 'plex-auth-flow/element/react';
import type { PlexSignIn as SolidSignIn } from 'plex-auth-flow/element/solid';
import { createPlexInspector, type InspectionMessage } from 'plex-auth-flow/inspect';

const options: BrowserPlexAuthOptions = { product: 'My App', credentials: localStorage, window };
const auth: BrowserPlexAuth = createBrowserPlexAuth(options);
export const open = (): void => void auth.startInPopup();
export const close = () => finishPopup();

const backend = createBrowserPlexAuth({ backendURL: '/auth/plex' });
const backendView = backend.getSnapshot();
export const name = backendView.status === 'authenticated' ? backendView.user.username : undefined;

const tag = document.querySelector('plex-sign-in');
tag?.addEventListener(
  'authenticated',
  ({ detail }: PlexSignInEventMap['authenticated']) => detail.clientIdentifier,
);
export const isTag = tag instanceof PlexSignIn;
export const html: Promise<string> = renderPlexSignIn({ attributes: { product: 'My App' } });
export type Same = [DefinedSignIn, PreactSignIn, ReactSignIn, SolidSignIn];

const inspector = createPlexInspector({ iframe: document.createElement('iframe') });
export const inspected = createBrowserPlexAuth({
  ...options,
  inspect: inspector.inspect,
  fetch: inspector.fetch,
});
export const kindOf = (message: InspectionMessage): string => message.type;
export const plugin = plexAuthClient();
