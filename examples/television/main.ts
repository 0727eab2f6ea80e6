import 'plex-auth-flow/element';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
import { emulator } from '../emulator.ts';

const screen = document.querySelector('plex-sign-in');

// An engine of its own: the code is there before anybody has pressed a button, and is renewed for an hour.
const auth = createBrowserPlexAuth({ product: 'My TV App', strong: false, renewals: 3, ...emulator });
if (screen) screen.auth = auth;
auth.start();
