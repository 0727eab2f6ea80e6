import { copyOptions, requireOption } from '../require-option.ts';
import type { BackendPlexAuth, BackendPlexAuthOptions } from './backend-plex-auth.ts';
import type { BrowserPlexAuthOptions } from './browser-options.ts';
import type { BrowserPlexAuth } from './browser-plex-auth.ts';
import { createBackendPlexAuth } from './create-backend-plex-auth.ts';
import { createPageAuth } from './create-page-auth.ts';

/**
 * Makes an engine for a page whose application signs users in on its server: the token never comes to the page, and
 * `authenticated` has the `user` in its place.
 *
 * It asks the server once whether somebody is signed in already. The code for that is loaded when it is needed.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createBrowserPlexAuth(options: BackendPlexAuthOptions): BackendPlexAuth;
/**
 * Makes an engine for a page: it opens the consent page, asks when the user is back, and shares a sign-in between tabs.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createBrowserPlexAuth(options: BrowserPlexAuthOptions): BrowserPlexAuth;
export function createBrowserPlexAuth(
  options: BackendPlexAuthOptions | BrowserPlexAuthOptions,
): BackendPlexAuth | BrowserPlexAuth {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const own = copyOptions(options);
  return own.backendURL === undefined
    ? createPageAuth(own as BrowserPlexAuthOptions)
    : createBackendPlexAuth(own as BackendPlexAuthOptions, () => import('../server/backend-wire.ts'));
}
