import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { emulator } from '../emulator.ts';

/** The application creates the engine once; components subscribe to it and never stop it. */
export const auth = createBrowserPlexAuth({ product: 'My App', ...emulator });
