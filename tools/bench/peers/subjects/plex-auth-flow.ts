/** An engine per sign-in, as docs/options.md creates it. */
import { createPlexAuth, type PlexAuth } from 'plex-auth-flow';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, intervalMs, onToken, onError }) => {
  const engines = new Map<string, PlexAuth>();
  return {
    start(clientIdentifier) {
      const auth = createPlexAuth({
        product: 'Bench',
        clientIdentifier,
        serverURL: `${origin}/api/v2`,
        polling: { intervalMs },
        // Without jitter, so that what is late is late.
        random: () => 0,
      });
      auth.subscribe((view) => {
        if (view.status === 'authenticated') onToken(clientIdentifier, view.token.reveal());
        if (view.status === 'failed') onError(clientIdentifier, view.error);
        if (view.status === 'expired') onError(clientIdentifier, new Error(view.reason));
      });
      engines.set(clientIdentifier, auth);
      auth.start();
    },
    check: (clientIdentifier) => engines.get(clientIdentifier)?.check(),
  };
};
