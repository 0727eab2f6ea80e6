import { type PlexClientOptions, readClientOptions } from '../plex/client-options.ts';
import { type Clock, type KeyValueStore, systemClock } from '../ports.ts';
import { readPageURL } from '../read-page-url.ts';
import {
  copyOptions,
  isLoopback,
  requireMethods,
  requireObject,
  requireOption,
  requireType,
  requireURL,
  storeMethods,
} from '../require-option.ts';
import type { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';

/** What a user is to the server that the application is for. */
export type AccessLevel = 'owner' | 'member' | 'none';

/** A user who has signed in, as the application is told. */
export interface CompletedSignIn {
  /**
   * Who it is. Find your account by `id` or `uuid`; never by e-mail, name or user name: those can change hands, and then
   * another person would get the account.
   */
  user: PlexUser;
  /** The user's token, for calls to Plex. It stays on the server: never send it to a page. */
  token: Secret;
  /** Send it with the token: a token belongs to the client identifier that its PIN was made with. */
  clientIdentifier: string;
  /** Only where the option `access` names a server. */
  access?: { status: AccessLevel } | undefined;
  /** The request in which the sign-in ended. */
  request: Request;
}

/** The application's own session, made by {@link PlexAuthServerOptions.onSignIn}. */
export interface SessionResult {
  /**
   * Headers for the answer, such as `Set-Cookie`; those of a whole `Response` are fine. What the answer says of itself, such as
   * `Content-Type` and `Location`, stays as it is.
   */
  headers?: ConstructorParameters<typeof Headers>[0];
  /** Where the user goes next: an address, or a path from the root of `baseURL`'s origin. Default: where the sign-in began. */
  redirectTo?: string | undefined;
}

/** How sign-ins run on an application's server. */
export interface PlexAuthServerOptions extends Omit<PlexClientOptions, 'forwardURL' | 'product'> {
  /** The application's name, as the user reads it on the consent page. */
  product: string;
  /**
   * Encrypts the cookie of an attempt: 32 bytes or more, made once at random and kept secret. A list rotates: the first one
   * encrypts, all decrypt. Every machine needs the same list.
   */
  secret: string | Uint8Array | readonly (string | Uint8Array)[];
  /**
   * The public address of the application, or the one where the handler is mounted, such as `https://app.example/auth/plex`.
   * Without a path it is mounted at `/auth/plex`. https, or http on this machine. It alone decides where Plex sends users back
   * to: a request's `Host` is never read.
   */
  baseURL: string;
  /**
   * Makes the application's own session. Called once for each sign-in. If it throws, or has not ended after 30 seconds, nothing
   * of the sign-in is lost: the next question of the same browser calls it again.
   */
  onSignIn: (signIn: CompletedSignIn) => SessionResult | Promise<SessionResult>;
  /** Ends the application's session. Default: `/sign-out` answers 404. */
  onSignOut?: ((request: Request) => SessionResult | Promise<SessionResult>) | undefined;
  /** Says whose session a request belongs to, so that pages can ask. Default: `/session` answers 404. */
  getUser?:
    | ((request: Request) => PlexUser | undefined | null | Promise<PlexUser | undefined | null>)
    | undefined;
  /** Called when Plex has refused a token that {@link PlexAuthServer.verify} asked about: end the sessions that use it. */
  onTokenRejected?: ((rejected: { token: Secret; context: unknown }) => unknown) | undefined;
  /**
   * Lets in only who may use one Plex Media Server.
   *
   * `machineIdentifier` names it. `allow` lists who comes in. Default: `owner` and `member`. With `none` in it everybody does, and
   * `onSignIn` decides.
   */
  access?: { machineIdentifier: string; allow?: readonly AccessLevel[] | undefined } | undefined;
  /** Remembers which attempts are used up, and the client identifier. Give one where several machines share the sign-ins. Default: this process remembers. */
  store?: KeyValueStore | undefined;
  /**
   * Names this installation; printable ASCII. Default: what `store` keeps, or else made of `baseURL` and the last secret: so
   * set it before that secret goes.
   */
  clientIdentifier?: string | undefined;
  /** How many PINs are read a second, all users together; Plex throttles each client identifier. Above 0, or `Infinity`. Default 1. */
  readsPerSecond?: number | undefined;
  /** True, the default: a long code for the consent page. False: four characters to type. */
  strong?: boolean | undefined;
  /** The consent page. Default `https://app.plex.tv/auth`. */
  authAppURL?: string | undefined;
  /** The page for typing a code. Default `https://plex.tv/link`. */
  linkURL?: string | undefined;
  /**
   * Sees what went wrong inside the application's own callbacks and stores, and where Plex cannot be reached to begin.
   * Default: `console.error`. No error of this library holds a token or a code; one of your own, such as of a database, may
   * quote what it was asked to store.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** {@link PlexAuthServerOptions}, checked and with their defaults. */
export interface ServerSettings extends PlexAuthServerOptions {
  clock: Clock;
  /** Where the handler is mounted, without a slash at its end. */
  mountURL: URL;
  secrets: readonly Uint8Array[];
  allow: readonly AccessLevel[];
  readsPerSecond: number;
}

const leastSecretBytes = 32;
const defaultPath = '/auth/plex';
const accessStatuses: readonly AccessLevel[] = ['owner', 'member', 'none'];

/** @throws {TypeError} For a bad option, naming it. */
export function readServerOptions(options: PlexAuthServerOptions): ServerSettings {
  const own = readClientOptions(
    options as PlexAuthServerOptions & PlexClientOptions,
  ) as PlexAuthServerOptions;
  requireOption(own.product !== undefined, 'product', 'given');
  for (const name of ['onSignIn', 'onSignOut', 'getUser', 'onTokenRejected', 'onError'] as const)
    requireType(name, own[name], 'function');
  requireOption(own.onSignIn !== undefined, 'onSignIn', 'a function');
  requireType('strong', own.strong, 'boolean');
  requireURL('authAppURL', own.authAppURL);
  requireURL('linkURL', own.linkURL);
  requireMethods('store', own.store, storeMethods);
  const { readsPerSecond = 1, clock = systemClock } = own;
  requireOption(typeof readsPerSecond === 'number' && readsPerSecond > 0, 'readsPerSecond', 'above 0');
  requireAccess(own.access);
  return copyOptions({
    ...own,
    clock,
    mountURL: readBaseURL(own.baseURL),
    secrets: readSecrets(own.secret),
    allow: own.access?.allow ?? ['owner', 'member'],
    access: own.access && copyOptions(own.access),
    readsPerSecond,
  });
}

/** @throws {TypeError} For an `access` that names no server, or an unknown level. */
export function requireAccess(access: PlexAuthServerOptions['access']): void {
  requireObject('access', access);
  if (!access) return;
  const { machineIdentifier, allow } = access;
  const isText = typeof machineIdentifier === 'string' && machineIdentifier !== '';
  requireOption(
    isText,
    'access.machineIdentifier',
    'a text that is not empty; your media server shows it at /identity',
  );
  const isList =
    allow === undefined || (Array.isArray(allow) && allow.every((one) => accessStatuses.includes(one)));
  requireOption(isList, 'access.allow', `a list of ${accessStatuses.join(', ')}`);
}

function readBaseURL(baseURL: unknown): URL {
  const rule =
    'the public https address of the application, or http on this machine, without user, query and fragment';
  const url = readPageURL(baseURL);
  requireOption(!!url && !/[?#]/.test(url.href), 'baseURL', rule);
  requireOption(url.protocol === 'https:' || isLoopback(url.hostname), 'baseURL', rule);
  const mountURL = new URL(url.href);
  mountURL.pathname = url.pathname.replace(/\/{2,}/g, '/').replace(/\/$/, '') || defaultPath;
  return mountURL;
}

function readSecrets(secret: PlexAuthServerOptions['secret']): readonly Uint8Array[] {
  const list: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const rule = `${leastSecretBytes} bytes or more, as a text or bytes, or a list of such; \`openssl rand -hex 32\` makes one`;
  requireOption(list.length > 0, 'secret', rule);
  return list.map((one) => {
    const bytes = typeof one === 'string' ? new TextEncoder().encode(one) : one;
    const isRight = bytes instanceof Uint8Array && bytes.length >= leastSecretBytes;
    requireOption(isRight, 'secret', rule);
    return bytes.slice();
  });
}
