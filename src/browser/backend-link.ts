import { PlexAuthError } from '../errors.ts';
import { addForwardURL } from '../plex/links.ts';
import type { Wire } from '../ports.ts';
import { readPageURL } from '../read-page-url.ts';
import type { Secret } from '../secret.ts';
import type { BackendWire, BackendWireOptions, createBackendWire } from '../server/backend-wire.ts';
import { paths } from '../server/protocol.ts';
import type { PlexUser } from '../user.ts';
import type { SharedStore } from './shared-store.ts';

/** What the engine of a page uses in place of Plex and of a store for the token. */
export interface BackendLink {
  readonly wire: Wire;
  /** The server's session: an engine finds it as it finds credentials that another tab has stored. Nothing is stored. */
  readonly session: SharedStore;
  userOf(token: Secret): PlexUser;
  cancelAttempt(): void;
}

/** Gives the code that asks the server: at once, or once it is loaded. */
export type LoadBackendWire = () => Promise<{ createBackendWire: typeof createBackendWire }>;

/** What {@link createBackendLink} needs. */
export interface BackendLinkOptions extends BackendWireOptions {
  readonly loadWire: LoadBackendWire;
  /** The engine's `name`. */
  readonly name: string;
  /** Called where the server could not be asked who is signed in. */
  readonly onError: (error: PlexAuthError) => void;
}

/** The page's engine has no client identifier of its own: the server has one, which only the wire knows. */
export const backendClient = 'backend';

/** Links an engine to the application's server. The code that asks the server is loaded at the first question. */
export function createBackendLink(options: BackendLinkOptions): BackendLink {
  const { backendURL, name, clock, onError } = options;
  let backend: BackendWire | undefined;

  async function load(): Promise<BackendWire> {
    if (backend) return backend;
    const module = await options.loadWire().catch((): never => {
      const message = 'The code of the sign-in could not be loaded';
      throw new PlexAuthError('PLEX_NETWORK', message, { atMs: clock.now(), retryable: true });
    });
    backend ??= module.createBackendWire(options);
    return backend;
  }

  const wire: Wire = {
    issuer: backendURL,
    getPin: async (request) => (await load()).getPin(request),
    getToken: async (request) => (await load()).getToken(request),
    getUser: async (request) => (await load()).getUser(request),
    signOut: async (request) => (await load()).signOut(request),
    // Another tab, or a script of the origin, may have made it.
    isPin: ({ authURL, linkURL, qrURL }) =>
      [authURL, linkURL, qrURL].every((url) => readPageURL(url) !== undefined),
    linksOf: ({ authURL = '', linkURL = '', qrURL }, { forwardURL = backendURL + paths.popup } = {}) => ({
      authURL: addForwardURL(authURL, forwardURL),
      linkURL,
      qrURL: qrURL ?? '',
    }),
  };
  const session: SharedStore = {
    // The last answer may be a moment old.
    lagMs: [200],
    async getItem(asked) {
      // An engine looks under the key of an earlier version, too.
      if (!asked.includes(encodeURIComponent(name))) return null;
      try {
        const token = await (await load()).session.find();
        return token && { token: token.reveal(), clientIdentifier: backendClient, serverURL: backendURL };
      } catch (error) {
        // That nobody could say who is signed in is no error of a store, and ends no session.
        onError(error as PlexAuthError);
        return null;
      }
    },
    setItem() {},
    removeItem() {},
    wasRemovedElsewhere: async () => (await load()).session.isOver(),
  };
  return {
    wire,
    session,
    // Nobody is signed in before the code is loaded.
    userOf: (token) => backend?.session.userOf(token) as PlexUser,
    cancelAttempt: () => void backend?.cancelAttempt(),
  };
}
