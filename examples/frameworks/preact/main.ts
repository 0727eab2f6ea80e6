import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { mount } from './mount.tsx';

/** The application creates the engine once; components subscribe to it and never stop it. */
const auth = createBrowserPlexAuth({ product: 'My App' });

mount(document.getElementById('app') as HTMLElement, auth);
