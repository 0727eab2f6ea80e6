import 'plex-auth-flow/element';
import { createBrowserPlexAuth } from 'plex-auth-flow/browser';

const screen = document.querySelector('plex-sign-in');

// Its own engine: it shows a code before anybody presses a button, and renews it for an hour.
const auth = createBrowserPlexAuth({ product: 'My TV App', strong: false, renewals: 3 });
if (screen) screen.auth = auth;
auth.start();
