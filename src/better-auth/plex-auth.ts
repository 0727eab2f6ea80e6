import type { AuthContext, BetterAuthPlugin, OAuthProvider, StrictEndpoint } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { type AccountEndpoints, createAccountEndpoints } from './account-endpoints.ts';
import { allErrorCodes } from './error-codes.ts';
import { createHandedPinHook } from './handed-pin.ts';
import { createPlexProvider } from './plex-provider.ts';
import { type PlexAuthPluginOptions, type PlexProfile, readPluginOptions } from './plugin-options.ts';
import { createPluginParts, type PluginParts } from './plugin-parts.ts';
import { showPopupPage } from './popup-page.ts';
import { type PageDescription, paths, providerID } from './protocol.ts';

/** The plugin, as better-auth and its types need it. */
export interface PlexAuthPlugin {
  id: typeof providerID;
  init(context: AuthContext): { context: { socialProviders: OAuthProvider[] } };
  endpoints: AccountEndpoints & PageEndpoints;
  hooks: NonNullable<BetterAuthPlugin['hooks']>;
  options: PlexAuthPluginOptions;
  $ERROR_CODES: typeof allErrorCodes;
}

/** What the plugin's end in the page asks. */
type PageEndpoints = {
  plexClient: StrictEndpoint<typeof paths.client, PageEndpointOptions, PageDescription>;
  plexPopup: StrictEndpoint<typeof paths.popup, PageEndpointOptions, Response>;
};

/** `server`: no method of better-auth's own client. */
interface PageEndpointOptions {
  method: 'GET';
  metadata: { scope: 'server' };
}

const pageEndpoint: PageEndpointOptions = { method: 'GET', metadata: { scope: 'server' } };

/** Where the parts are kept: a request has a copy of better-auth's context, and one plugin may serve several of them. */
const partsField = 'plexAuthFlow';

/**
 * Makes Plex a social provider of better-auth, as any other: `plugins: [plexAuth()]`, then
 * `signIn.social({ provider: 'plex' })` or, with `plexAuthClient`, `signIn.plex()`.
 *
 * A user is found by the Plex account's `uuid`. The token is stored sealed; {@link AccountEndpoints.getPlexCredentials} opens
 * it for the server's own code.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function plexAuth(options: PlexAuthPluginOptions = {}): PlexAuthPlugin {
  const settings = readPluginOptions(options);
  return {
    id: providerID,
    options,
    $ERROR_CODES: allErrorCodes,
    hooks: { before: [createHandedPinHook()] },
    init(context) {
      const parts = createPluginParts(context, settings);
      const { accountLinking } = context.options.account ?? {};
      const provider = createPlexProvider(parts, accountLinking?.allowDifferentEmails !== false);
      const socialProviders = [provider as OAuthProvider<PlexProfile & object>, ...context.socialProviders];
      return { context: { socialProviders: socialProviders as OAuthProvider[], [partsField]: parts } };
    },
    endpoints: {
      ...createAccountEndpoints(partsOf),
      plexClient: createAuthEndpoint(paths.client, pageEndpoint, async ({ context }) =>
        describe(partsOf(context), context.baseURL),
      ),
      plexPopup: createAuthEndpoint(paths.popup, pageEndpoint, async () => showPopupPage()),
    },
  };
}

function partsOf(context: AuthContext): PluginParts {
  return (context as AuthContext & { [partsField]: PluginParts })[partsField];
}

async function describe(
  { settings, product, clientIdentifier }: PluginParts,
  baseURL: string,
): Promise<PageDescription> {
  const { device, serverURL, authAppURL } = settings;
  return {
    clientIdentifier: await clientIdentifier(),
    product,
    device,
    serverURL,
    authAppURL,
    strong: true,
    baseURL,
  };
}
