import type { PlexAuthVerification } from '../engine/plex-auth.ts';
import type { BackendAuthView } from '../view.ts';
import type { BrowserPlexAuthOptions } from './browser-options.ts';
import type { BrowserPlexAuth } from './browser-plex-auth.ts';

/** What the server decides, and describes to the page. */
export const serverOptions = [
  'wire',
  'clientIdentifier',
  'credentials',
  'device',
  'serverURL',
  'allowInsecureRequests',
  'authAppURL',
  'linkURL',
  'forwardURL',
] as const;

/** How a sign-in runs in a page whose application signs users in on its server. Only `backendURL` is required. */
export interface BackendPlexAuthOptions
  extends Omit<BrowserPlexAuthOptions, 'backendURL' | 'product' | (typeof serverOptions)[number]> {
  /**
   * Where the application's server has mounted the handler of `createPlexAuthServer`, such as `/auth/plex`: of the page's own
   * origin, since the cookies go nowhere else.
   */
  backendURL: string;
  /** Shown in the popup until the code is there. Plex shows what the server calls itself. Default: the page's host. */
  product?: string | undefined;
  /** True: a long code for the consent page. False: four characters to type. Default: what the server says. */
  strong?: boolean | undefined;
  /**
   * Names the application. Tabs of one origin with the same name, backend and `strong` share one sign-in. Default: the
   * address of the backend.
   */
  name?: string | undefined;
}

/** An engine as {@link BrowserPlexAuth}, whose token stays on the application's server. */
export interface BackendPlexAuth extends Omit<BrowserPlexAuth, 'getSnapshot' | 'subscribe' | 'verify'> {
  /** Gives the current view: the same object until something changes. */
  getSnapshot: () => BackendAuthView;
  /**
   * Calls `listener` after each change, with the new view.
   *
   * @param onEnd Called once, when the engine is disposed of.
   * @returns A function that ends the subscription.
   */
  subscribe: (listener: (view: BackendAuthView) => void, onEnd?: () => void) => () => void;
  /**
   * Asks the server whose session it is. Never rejects: a session that has ended leads to `expired`, an outage changes
   * nothing. Where the application does not say whose session it is, the user counts who has signed in here.
   */
  verify: () => Promise<PlexAuthVerification>;
}
