import type { BetterAuthClientPlugin } from 'better-auth';
import { createOpener, openSafely } from '../browser/opener.ts';
import type { OpenedWindow } from '../ports.ts';
import { allErrorCodes, errorCodes, pageErrorCodes } from './error-codes.ts';
import { makePinHere } from './make-pin-here.ts';
import type { PlexAuthPlugin } from './plex-auth.ts';
import { type PageDescription, paths, pinField, providerID } from './protocol.ts';
import { waitForPopup } from './wait-for-popup.ts';

/** How a page begins a sign-in. Addresses are as better-auth's `signIn.social` takes them. */
export interface PlexSignInOptions {
  /** Where the user goes once signed in. Default: the application's root. Not for a popup. */
  callbackURL?: string | undefined;
  /** Where the user goes with `?error=`, if it fails. Default: better-auth's `onAPIError.errorURL`. Not for a popup. */
  errorCallbackURL?: string | undefined;
  /** Where a new user goes. Default: `callbackURL`. Not for a popup. */
  newUserCallbackURL?: string | undefined;
  /** True: an account may be made, where the plugin's option `disableImplicitSignUp` asks for that. Default false. */
  requestSignUp?: boolean | undefined;
  /**
   * True: Plex opens in a window of its own, and the page stays. Call it in a click, before any `await`: browsers open no
   * window otherwise. Where better-auth is on another origin than the page, the page itself goes to Plex.
   */
  popup?: boolean | undefined;
  /** True: nothing is opened; the answer has the address of the consent page. Default false. */
  disableRedirect?: boolean | undefined;
  /** Stops waiting for the popup. */
  signal?: AbortSignal | undefined;
}

/** How it went. In a popup `data` means that the session is there; else the page is on its way to `url`. */
export type PlexSignInAnswer =
  | { data: { url: string }; error: null }
  | { data: null; error: { code?: string; message?: string; status?: number } };

/** What the plugin adds to better-auth's client. */
export interface PlexActions {
  signIn: {
    /**
     * Signs in with Plex. The page makes the PIN, so that Plex shows the user no security alert with the server's address;
     * where it cannot, the server makes it.
     *
     * Rejects only where better-auth's own methods do, as without a network.
     */
    plex: (options?: PlexSignInOptions) => Promise<PlexSignInAnswer>;
  };
  /** Links a Plex account to the user who is signed in. As {@link PlexActions.signIn}. */
  linkPlex: (options?: PlexSignInOptions) => Promise<PlexSignInAnswer>;
}

type GetActions = NonNullable<BetterAuthClientPlugin['getActions']>;

/** The plugin of better-auth's client, for its types. */
export interface PlexAuthClientPlugin {
  id: typeof providerID;
  $InferServerPlugin: PlexAuthPlugin;
  $ERROR_CODES: typeof allErrorCodes;
  getActions(...parameters: Parameters<GetActions>): PlexActions;
}

/** Makes the page's end of `plexAuth`: `createAuthClient({ plugins: [plexAuthClient()] })`. */
export function plexAuthClient(): PlexAuthClientPlugin {
  return {
    id: providerID,
    $InferServerPlugin: {} as PlexAuthPlugin,
    $ERROR_CODES: allErrorCodes,
    getActions($fetch, $store) {
      const notify = () => $store.notify('$sessionSignal');
      const begin = (path: string) => (options?: PlexSignInOptions) =>
        beginSignIn({ $fetch, notify, path }, options);
      return { signIn: { plex: begin('/sign-in/social') }, linkPlex: begin('/link-social') };
    },
  };
}

/** What a sign-in or a link needs of better-auth's client. */
interface PageParts {
  $fetch: Parameters<GetActions>[0];
  notify: () => void;
  path: string;
}

async function beginSignIn(parts: PageParts, options: PlexSignInOptions = {}): Promise<PlexSignInAnswer> {
  const page = globalThis.window as Window | undefined;
  // At once: browsers open a window only within the click.
  const opened = options.popup ? openSafely(createOpener(page, page?.document.title ?? '')) : null;
  if (options.popup && !opened) return { data: null, error: pageErrorCodes.PLEX_POPUP_BLOCKED };
  try {
    const answer = await goToPlex(parts, options, page, opened);
    if (answer.error) opened?.close();
    return answer;
  } catch (error) {
    opened?.close();
    throw error;
  }
}

async function goToPlex(
  { $fetch, notify, path }: PageParts,
  { popup: _popup, disableRedirect = false, signal, ...given }: PlexSignInOptions,
  page: Window | undefined,
  opened: OpenedWindow | null,
): Promise<PlexSignInAnswer> {
  const described = await $fetch<PageDescription>(paths.client, { method: 'GET', throw: false });
  if (!described.data) return fail(described.error);
  const { baseURL } = described.data;
  const isSameOrigin = page?.location.origin === new URL(baseURL).origin;
  const plexPin = isSameOrigin ? await makePinHere(described.data) : undefined;
  // The page where a popup ends can report only within its origin.
  const popup = isSameOrigin ? opened : null;
  if (!popup) opened?.close();
  // Only tells the popups of one page apart. A page on plain http has no `crypto.randomUUID`.
  const id = `${Math.random()}`.slice(2);
  const ownPage = `${baseURL}${paths.popup}?id=${id}`;
  const addresses = popup && {
    callbackURL: ownPage,
    errorCallbackURL: ownPage,
    newUserCallbackURL: ownPage,
  };
  const begun = await $fetch<{ url: string }>(path, {
    method: 'POST',
    throw: false,
    body: {
      ...{ callbackURL: '/', ...given, ...addresses, provider: providerID, disableRedirect: true },
      ...(plexPin && { additionalData: { [pinField]: plexPin } }),
    },
  });
  if (!begun.data) return fail(begun.error);
  const { url } = begun.data;
  if (popup) {
    const reported = waitForPopup(id, signal);
    popup.navigate(url);
    const error = await reported;
    if (error) return fail(error);
    notify();
  } else if (!disableRedirect) page?.location.assign(url);
  return { data: { url }, error: null };
}

function fail(error: { code?: string; message?: string } | null): PlexSignInAnswer {
  return { data: null, error: error ?? errorCodes.PLEX_FAILED };
}
