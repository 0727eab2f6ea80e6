import type { OAuthMappedUser } from 'better-auth';
import { type PlexClientOptions, readClientOptions } from '../plex/client-options.ts';
import { type Clock, systemClock } from '../ports.ts';
import { copyOptions, requireOption, requireType, requireURL } from '../require-option.ts';
import { type AccessLevel, requireAccess } from '../server/server-options.ts';
import type { PlexUser } from '../user.ts';

/** Who has signed in, as {@link PlexAuthPluginOptions.mapProfileToUser} and better-auth's own hooks are told. */
export interface PlexProfile extends PlexUser {
  /** What this person is to the server of the option `access`. Only where that is given. */
  access?: AccessLevel | undefined;
}

/** How better-auth signs people in with Plex. */
export interface PlexAuthPluginOptions extends Omit<PlexClientOptions, 'forwardURL' | 'product'> {
  /** The application's name, as the user reads it on the consent page. Default: better-auth's `appName`. */
  product?: string | undefined;
  /**
   * Lets in only who may use one Plex Media Server.
   *
   * `machineIdentifier` names it. `allow` lists who comes in. Default: `owner` and `member`. With `none` in it everybody does,
   * and `mapProfileToUser` is told who is what.
   */
  access?: { machineIdentifier: string; allow?: readonly AccessLevel[] | undefined } | undefined;
  /**
   * Names this installation; printable ASCII. Default: made of better-auth's `baseURL` and its oldest secret: so set it
   * before one of the two changes, or every user gets another device at Plex.
   */
  clientIdentifier?: string | undefined;
  /** How many PINs are read a second, all users together; Plex throttles each client identifier. Above 0, or `Infinity`. Default 1. */
  readsPerSecond?: number | undefined;
  /** The consent page. Default `https://app.plex.tv/auth`. */
  authAppURL?: string | undefined;
  /**
   * Makes fields of better-auth's user out of the profile. Default: name, picture and e-mail address, and that the address is
   * not verified. It cannot change whose account it is: that is the profile's `uuid`.
   */
  mapProfileToUser?: ((profile: PlexProfile) => OAuthMappedUser | Promise<OAuthMappedUser>) | undefined;
  /** True: only who has an account comes in. Default false. */
  disableSignUp?: boolean | undefined;
  /** True: a new account is made only where the sign-in asks for it by `requestSignUp`. Default false. */
  disableImplicitSignUp?: boolean | undefined;
}

/** {@link PlexAuthPluginOptions}, checked and with their defaults. */
export interface PluginSettings extends PlexAuthPluginOptions {
  clock: Clock;
  allow: readonly AccessLevel[];
  readsPerSecond: number;
}

/** @throws {TypeError} For a bad option, naming it. */
export function readPluginOptions(options: PlexAuthPluginOptions): PluginSettings {
  const own = readClientOptions(
    options as PlexAuthPluginOptions & PlexClientOptions,
  ) as PlexAuthPluginOptions;
  requireType('mapProfileToUser', own.mapProfileToUser, 'function');
  for (const name of ['disableSignUp', 'disableImplicitSignUp'] as const)
    requireType(name, own[name], 'boolean');
  requireURL('authAppURL', own.authAppURL);
  requireAccess(own.access);
  const { readsPerSecond = 1, clock = systemClock, access } = own;
  requireOption(typeof readsPerSecond === 'number' && readsPerSecond > 0, 'readsPerSecond', 'above 0');
  const allow = access?.allow ?? ['owner', 'member'];
  return copyOptions({ ...own, access: access && copyOptions(access), clock, readsPerSecond, allow });
}
