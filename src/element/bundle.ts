/** Everything for a page without a bundler, in one file: it defines the tag, and holds xstate and ofetch. */
import './define.ts';

export { toAsyncIterable, toEventTarget, toObservable, toPromise, toReadable } from '../adapters/index.ts';
export { createBrowserPlexAuth, finishPopup } from '../browser/index.ts';
export { createPlexAuth } from '../engine/create-plex-auth.ts';
export { signIn } from '../engine/sign-in.ts';
export { PlexAuthError } from '../errors.ts';
export { Secret } from '../secret.ts';
export { PlexSignIn } from './plex-sign-in.ts';
