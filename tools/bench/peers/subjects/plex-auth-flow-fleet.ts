/** All sign-ins of a process in one fleet, as docs/fleet.md creates it. */
import { createPlexFleet } from 'plex-auth-flow/fleet';
import type { CreateSubject } from '../../subject.ts';

export const createSubject: CreateSubject = ({ origin, intervalMs, onToken, onError }) => {
  const fleet = createPlexFleet({
    product: 'Bench',
    serverURL: `${origin}/api/v2`,
    polling: { intervalMs },
    // Without jitter, so that what is late is late.
    random: () => 0,
    requestsPerSecond: Number.POSITIVE_INFINITY,
    connections: 64,
  });
  const readEvents = async () => {
    for await (const { id, view } of fleet.events) {
      if (view.status === 'authenticated') onToken(id, view.token.reveal());
      if (view.status === 'expired') onError(id, new Error(view.reason));
    }
  };
  void readEvents();
  return {
    start(clientIdentifier) {
      fleet
        .start({ id: clientIdentifier, clientIdentifier })
        .catch((error: unknown) => onError(clientIdentifier, error));
    },
    check: fleet.check,
  };
};
