import type { AuthContext } from 'better-auth';
import { createPlexClient } from '../plex/client.ts';
import type { PlexClient } from '../plex/plex-client.ts';
import { copyOptions, requireOption } from '../require-option.ts';
import { type AskedAttempt, createClaimedAttempts } from '../server/claimed-attempts.ts';
import { createReadBudget } from '../server/read-budget.ts';
import { createSealedBox, deriveBytes } from '../server/sealed-box.ts';
import { createServerIdentifier } from '../server/server-identifier.ts';
import { createCheckCredentials } from './check-credentials.ts';
import { createMarkUsed } from './mark-used.ts';
import type { PluginSettings } from './plugin-options.ts';
import { createRedeemPin } from './redeem-pin.ts';
import { createReplaceStoredToken } from './replace-stored-token.ts';
import { createSignInCodes } from './sign-in-codes.ts';
import { createStoredTokens } from './stored-tokens.ts';

/** The parts of the plugin in one better-auth. */
export interface PluginParts
  extends Pick<ReturnType<typeof createRedeemingParts>, 'redeem' | 'codes' | 'tokens' | 'check'> {
  readonly settings: PluginSettings;
  /** The application's name. */
  readonly product: string;
  clientIdentifier(): Promise<string>;
  /** Makes a client of Plex. @param forwardURL Where Plex sends the user back to. */
  toClient(forwardURL?: string): PlexClient;
  /** An address for a user who has none at Plex. */
  toPlaceholder(uuid: string): Promise<string>;
  /** Stores a new token in the account that has the one before. Never rejects. */
  replaceStoredToken(uuid: string, accessToken: string): Promise<void>;
  /** Marks an attempt as used. @returns False if it was used before. Never rejects. */
  markUsed(attempt: AskedAttempt): Promise<boolean>;
  onError(error: unknown): void;
}

/** What is sealed here opens in no other use of the same secret. */
const audience = 'plex-auth-flow/better-auth';

/** Puts the parts together, with better-auth's own secret, address and log. @throws {TypeError} Without a `product`. */
export function createPluginParts(context: AuthContext, settings: PluginSettings): PluginParts {
  const product = settings.product ?? context.options.appName;
  requireOption(product !== undefined, 'product', 'given, here or as the appName of better-auth');
  const onError = (error: unknown) => context.logger.error('Plex sign-in', error);
  const secrets = secretsOf(context);
  const clientIdentifier = createServerIdentifier(
    {
      clientIdentifier: settings.clientIdentifier,
      secrets,
      store: undefined,
      clock: settings.clock,
      // With several hosts, better-auth knows the address only of each request.
      mountURL: new URL(context.baseURL || 'https://better-auth.invalid'),
    },
    onError,
  );
  const toClient = (forwardURL?: string) =>
    createPlexClient(copyOptions({ ...settings, product, forwardURL }));
  return {
    ...{ settings, product, clientIdentifier, toClient, onError },
    ...createRedeemingParts({ settings, secrets, clientIdentifier, plex: toClient(), onError }),
    markUsed: createMarkUsed(context, onError),
    replaceStoredToken: createReplaceStoredToken(context, onError),
    async toPlaceholder(uuid) {
      // Nobody can register it before, since nobody can guess it; and no mail ever gets to `.invalid` (RFC 2606).
      const bytes = await deriveBytes(secrets.at(-1) ?? new Uint8Array(), `placeholder ${uuid}`);
      const name = Array.from(bytes.slice(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
      return `plex-${name}@plex.invalid`;
    },
  };
}

function createRedeemingParts({
  settings,
  secrets,
  clientIdentifier,
  plex,
  onError,
}: {
  settings: PluginSettings;
  secrets: readonly Uint8Array[];
  clientIdentifier: () => Promise<string>;
  plex: PlexClient;
  onError: (error: unknown) => void;
}) {
  const { clock } = settings;
  const toBox = (purpose: string) =>
    createSealedBox({ secrets, clock, audience, purpose: `better-auth ${purpose}` });
  const redeem = createRedeemPin({
    settings,
    clientIdentifier,
    onError,
    plex,
    budget: createReadBudget(clock, settings.readsPerSecond),
    claimed: createClaimedAttempts({ clock, store: undefined, box: toBox('claimed'), onError }),
  });
  return {
    redeem,
    codes: createSignInCodes(toBox('code')),
    tokens: createStoredTokens(toBox('token')),
    check: createCheckCredentials(plex, settings),
  };
}

/** better-auth's secrets, the one in use first, the oldest last. */
function secretsOf({ secret, secretConfig }: AuthContext): readonly Uint8Array[] {
  const texts = [secret];
  if (typeof secretConfig !== 'string') {
    const { keys, currentVersion, legacySecret } = secretConfig;
    const older = [...keys].filter(([version]) => version !== currentVersion).sort(([a], [b]) => b - a);
    texts.push(...older.map(([, text]) => text), ...(legacySecret ? [legacySecret] : []));
  }
  return texts.map((text) => new TextEncoder().encode(text));
}
