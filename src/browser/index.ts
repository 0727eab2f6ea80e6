export type { BackendAuthView } from '../view.ts';
export type { BackendPlexAuth, BackendPlexAuthOptions } from './backend-plex-auth.ts';
export type { BrowserPlexAuthOptions } from './browser-options.ts';
export type { BrowserPlexAuth, PageOpening } from './browser-plex-auth.ts';
export { createBrowserPlexAuth } from './create-browser-plex-auth.ts';
export { type FinishPopupOptions, finishPopup } from './finish-popup.ts';
