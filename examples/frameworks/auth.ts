import { createBrowserPlexAuth } from 'plex-auth-flow/browser';

/** The application creates the engine once; components subscribe to it and never stop it. */
export const auth = createBrowserPlexAuth({ product: 'My App' });
