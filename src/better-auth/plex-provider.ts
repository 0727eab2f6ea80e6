import type { OAuth2Tokens, OAuth2UserInfo, OAuthProvider } from 'better-auth';
import { APIError, getOAuthState } from 'better-auth/api';
import { isPlexAuthError } from '../errors.ts';
import { createAuthURL } from '../plex/links.ts';
import { copyOptions } from '../require-option.ts';
import type { HandedPin } from '../server/protocol.ts';
import { errorCodes, type PlexSignInCode } from './error-codes.ts';
import { findHandedPin } from './handed-pin.ts';
import type { PlexProfile } from './plugin-options.ts';
import type { PluginParts } from './plugin-parts.ts';
import { providerID } from './protocol.ts';

/** better-auth keeps a sign-in for this long, in milliseconds. */
const stateLifeMs = 600_000;

/**
 * Where `validateAuthorizationCode` hands on what it has found out, a {@link SignInResult}, in better-auth's tokens. It cannot
 * throw: whatever it throws, better-auth makes `invalid_code` of it.
 */
const resultField = 'plexAuthFlow';

/** Who has signed in, or why nobody has. */
type SignInResult = PlexProfile | PlexSignInCode;

/**
 * Makes the social provider.
 *
 * @param canDifferInEmail Whether an account may be linked that has another e-mail address at Plex.
 */
export function createPlexProvider(
  parts: PluginParts,
  canDifferInEmail: boolean,
): OAuthProvider<PlexProfile> {
  const { settings, codes, tokens, redeem, check, markUsed, replaceStoredToken } = parts;
  const { disableSignUp, disableImplicitSignUp } = settings;
  const toUser = createToUser(parts, canDifferInEmail);
  return {
    id: providerID,
    name: 'Plex',
    accountSubject: ({ profile }) => profile.uuid,
    createAuthorizationURL: createBegin(parts),
    async validateAuthorizationCode({ code, codeVerifier }) {
      const attempt = await codes.open(code, codeVerifier);
      if (!attempt) return toFailed('PLEX_WRONG_CODE');
      const redeemed = await redeem(attempt);
      if (redeemed.status === 'failed') return toFailed(redeemed.code);
      if (!(await markUsed(attempt))) return toFailed('PLEX_EXPIRED');
      const { credentials, profile } = redeemed;
      const accessToken = await tokens.seal(credentials);
      if (profile.uuid) await replaceStoredToken(profile.uuid, accessToken);
      return { accessToken, raw: { [resultField]: profile } };
    },
    async getUserInfo(given) {
      const result = (given.raw?.[resultField] as SignInResult | undefined) ?? (await checkStored(given));
      if (result === undefined) return null;
      if (typeof result === 'string') throw await toFailure(result);
      try {
        return { user: await toUser(result), data: result };
      } catch (error) {
        // An answer of the application, such as a redirect, is passed on.
        if (error instanceof APIError) throw error;
        parts.onError(error);
        return null;
      }
    },
    ...(disableImplicitSignUp !== undefined && { disableImplicitSignUp }),
    options: copyOptions({ disableSignUp }),
  };

  /** For better-auth's `/account-info`. @returns Undefined for a token that is not good, or none. */
  async function checkStored({ accessToken }: OAuth2Tokens): Promise<SignInResult | undefined> {
    const credentials = accessToken ? await tokens.open(accessToken) : undefined;
    const checked = credentials && (await check(credentials));
    if (checked?.status === 'valid') return checked.profile;
    if (checked?.status === 'noAccess') return 'PLEX_NO_ACCESS';
    return checked?.status === 'unknown' ? 'PLEX_UNAVAILABLE' : undefined;
  }
}

function toFailed(code: PlexSignInCode): OAuth2Tokens {
  return { raw: { [resultField]: code } };
}

/** Makes what begins a sign-in: the PIN is the page's, or is made here. */
function createBegin({
  settings,
  product,
  clientIdentifier: findIdentifier,
  toClient,
  codes,
  onError,
}: PluginParts) {
  const { clock, device, authAppURL } = settings;
  const begin: OAuthProvider<PlexProfile>['createAuthorizationURL'] = async ({
    state,
    codeVerifier,
    redirectURI,
  }) => {
    const clientIdentifier = await findIdentifier();
    const pin = (await findHandedPin()) ?? (await makePin(redirectURI, clientIdentifier));
    const { pinID, code } = pin;
    const expiresAtMs = clock.now() + Math.min(pin.expiresInMs, stateLifeMs);
    const forwardURL = new URL(redirectURI);
    forwardURL.searchParams.set('state', state);
    const sealed = await codes.seal({ id: crypto.randomUUID(), pinID, code, expiresAtMs }, codeVerifier);
    forwardURL.searchParams.set('code', sealed);
    return new URL(
      createAuthURL({ code, clientIdentifier, product, device, authAppURL, forwardURL: forwardURL.href }),
    );
  };
  return begin;

  async function makePin(forwardURL: string, clientIdentifier: string): Promise<HandedPin> {
    try {
      return await toClient(forwardURL).getPin({ strong: true, clientIdentifier });
    } catch (error) {
      onError(error);
      if (!isPlexAuthError(error)) throw error;
      throw new APIError('SERVICE_UNAVAILABLE', errorCodes.PLEX_UNAVAILABLE);
    }
  }
}

/** Makes what turns a profile into better-auth's user. */
function createToUser({ settings, toPlaceholder }: PluginParts, canDifferInEmail: boolean) {
  return async (profile: PlexProfile): Promise<OAuth2UserInfo> => {
    const { friendlyName, title, username, thumb, uuid } = profile;
    const user = {
      name: friendlyName || title || username,
      email: profile.email || (await toPlaceholder(uuid)),
      // Plex does not say whether it has verified an address: see docs/better-auth.md.
      emailVerified: false,
      ...(thumb && { image: thumb }),
      ...(await settings.mapProfileToUser?.(profile)),
    };
    const link: { email: string; encryptedSessionToken?: string } | undefined = (await getOAuthState())?.link;
    // Only since 1.7.16 better-auth ends a link with the session that began it. Before, it alone decides by the address.
    if (link?.encryptedSessionToken === undefined) return user;
    // Who links is signed in, so that no address has to prove anything, and none is stored.
    return { ...user, emailVerified: true, email: canDifferInEmail ? link.email : user.email };
  };
}

/** Sends the user to better-auth's error page, with a code; outside a sign-in it is an error as any. */
async function toFailure(code: PlexSignInCode): Promise<APIError> {
  const errorURL = (await getOAuthState())?.errorURL;
  if (errorURL === undefined) {
    const status = code === 'PLEX_NO_ACCESS' ? 'FORBIDDEN' : 'SERVICE_UNAVAILABLE';
    return new APIError(status, errorCodes[code]);
  }
  const [, address = '', hash = ''] = /^([^#]*)(.*)$/s.exec(errorURL) ?? [];
  const query = `${address.includes('?') ? '&' : '?'}error=${code.toLowerCase()}`;
  return new APIError('FOUND', undefined, { Location: address + query + hash });
}
