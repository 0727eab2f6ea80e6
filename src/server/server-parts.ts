import { createPlexClient } from '../plex/client.ts';
import { createAuthURL, createLinkURL } from '../plex/links.ts';
import { copyOptions } from '../require-option.ts';
import { createAttemptAsker } from './ask-attempt.ts';
import { createAttemptCookie } from './attempt-cookie.ts';
import { createClaimedAttempts } from './claimed-attempts.ts';
import { paths } from './protocol.ts';
import { createReadBudget } from './read-budget.ts';
import type { RoutesContext } from './routes.ts';
import { createSealedBox } from './sealed-box.ts';
import type { ServerSettings } from './server-options.ts';

/** Puts the parts of one server together. */
export function createServerParts(
  settings: ServerSettings,
  clientIdentifier: () => Promise<string>,
  onError: (error: unknown) => void,
): RoutesContext {
  const { clock, secrets, mountURL, store, product, device, strong = true } = settings;
  const { serverURL, authAppURL, linkURL } = settings;
  const forwardURL = `${mountURL.href}${paths.callback}`;
  const plex = createPlexClient(copyOptions({ ...settings, forwardURL }));
  const toBox = (purpose: string) => createSealedBox({ secrets, clock, purpose, audience: mountURL.href });
  const asker = createAttemptAsker({
    settings,
    clientIdentifier,
    onError,
    plex,
    budget: createReadBudget(clock, settings.readsPerSecond),
    claimed: createClaimedAttempts({ clock, store, box: toBox('claimed'), onError }),
  });
  return {
    settings,
    asker,
    onError,
    cookie: createAttemptCookie(settings),
    tickets: toBox('ticket'),
    consentOrigin: new URL(createAuthURL({ ...settings, code: 'x', clientIdentifier: 'x' })).origin,
    makePin: async () => plex.getPin({ strong, clientIdentifier: await clientIdentifier() }),
    authURLOf: async (code) =>
      createAuthURL({
        product,
        device,
        authAppURL,
        code,
        forwardURL,
        clientIdentifier: await clientIdentifier(),
      }),
    linkURLOf: (code) => createLinkURL(code, linkURL),
    describeClient: async () => ({
      clientIdentifier: await clientIdentifier(),
      ...{ product, device, strong, serverURL, authAppURL, linkURL },
    }),
  };
}
